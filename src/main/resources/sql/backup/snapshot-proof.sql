-- Takes the newest drill's result, as it lies beside the snapshot, into the catalogue.
UPDATE hub.snapshot
SET checked_at = :at, verified = :verified, check_detail = :detail, rto_ms = CAST(:rtoMs AS bigint)
WHERE source = :source AND id = :id
