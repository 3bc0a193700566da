-- A replay ended without being taken: the letter waits for the next one. Only by whose claim it is.
UPDATE hub.dead_letter SET replaying_until = NULL WHERE id = :id AND replaying_until = :claim
