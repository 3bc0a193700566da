-- Takes a ticket, this once, and tells whose it is. The row goes in any case; no row comes back when it
-- has expired, or its key has, or was revoked.
WITH used AS (DELETE FROM hub.ticket WHERE sha256 = :sha256 RETURNING key_id, expires_at)
SELECT k.id, k.name, k.role FROM used JOIN hub.api_key k ON k.id = used.key_id
WHERE used.expires_at > now() AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
