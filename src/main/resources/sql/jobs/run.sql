-- One run, as the API shows it.
SELECT id, job, trigger_kind, trigger_id, fire_time, params, dry_run, state, requested_by, queued_at, not_before,
       attempt, retries_left, lease_owner, cancel_asked_by, started_at, finished_at, progress, headline, summary,
       error, trace_id, replay_of
FROM hub.job_run WHERE id = :id
