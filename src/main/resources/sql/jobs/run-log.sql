-- A run's log from a line on.
SELECT seq, attempt, at, level, message FROM hub.run_log
WHERE run_id = :id AND seq > :after ORDER BY seq LIMIT :limit
