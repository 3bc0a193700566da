-- Deliveries to targets that the configuration has not named for as long as ended ones are kept: nobody would ever
-- send them. Repeat-safe.
UPDATE hub.delivery
SET state = 'dropped', ended_at = clock_timestamp(), lease_owner = NULL, lease_until = NULL,
    last_error = 'hub.notify.targets does not name its target any more'
WHERE state IN ('waiting', 'sending') AND target NOT IN (:targets)
  AND created_at < clock_timestamp() - make_interval(secs => CAST(:keepMs AS double precision) / 1000)
RETURNING target
