-- The key with this hash, if it may be used now.
SELECT id, name, role FROM hub.api_key
WHERE sha256 = :sha256 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
