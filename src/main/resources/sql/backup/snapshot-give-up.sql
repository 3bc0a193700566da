-- Forgets a snapshot that was never published, once its run has ended. Repeat-safe.
DELETE FROM hub.snapshot s
WHERE source = :source AND id = :id AND NOT published
  AND NOT EXISTS (SELECT FROM hub.job_run r WHERE r.id = s.run_id AND r.state IN ('queued', 'running'))
