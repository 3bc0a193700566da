-- Per source, in the repository itself: whether its last retention would remove nothing, and said why.
SELECT DISTINCT ON (params ->> 'source') params ->> 'source' AS source, summary ->> 'refused' IS NOT NULL AS refused
FROM hub.job_run
WHERE job = 'retention.snapshots' AND state = 'succeeded' AND NOT dry_run AND params ->> 'source' IS NOT NULL
  AND coalesce(params ->> 'copy', '') = ''
ORDER BY params ->> 'source', finished_at DESC
