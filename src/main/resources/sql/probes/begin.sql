-- Begins a probe's state, at the instant of this transaction, in which the one before ended. Repeat-safe: one that another hub began in this instant stands.
INSERT INTO hub.probe_state (probe, state, since, looked_at, took_ms, why)
SELECT :probe, :state, t, t, :tookMs, CAST(:why AS text) FROM now() t
ON CONFLICT (probe) WHERE until IS NULL DO NOTHING
