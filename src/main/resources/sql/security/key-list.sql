-- All keys, newest first; never their hash.
SELECT id, name, role, created_at, created_by, expires_at, revoked_at, revoked_by, last_used_at,
       CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= now() THEN 'expired' ELSE 'live' END AS state
FROM hub.api_key
WHERE CAST(:id AS uuid) IS NULL OR id = :id
ORDER BY created_at DESC, id
