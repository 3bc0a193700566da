-- What the last sweep of the repository itself left marked, and what it found lacking.
SELECT (summary ->> 'waitingBytes')::bigint AS marked, (summary ->> 'incomplete')::int AS incomplete
FROM hub.job_run
WHERE job = 'backup.sweep' AND state = 'succeeded' AND NOT dry_run
  AND coalesce(params ->> 'copy', '') = '' AND coalesce(params ->> 'source', '') = ''
ORDER BY finished_at DESC LIMIT 1
