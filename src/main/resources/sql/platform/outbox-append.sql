-- Writes an event in the transaction of the change it tells of. Repeat-safe: an id is written once.
INSERT INTO hub.outbox (id, channel, key, type, envelope)
VALUES (:id, :channel, :key, :type, CAST(:envelope AS jsonb))
ON CONFLICT (id) DO NOTHING
