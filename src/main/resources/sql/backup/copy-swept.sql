-- Per copy: what its last sweep left marked, and what it found lacking.
SELECT DISTINCT ON (1) params ->> 'copy' AS copy, (summary ->> 'waitingBytes')::bigint AS marked,
       (summary ->> 'incomplete')::int AS incomplete
FROM hub.job_run
WHERE job = 'backup.sweep' AND state = 'succeeded' AND params ->> 'copy' <> ''
ORDER BY 1, queued_at DESC
