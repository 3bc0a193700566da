-- Deliveries without what they send, newest first. A page ends with the row the next one begins after.
SELECT id, target, rule, channel, type, event_id, state, attempts, created_at, tried_at, not_before, ended_at, merged_into,
       merges, last_status, last_response, last_error, last_ms
FROM hub.delivery
WHERE (CAST(:target AS text) IS NULL OR target = :target)
  AND (CAST(:state AS text) IS NULL OR state = :state)
  AND (CAST(:event AS uuid) IS NULL OR event_id = CAST(:event AS uuid))
  AND (CAST(:after AS uuid) IS NULL OR seq < (SELECT seq FROM hub.delivery WHERE id = CAST(:after AS uuid)))
ORDER BY seq DESC
LIMIT :limit
