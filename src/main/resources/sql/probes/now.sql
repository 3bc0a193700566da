-- How a probe is; locked, so that a change is written by one.
SELECT state, since, until, looked_at, took_ms, why FROM hub.probe_state
WHERE probe = :probe AND until IS NULL
FOR UPDATE
