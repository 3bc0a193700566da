-- Forgets uploads of long ago, which are moved by then. Repeat-safe.
DELETE FROM hub.drop_seen WHERE seen_at < now() - interval '7 days'
