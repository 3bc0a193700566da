-- Runs of a hub that somebody asked to stop.
SELECT id, cancel_asked_by FROM hub.job_run
WHERE state = 'running' AND lease_owner = :node AND cancel_asked_at IS NOT NULL
