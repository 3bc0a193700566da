-- One delivery, without what it sends.
SELECT id, target, rule, channel, type, event_id, state, attempts, created_at, tried_at, not_before, ended_at, merged_into,
       merges, last_status, last_response, last_error, last_ms
FROM hub.delivery WHERE id = :id
