-- Hands a run back: for its next attempt after a failure that may heal, or because this hub stops.
UPDATE hub.job_run
SET state = 'queued', lease_owner = NULL, lease_until = NULL,
    not_before = now() + make_interval(secs => :delaySeconds),
    retries_left = retries_left - :used, error = CAST(:error AS jsonb), headline = :headline, trace_id = :traceId
WHERE id = :id AND fence = :fence AND state = 'running' AND retries_left >= :used
