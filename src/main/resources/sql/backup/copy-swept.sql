-- Per copy: what its last sweep left marked, and what it found lacking. in: the configured names, with commas.
SELECT c.copy, last.marked, last.incomplete
FROM unnest(string_to_array(:copies, ',')) c(copy)
CROSS JOIN LATERAL (
  SELECT (summary ->> 'waitingBytes')::bigint AS marked, (summary ->> 'incomplete')::int AS incomplete
  FROM hub.job_run r
  WHERE r.job = 'backup.sweep' AND r.state = 'succeeded' AND NOT r.dry_run
    AND coalesce(r.params ->> 'copy', '') = c.copy AND coalesce(r.params ->> 'source', '') = ''
  ORDER BY finished_at DESC LIMIT 1) last
