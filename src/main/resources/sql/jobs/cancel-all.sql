-- Asks every run that has not ended and that a filter names to stop. Rows are locked in the order of their ids, so that
-- two who do so wait for each other. Repeat-safe: runs that were asked before are left as they are, and not counted.
WITH chosen AS MATERIALIZED (
  SELECT id FROM hub.job_run
  WHERE state IN ('queued', 'running') AND cancel_asked_at IS NULL
    AND (CAST(:job AS text) IS NULL OR job = :job)
    AND (CAST(:trigger AS text) IS NULL OR trigger_id = :trigger)
    AND (CAST(:kind AS text) IS NULL OR trigger_kind = :kind)
    AND (CAST(:state AS text) IS NULL OR state = :state)
  ORDER BY id FOR UPDATE
), asked AS (
  UPDATE hub.job_run r SET cancel_asked_at = now(), cancel_asked_by = :by
  FROM chosen WHERE r.id = chosen.id
  RETURNING r.state)
SELECT count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE state = 'running') AS running
FROM asked
