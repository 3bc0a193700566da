-- Writes events in the transaction of the changes they tell of, in their order; the ids of those that
-- are new. Repeat-safe: an id is written once.
INSERT INTO hub.outbox (id, channel, key, type, envelope)
SELECT id, channel, key, type, envelope
FROM unnest(CAST(:ids AS uuid[]), CAST(:channels AS text[]), CAST(:keys AS text[]),
            CAST(:types AS text[]), CAST(:envelopes AS jsonb[]))
     WITH ORDINALITY AS event (id, channel, key, type, envelope, place)
ORDER BY place
ON CONFLICT (id) DO NOTHING
RETURNING id
