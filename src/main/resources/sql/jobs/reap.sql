-- Ends what nobody will end: runs cancelled while queued or while their owner was gone, and runs
-- that took several owners down with them. Repeat-safe: an ended row is not touched again. A row that somebody else
-- writes at this moment is left to the next look: hubs that reap together would else wait for each other's rows.
WITH over AS MATERIALIZED (
  SELECT id FROM hub.job_run
  WHERE (state = 'queued' AND cancel_asked_at IS NOT NULL)
     OR (state = 'running' AND lease_until < now() AND (cancel_asked_at IS NOT NULL OR lost >= :maxLost))
  ORDER BY id FOR UPDATE SKIP LOCKED)
UPDATE hub.job_run r
SET state       = CASE WHEN cancel_asked_at IS NOT NULL THEN 'cancelled' ELSE 'failed' END,
    finished_at = now(),
    lease_owner = NULL,
    lease_until = NULL,
    headline    = CASE WHEN cancel_asked_at IS NOT NULL THEN 'cancelled by ' || cancel_asked_by
                       ELSE 'gave up: its hub stopped without a word ' || (lost + 1) || ' times' END,
    error       = CASE WHEN cancel_asked_at IS NULL
                       THEN jsonb_build_object('title', 'Lost', 'detail', 'the hub that ran it stopped each time') END
FROM over WHERE r.id = over.id
RETURNING r.id, job, state, trigger_id, params, dry_run, attempt
