-- Makes a ticket, and clears away those that were never used. No row: the key has as many as it may.
WITH expired AS (DELETE FROM hub.ticket WHERE expires_at <= now())
INSERT INTO hub.ticket (sha256, key_id, expires_at)
SELECT :sha256, :keyId, now() + make_interval(secs => :seconds)
WHERE (SELECT count(*) FROM hub.ticket WHERE key_id = :keyId AND expires_at > now()) < :most
RETURNING expires_at
