-- Dead letters, newest first, without their bodies. A page ends with the row the next one begins after.
SELECT id, message_id, port, media_type, length(body) AS bytes, error ->> 'type' AS error_type, trace_id, failures,
       created_at, replayed_at, replayed_by, edited_at, edited_by, discarded_at, discarded_by, discard_reason
FROM hub.dead_letter
WHERE (CAST(:port AS text) IS NULL OR port = :port)
  AND (CAST(:since AS timestamptz) IS NULL OR created_at >= CAST(:since AS timestamptz))
  AND (CAST(:state AS text) IS NULL OR :state = CASE WHEN discarded_at IS NOT NULL THEN 'discarded'
                                                     WHEN replayed_at IS NOT NULL THEN 'replayed' ELSE 'waiting' END)
  AND (CAST(:after AS uuid) IS NULL
       OR (created_at, id) < (SELECT created_at, id FROM hub.dead_letter WHERE id = CAST(:after AS uuid)))
ORDER BY created_at DESC, id DESC
LIMIT :limit
