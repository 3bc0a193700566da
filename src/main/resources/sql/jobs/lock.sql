-- Locks a run. What depends on it is asked by the next statement, which sees what others wrote while this one waited.
SELECT id FROM hub.job_run WHERE id = :id FOR UPDATE
