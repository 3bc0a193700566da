-- Keeps a message that failed for good, whole. Repeat-safe: the same message of the same port is one
-- row, whose count of failures grows; one that was replayed and failed again waits anew. No row: the letter of that id
-- holds another body, now and as it came, and neither may replace the other.
INSERT INTO hub.dead_letter AS d (id, message_id, port, body, media_type, headers, error, trace_id)
VALUES (:id, :messageId, :port, :body, :mediaType, CAST(:headers AS jsonb), CAST(:error AS jsonb), :traceId)
ON CONFLICT (port, message_id) DO UPDATE
SET failures = d.failures + 1, error = excluded.error, trace_id = excluded.trace_id,
    replayed_at = NULL, replayed_by = NULL, discarded_at = NULL, discarded_by = NULL, discard_reason = NULL
WHERE d.body = excluded.body OR d.original_body = excluded.body
RETURNING id
