-- The leases of the given kinds at a place that other runs have, oldest first. A source and snapshot narrow it.
SELECT l.run_id, r.job, l.kind, l.source, l.snapshot, l.since
FROM hub.repository_lease l JOIN hub.job_run r ON r.id = l.run_id
WHERE l.place = :place AND l.kind IN (:kinds) AND l.run_id <> :run
  AND (CAST(:source AS text) IS NULL OR l.source = :source)
  AND (CAST(:snapshot AS text) IS NULL OR l.snapshot = :snapshot)
ORDER BY l.id
