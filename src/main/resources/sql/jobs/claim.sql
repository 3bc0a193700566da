-- Claims one run that is due: a queued one, or one whose owner let its lease lapse (a new attempt of the same run).
-- Fair within this hub's slots, and so among all hubs: fresh runs go before backfill and made-up fires ("late"), the
-- oldest first in each; no trigger has more than :triggerMost slots; late runs have :lateMost at most; and a late run
-- goes first when fresh ones have :freshMost slots, or when it is its turn. What is late waits while its trigger is
-- paused, or all are. SKIP LOCKED: hubs never wait for each other. The fence number grows with every claim, so an owner
-- that wakes up later is refused. One row at a time: two rows with one exclusive key in a single statement would break
-- their unique index on every try.
WITH mine AS MATERIALIZED (
  SELECT trigger_id, catch_up OR trigger_kind = 'backfill' AS late
  FROM hub.job_run WHERE state = 'running' AND lease_owner = :node
), share AS MATERIALIZED (
  SELECT :lateTurn OR count(*) FILTER (WHERE NOT late) >= :freshMost AS late_first,
         count(*) FILTER (WHERE late) >= :lateMost AS late_full,
         (SELECT is_on FROM hub.switch WHERE name = 'triggers') AS triggers_on
  FROM mine
), full_trigger AS MATERIALIZED (
  SELECT trigger_id FROM mine WHERE trigger_id IS NOT NULL GROUP BY trigger_id HAVING count(*) >= :triggerMost
)
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
  SELECT q.id FROM hub.job_run q CROSS JOIN share s
  WHERE q.job IN (:jobs) AND q.cancel_asked_at IS NULL
    AND ((q.state = 'queued' AND q.not_before <= now() AND q.fire_time <= now()
          AND NOT EXISTS (SELECT FROM hub.job_run x
                          WHERE x.exclusive_key = q.exclusive_key AND x.state = 'running'))
      OR (q.state = 'running' AND q.lease_until < now() AND q.lost < :maxLost))
    AND NOT EXISTS (SELECT FROM full_trigger f WHERE f.trigger_id = q.trigger_id)
    AND NOT ((q.catch_up OR q.trigger_kind = 'backfill')
             AND (s.late_full
                  OR (q.state = 'queued'
                      AND (NOT s.triggers_on
                           OR EXISTS (SELECT FROM hub.trigger_state t
                                      WHERE t.trigger_id = q.trigger_id AND t.paused_at IS NOT NULL)))))
  ORDER BY (q.catch_up OR q.trigger_kind = 'backfill') <> s.late_first, q.fire_time, q.id
  FOR UPDATE OF q SKIP LOCKED
  LIMIT 1)
RETURNING r.id, r.job, r.trigger_kind, r.trigger_id, r.fire_time, r.params, r.dry_run, r.attempt,
          r.retries_left, r.backoff_ms, r.timeout_ms, r.fence, r.lost, r.requested_by,
          r.traceparent, r.catch_up OR r.trigger_kind = 'backfill' AS late
