-- Runs that have not ended, per job: how long the oldest has been due without a hub that takes it
-- (one that waits for its turn, or is held by a pause, is not counted), how long the oldest has run, the largest share of its
-- time-out that one has used, and how many have an owner that says nothing any more.
SELECT r.job,
       coalesce(extract(epoch FROM now() - min(greatest(r.not_before, r.fire_time, r.queued_at)) FILTER (
         WHERE r.state = 'queued' AND r.not_before <= now() AND r.fire_time <= now()
           AND NOT EXISTS (SELECT FROM hub.job_run x
                           WHERE x.exclusive_key = r.exclusive_key AND x.state = 'running')
           AND NOT ((r.catch_up OR r.trigger_kind = 'backfill')
                    AND (NOT (SELECT is_on FROM hub.switch WHERE name = 'triggers')
                         OR EXISTS (SELECT FROM hub.trigger_state t
                                    WHERE t.trigger_id = r.trigger_id AND t.paused_at IS NOT NULL))))), 0) AS waited,
       coalesce(extract(epoch FROM now() - min(r.started_at) FILTER (WHERE r.state = 'running')), 0) AS ran,
       coalesce(max(extract(epoch FROM now() - r.started_at) * 1000 / r.timeout_ms)
         FILTER (WHERE r.state = 'running'), 0) AS timeout_used,
       count(*) FILTER (WHERE r.state = 'running' AND r.lease_until < now()) AS lapsed
FROM hub.job_run r
WHERE r.state IN ('queued', 'running')
GROUP BY r.job
