-- Notes a channel with the first event that it carries. Repeat-safe: a name is one row.
INSERT INTO hub.event_channel (name) VALUES (:name) ON CONFLICT (name) DO NOTHING
