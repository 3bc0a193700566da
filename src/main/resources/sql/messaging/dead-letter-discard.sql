-- Gives up a dead letter that waits, and that nobody replays at this moment. It is kept, with who gave it up and why.
UPDATE hub.dead_letter SET discarded_at = now(), discarded_by = :by, discard_reason = :reason
WHERE id = :id AND replayed_at IS NULL AND discarded_at IS NULL
  AND (replaying_until IS NULL OR replaying_until < now())
