-- Renews a lease and tells what was asked of the run meanwhile. No row: the lease is lost.
UPDATE hub.job_run
SET lease_until = now() + make_interval(secs => :leaseSeconds),
    progress    = coalesce(CAST(:progress AS jsonb), progress),
    trace_id    = coalesce(trace_id, :traceId)
WHERE id = :id AND fence = :fence AND state = 'running' AND lease_owner = :node
RETURNING cancel_asked_by
