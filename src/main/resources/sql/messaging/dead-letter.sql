-- One dead letter, whole.
SELECT id, message_id, port, media_type, length(body) AS bytes, error ->> 'type' AS error_type, trace_id, failures,
       created_at, replayed_at, replayed_by, edited_at, edited_by, discarded_at, discarded_by, discard_reason,
       body, headers, error ->> 'detail' AS error_detail, original_body, original_headers, original_media_type
FROM hub.dead_letter WHERE id = :id
