-- Ends what nobody will end: runs cancelled while queued or while their owner was gone, and runs
-- that took several owners down with them. Repeat-safe: an ended row is not touched again.
UPDATE hub.job_run
SET state       = CASE WHEN cancel_asked_at IS NOT NULL THEN 'cancelled' ELSE 'failed' END,
    finished_at = now(),
    lease_owner = NULL,
    lease_until = NULL,
    headline    = CASE WHEN cancel_asked_at IS NOT NULL THEN 'cancelled by ' || cancel_asked_by
                       ELSE 'gave up: its hub stopped without a word ' || (lost + 1) || ' times' END,
    error       = CASE WHEN cancel_asked_at IS NULL
                       THEN jsonb_build_object('title', 'Lost', 'detail', 'the hub that ran it stopped each time') END
WHERE (state = 'queued' AND cancel_asked_at IS NOT NULL)
   OR (state = 'running' AND lease_until < now() AND (cancel_asked_at IS NOT NULL OR lost >= :maxLost))
RETURNING id, job, state, trigger_id, params, dry_run, attempt
