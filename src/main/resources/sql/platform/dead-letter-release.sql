-- A replay ended without being taken: the letter waits for the next one. Repeat-safe.
UPDATE hub.dead_letter SET replaying_until = NULL WHERE id = :id
