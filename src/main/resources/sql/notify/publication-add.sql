-- Takes an idempotency key. Repeat-safe: the second finds the first one's answer.
INSERT INTO hub.publication (key, request_hash, ids) VALUES (:key, :hash, :ids) ON CONFLICT (key) DO NOTHING
