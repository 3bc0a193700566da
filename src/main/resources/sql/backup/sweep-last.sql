-- What the last sweep of the repository itself left marked, and what it found lacking.
SELECT (summary ->> 'waitingBytes')::bigint AS marked, (summary ->> 'incomplete')::int AS incomplete
FROM hub.job_run WHERE job = 'backup.sweep' AND state = 'succeeded' AND coalesce(params ->> 'copy', '') = ''
ORDER BY queued_at DESC LIMIT 1
