-- Writes one fire of a trigger. Repeat-safe: whichever replica comes second inserts nothing.
-- A paused trigger, or all triggers switched off, writes no row. With overlap 'forbid' a fire that
-- finds its predecessor still queued or running is written as skipped, with the reason. Backfill and made-up fires
-- that only wait are no predecessors: the fresh fire goes before them.
-- The caller holds the advisory lock of the exclusive key, so that "finds" is not a guess.
WITH active AS (
  SELECT id FROM hub.job_run
  WHERE exclusive_key = CAST(:exclusiveKey AS text) AND state IN ('queued', 'running')
    -- The same fire seen by the other replica is a repeat, not an overlap.
    AND NOT (trigger_id = :triggerId AND fire_time = CAST(:fireTime AS timestamptz))
    AND NOT (state = 'queued' AND (catch_up OR trigger_kind = 'backfill'))
  ORDER BY queued_at LIMIT 1
)
INSERT INTO hub.job_run (id, job, trigger_kind, trigger_id, fire_time, params, state, exclusive_key,
                         requested_by, retries, retries_left, catch_up, backoff_ms, timeout_ms, finished_at, headline,
                         traceparent, trace_id)
SELECT :id, :job, :kind, :triggerId, CAST(:fireTime AS timestamptz), CAST(:params AS jsonb),
       CASE WHEN :skipOnOverlap AND EXISTS (SELECT FROM active) THEN 'skipped' ELSE 'queued' END,
       CAST(:exclusiveKey AS text), :triggerId, :retries, :retries, :catchUp, :backoffMs, :timeoutMs,
       CASE WHEN :skipOnOverlap AND EXISTS (SELECT FROM active) THEN now() END,
       CASE WHEN :skipOnOverlap AND EXISTS (SELECT FROM active)
            THEN 'skipped: run ' || (SELECT id FROM active) || ' has not ended' END,
       CAST(:traceparent AS text), substr(CAST(:traceparent AS text), 4, 32)
WHERE (SELECT is_on FROM hub.switch WHERE name = 'triggers')
  AND NOT EXISTS (SELECT FROM hub.trigger_state WHERE trigger_id = :triggerId AND paused_at IS NOT NULL)
ON CONFLICT (trigger_id, fire_time) WHERE trigger_kind IN ('schedule', 'backfill') DO NOTHING
