-- Ends a run. The fence refuses an owner that lost its lease: no row then.
UPDATE hub.job_run
SET state = :state, finished_at = now(), lease_owner = NULL, lease_until = NULL,
    headline = :headline, summary = CAST(:summary AS jsonb), error = CAST(:error AS jsonb),
    progress = coalesce(CAST(:progress AS jsonb), progress), trace_id = :traceId
WHERE id = :id AND fence = :fence AND state = 'running'
