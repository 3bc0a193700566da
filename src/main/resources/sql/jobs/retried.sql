-- Runs that were made from a run and have not ended.
SELECT id FROM hub.job_run WHERE replay_of = :id AND state IN ('queued', 'running')
