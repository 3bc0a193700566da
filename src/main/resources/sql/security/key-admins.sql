-- How many admin keys that last are left besides this one. The caller holds the lock on keys.
SELECT count(*) FROM hub.api_key
WHERE role = 'admin' AND revoked_at IS NULL AND expires_at IS NULL AND id <> :id
