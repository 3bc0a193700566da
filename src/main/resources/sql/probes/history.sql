-- A probe's states, newest first.
SELECT state, since, until, looked_at, took_ms, why FROM hub.probe_state
WHERE probe = :probe ORDER BY seq DESC LIMIT :limit
