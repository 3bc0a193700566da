-- Answers that no repeat is given any more. Repeat-safe.
DELETE FROM hub.publication
WHERE created_at < now() - make_interval(secs => CAST(:keepMs AS double precision) / 1000)
