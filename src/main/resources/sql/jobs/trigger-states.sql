-- Every trigger's state with its last run and its last success, each from the newest end of an index.
SELECT t.trigger_id, t.covered_until, t.paused_at, t.paused_by,
       last.id AS last_run, last.state AS last_state, last.fire_time AS last_fire,
       success.finished_at AS last_success
FROM hub.trigger_state t
LEFT JOIN LATERAL (SELECT id, state, fire_time FROM hub.job_run r
                   WHERE r.trigger_id = t.trigger_id ORDER BY fire_time DESC LIMIT 1) last ON true
LEFT JOIN LATERAL (SELECT finished_at FROM hub.job_run s
                   WHERE s.trigger_id = t.trigger_id AND s.state = 'succeeded'
                   ORDER BY fire_time DESC LIMIT 1) success ON true
