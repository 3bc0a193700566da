-- Up to when a trigger's fires are decided; no row while it is paused, or while all are switched off.
SELECT covered_until FROM hub.trigger_state
WHERE trigger_id = :triggerId AND paused_at IS NULL
  AND (SELECT is_on FROM hub.switch WHERE name = 'triggers')
