-- Notes that an upload is settled. Repeat-safe: two replicas that settle it at once note it once.
INSERT INTO hub.drop_seen (route, upload, seen_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
