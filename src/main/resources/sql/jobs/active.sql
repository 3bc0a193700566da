-- The run that holds an exclusive key, or waits for it.
SELECT id FROM hub.job_run
WHERE exclusive_key = :exclusiveKey AND state IN ('queued', 'running')
ORDER BY queued_at LIMIT 1
