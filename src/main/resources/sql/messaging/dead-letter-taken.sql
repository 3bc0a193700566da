-- A message was sent again by other means than its dead letter, which waits no more. Repeat-safe.
UPDATE hub.dead_letter SET replayed_at = now(), replayed_by = :by
WHERE port = :port AND message_id = :messageId AND replayed_at IS NULL
