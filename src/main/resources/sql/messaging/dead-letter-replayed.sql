-- A port took a dead letter: its state and the end of the claim are one, so that nobody finds it waiting in between.
-- Only by whose claim it is.
UPDATE hub.dead_letter SET replayed_at = now(), replayed_by = :by, replaying_until = NULL
WHERE id = :id AND replaying_until = :claim
