-- Revokes a key. Repeat-safe: the first who did it stays.
UPDATE hub.api_key SET revoked_at = coalesce(revoked_at, now()), revoked_by = coalesce(revoked_by, :by)
WHERE id = :id
