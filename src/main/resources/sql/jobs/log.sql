-- One line of a run's log; refused when the lease is lost.
INSERT INTO hub.run_log (run_id, attempt, level, message)
SELECT id, attempt, :level, :message FROM hub.job_run WHERE id = :id AND fence = :fence AND state = 'running'
