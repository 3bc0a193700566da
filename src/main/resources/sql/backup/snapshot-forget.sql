-- Forgets a snapshot that the repository does not hold. Repeat-safe.
DELETE FROM hub.snapshot WHERE source = :source AND id = :id
