-- A new key. The name must not be one of a key that was not revoked: no row then.
INSERT INTO hub.api_key (id, name, role, sha256, created_by, expires_at)
VALUES (:id, :name, :role, :sha256, :by, now() + make_interval(secs => CAST(:seconds AS double precision)))
ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING
