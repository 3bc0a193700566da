-- Takes a letter for one replay: of two that come at once one has it, and a hub that died has it no more after
-- a while. No row: somebody replays it now, or it waits no more.
UPDATE hub.dead_letter SET replaying_until = now() + interval '2 minutes'
WHERE id = :id AND replayed_at IS NULL AND discarded_at IS NULL
  AND (replaying_until IS NULL OR replaying_until < now())
