-- What the last sweep left marked, and what it found lacking.
SELECT (summary ->> 'waitingBytes')::bigint AS marked, (summary ->> 'incomplete')::int AS incomplete
FROM hub.job_run WHERE job = 'backup.sweep' AND state = 'succeeded'
ORDER BY queued_at DESC LIMIT 1
