-- How many admin keys may be used now.
SELECT count(*) FROM hub.api_key
WHERE role = 'admin' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
