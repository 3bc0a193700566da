-- Runs, newest first, as the API lists them. A page ends with the row the next one begins after. Each state is read
-- from the newest end of its index, whatever the others hold; {filter} is nothing, or a job, a trigger, a kind, an age:
-- a condition on "or nothing" could use no index.
WITH page AS (
  SELECT r.id FROM unnest(CAST(:states AS text[])) s(state)
  CROSS JOIN LATERAL (
    SELECT r.id, r.queued_at FROM hub.job_run r
    WHERE r.state = s.state {filter}
      AND (r.queued_at, r.id) < (
        coalesce((SELECT a.queued_at FROM hub.job_run a WHERE a.id = CAST(:after AS uuid)), 'infinity'),
        coalesce(CAST(:after AS uuid), 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
    ORDER BY r.queued_at DESC NULLS LAST, r.id DESC NULLS LAST -- the order of those indexes, and of no other
    LIMIT :limit) r
  ORDER BY r.queued_at DESC, r.id DESC
  LIMIT :limit)
SELECT id, job, trigger_kind, trigger_id, fire_time, params, dry_run, state, requested_by, queued_at, not_before,
       attempt, retries_left, lease_owner, cancel_asked_by, started_at, finished_at, progress, headline, summary,
       error, trace_id, replay_of
FROM page JOIN hub.job_run USING (id)
ORDER BY queued_at DESC, id DESC
