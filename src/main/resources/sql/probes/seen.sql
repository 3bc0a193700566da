-- It is as it was. Repeat-safe: says so again.
UPDATE hub.probe_state SET looked_at = clock_timestamp(), took_ms = :tookMs, why = CAST(:why AS text)
WHERE probe = :probe AND until IS NULL
