-- Per copy and source: whether the last retention there would remove nothing, and said why.
SELECT DISTINCT ON (1, 2) params ->> 'copy' AS copy, params ->> 'source' AS source,
       summary ->> 'refused' IS NOT NULL AS refused
FROM hub.job_run
WHERE job = 'retention.snapshots' AND state = 'succeeded' AND NOT dry_run AND params ->> 'copy' <> ''
ORDER BY 1, 2, finished_at DESC
