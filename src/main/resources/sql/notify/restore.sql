-- A delivery whose row is gone, from its dead letter.
INSERT INTO hub.delivery (id, target, rule, channel, type, event_id, lane, envelope)
VALUES (:id, :target, :rule, :channel, :type, :event, :lane, :envelope)
ON CONFLICT DO NOTHING
