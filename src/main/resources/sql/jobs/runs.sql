-- Runs, newest first, as the API lists them. A page ends with the row the next one begins after.
SELECT id, job, trigger_kind, trigger_id, fire_time, params, dry_run, state, requested_by, queued_at, not_before,
       attempt, retries_left, lease_owner, cancel_asked_by, started_at, finished_at, progress, headline, summary,
       error, trace_id, replay_of
FROM hub.job_run
WHERE (CAST(:job AS text) IS NULL OR job = :job)
  AND (CAST(:state AS text) IS NULL OR state = :state)
  AND (CAST(:trigger AS text) IS NULL OR trigger_id = :trigger)
  AND (CAST(:after AS uuid) IS NULL
       OR (queued_at, id) < (SELECT queued_at, id FROM hub.job_run WHERE id = CAST(:after AS uuid)))
ORDER BY queued_at DESC, id DESC
LIMIT :limit
