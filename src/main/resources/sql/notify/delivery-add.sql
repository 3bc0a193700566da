-- Notes that a target is to be told of an event, in the event's transaction. Repeat-safe: an event is told to a
-- target once. A bundle's deliveries wait for its window, each from its own beginning; the first of them sends all.
INSERT INTO hub.delivery (id, target, rule, channel, type, event_id, lane, bundle, envelope, not_before)
VALUES (:id, :target, :rule, :channel, :type, :event, :lane, :bundle, :envelope,
        clock_timestamp() + make_interval(secs => CAST(:waitMs AS double precision) / 1000))
ON CONFLICT (target, event_id) DO NOTHING
