-- A delivery whose row is gone, from its dead letter. Fails when the target has another delivery of the event.
INSERT INTO hub.delivery (id, target, rule, channel, type, event_id, lane, envelope)
VALUES (:id, :target, :rule, :channel, :type, :event, :lane, :envelope)
