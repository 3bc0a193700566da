-- Takes a letter for one replay, with what it holds at this moment: of those who come at once one has it, and until
-- then nobody edits or discards it. A hub that died has it no more after ten minutes. The time is the claim's token.
-- No row: somebody replays it now, or it waits no more.
UPDATE hub.dead_letter SET replaying_until = clock_timestamp() + interval '10 minutes'
WHERE id = :id AND replayed_at IS NULL AND discarded_at IS NULL
  AND (replaying_until IS NULL OR replaying_until < now())
RETURNING replaying_until, message_id, port, body, media_type, headers
