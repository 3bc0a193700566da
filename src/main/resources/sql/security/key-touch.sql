-- Notes that a key was used. Repeat-safe: once a minute at most, whichever replica asks.
UPDATE hub.api_key SET last_used_at = now()
WHERE id = :id AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
