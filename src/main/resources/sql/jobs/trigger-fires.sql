-- Fire times of a trigger that the ledger knows, whatever became of them.
SELECT fire_time FROM hub.job_run
WHERE trigger_id = :triggerId AND fire_time >= :from AND trigger_kind IN ('schedule', 'backfill')
