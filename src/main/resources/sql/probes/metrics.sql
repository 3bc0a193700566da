-- How each probe is that was looked at.
SELECT probe, state, took_ms, extract(epoch FROM looked_at) AS looked FROM hub.probe_state WHERE until IS NULL
