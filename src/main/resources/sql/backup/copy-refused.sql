-- Per copy and source: whether the last retention there would remove nothing, and said why. in: the configured names,
-- with commas.
SELECT c.copy, s.source, last.refused
FROM unnest(string_to_array(:copies, ',')) c(copy) CROSS JOIN unnest(string_to_array(:sources, ',')) s(source)
CROSS JOIN LATERAL (
  SELECT summary ->> 'refused' IS NOT NULL AS refused FROM hub.job_run r
  WHERE r.job = 'retention.snapshots' AND r.state = 'succeeded' AND NOT r.dry_run
    AND coalesce(r.params ->> 'copy', '') = c.copy AND coalesce(r.params ->> 'source', '') = s.source
  ORDER BY finished_at DESC LIMIT 1) last
