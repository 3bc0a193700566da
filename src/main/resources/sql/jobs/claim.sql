-- Claims the oldest run that is due: a queued one, or one whose owner let its lease lapse (a new
-- attempt of the same run). SKIP LOCKED: replicas never wait for each other. The fence number grows
-- with every claim, so an owner that wakes up later is refused. One row at a time: two rows with one
-- exclusive key in a single statement would trip over their unique index for ever.
UPDATE hub.job_run r
SET state       = 'running',
    lost        = lost + CASE WHEN r.state = 'running' THEN 1 ELSE 0 END,
    attempt     = attempt + 1,
    fence       = nextval('hub.fence'),
    lease_owner = :node,
    lease_until = now() + make_interval(secs => :leaseSeconds),
    started_at  = coalesce(started_at, now()),
    progress    = NULL
WHERE r.id = (
  SELECT q.id FROM hub.job_run q
  WHERE q.job IN (:jobs) AND q.cancel_asked_at IS NULL
    AND ((q.state = 'queued' AND q.not_before <= now() AND q.fire_time <= now()
          AND NOT EXISTS (SELECT FROM hub.job_run x
                          WHERE x.exclusive_key = q.exclusive_key AND x.state = 'running'))
      OR (q.state = 'running' AND q.lease_until < now() AND q.lost < :maxLost))
  ORDER BY q.fire_time, q.id
  FOR UPDATE SKIP LOCKED
  LIMIT 1)
RETURNING r.id, r.job, r.trigger_kind, r.trigger_id, r.fire_time, r.params, r.dry_run, r.attempt,
          r.retries_left, r.backoff_ms, r.timeout_ms, r.fence, r.lost, r.requested_by,
          r.traceparent
