-- What the ledger knows of every trigger, each from the newest end of its index: first and last fire,
-- last success, and how many runs failed since (to 100 at most). Times in seconds since 1970.
SELECT t.trigger_id,
       t.covered_until,
       t.paused_at IS NOT NULL OR NOT (SELECT is_on FROM hub.switch WHERE name = 'triggers') AS paused,
       extract(epoch FROM (SELECT fire_time FROM hub.job_run r WHERE r.trigger_id = t.trigger_id
                           ORDER BY fire_time LIMIT 1)) AS first_fire,
       extract(epoch FROM success.finished_at) AS last_success,
       (SELECT count(*) FROM (
          SELECT FROM hub.job_run f
          WHERE f.trigger_id = t.trigger_id AND f.state = 'failed'
            AND f.fire_time > coalesce(success.fire_time, '-infinity') LIMIT 100) failed) AS failures
FROM hub.trigger_state t
LEFT JOIN LATERAL (SELECT fire_time, finished_at FROM hub.job_run r
                   WHERE r.trigger_id = t.trigger_id AND r.state = 'succeeded'
                   ORDER BY fire_time DESC LIMIT 1) success ON true
