-- One line of a run's log; refused when the lease is lost. The run's row is locked first: lines of one
-- run are numbered in the order in which others see them, so a reader that goes on from the last number
-- it saw misses none.
WITH mine AS MATERIALIZED (
  SELECT id, attempt FROM hub.job_run WHERE id = :id AND fence = :fence AND state = 'running' FOR UPDATE)
INSERT INTO hub.run_log (run_id, attempt, level, message)
SELECT id, attempt, :level, :message FROM mine
