-- A port took a dead letter. Repeat-safe.
UPDATE hub.dead_letter SET replayed_at = now(), replayed_by = :by
WHERE id = :id AND replayed_at IS NULL
