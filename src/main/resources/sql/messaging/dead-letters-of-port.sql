-- Ids of a port's dead letters that wait, oldest first.
SELECT id FROM hub.dead_letter
WHERE port = :port AND replayed_at IS NULL AND discarded_at IS NULL
ORDER BY created_at, id LIMIT :most
