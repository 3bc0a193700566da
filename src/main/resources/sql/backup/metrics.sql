-- Per source, configured or with snapshots: its newest snapshot (imported dumps are none: they must not
-- hide that backups stopped), when it was proven and read, what is
-- known to be damaged, and how its last backup and drill ended. in: the configured names, with commas.
WITH snapshot AS NOT MATERIALIZED (SELECT * FROM hub.snapshot WHERE published)
SELECT o.source, n.taken, n.row_count, n.plain_bytes, n.stored_bytes, n.new_bytes,
       (SELECT extract(epoch FROM max(drilled_at)) FROM snapshot s WHERE s.source = o.source AND s.verified) AS proven,
       (SELECT extract(epoch FROM max(read_at)) FROM snapshot s WHERE s.source = o.source AND s.intact) AS read,
       (SELECT s.rto_ms / 1000.0 FROM snapshot s WHERE s.source = o.source AND s.rto_ms IS NOT NULL
        ORDER BY s.drilled_at DESC NULLS LAST LIMIT 1) AS rto,
       (SELECT count(DISTINCT chunk) FROM hub.damaged_chunk d WHERE d.source = o.source) AS damaged_chunks,
       (SELECT count(*) FROM snapshot s
        WHERE s.source = o.source AND (NOT s.verified OR NOT s.intact)) AS damaged_snapshots,
       backup.outcome AS backup_outcome, drill.outcome AS drill_outcome
FROM (SELECT unnest(string_to_array(:sources, ',')) AS source UNION SELECT source FROM snapshot) o
LEFT JOIN LATERAL (
  SELECT extract(epoch FROM taken_at) AS taken, row_count, plain_bytes, stored_bytes, new_bytes
  FROM snapshot s WHERE s.source = o.source AND s.kind <> 'sql' ORDER BY taken_at DESC LIMIT 1) n ON true
LEFT JOIN LATERAL (
  SELECT CASE state WHEN 'succeeded' THEN 1 ELSE 0 END AS outcome FROM hub.job_run r
  WHERE r.job = 'backup.postgres' AND coalesce(r.params ->> 'copy', '') = ''
    AND coalesce(r.params ->> 'source', '') = o.source
    AND r.state IN ('succeeded', 'failed') AND NOT r.dry_run
  ORDER BY finished_at DESC LIMIT 1) backup ON true
LEFT JOIN LATERAL (
  SELECT CASE state WHEN 'succeeded' THEN 1 ELSE 0 END AS outcome FROM hub.job_run r
  WHERE r.job = 'backup.drill' AND coalesce(r.params ->> 'copy', '') = ''
    AND coalesce(r.params ->> 'source', '') = o.source
    AND r.state IN ('succeeded', 'failed') AND NOT r.dry_run
  ORDER BY finished_at DESC LIMIT 1) drill ON true
