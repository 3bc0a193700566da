-- Forgets ids that no sender repeats any more. Repeat-safe.
DELETE FROM hub.ingested WHERE taken_at < now() - interval '7 days'
