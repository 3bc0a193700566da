-- How a run was to be tried: what a run made from it goes on with, when its trigger is no longer declared.
SELECT retries, backoff_ms, timeout_ms, exclusive_key IS NOT NULL AS exclusive FROM hub.job_run WHERE id = :id
