-- The run that holds an exclusive key, or waits for it. Not backfill and made-up fires that only wait: a fresh run
-- goes before them.
SELECT id FROM hub.job_run
WHERE exclusive_key = :exclusiveKey
  AND (state = 'running' OR (state = 'queued' AND NOT catch_up AND trigger_kind <> 'backfill'))
ORDER BY queued_at LIMIT 1
