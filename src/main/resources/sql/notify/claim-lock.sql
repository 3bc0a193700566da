-- One hub at a time claims a target's deliveries: rates and bundles are counted on what is committed.
SELECT pg_try_advisory_xact_lock(hashtextextended('notify/' || :target, 0))
