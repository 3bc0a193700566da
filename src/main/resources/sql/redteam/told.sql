-- Notes that an event tells of a finding. Repeat-safe: one row per finding, whatever becomes of it.
INSERT INTO hub.redteam_told (kind, key) VALUES (:#${exchangeProperty.kind}, :#${exchangeProperty.key}) ON CONFLICT DO NOTHING
