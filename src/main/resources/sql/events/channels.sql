-- Channels that ever carried an event, the oldest first, :most at most.
SELECT name FROM hub.event_channel ORDER BY since, name LIMIT :most
