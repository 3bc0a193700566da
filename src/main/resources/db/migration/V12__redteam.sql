-- Channels of events, and what red teams found.

CREATE TABLE hub.event_channel (
  name   text        PRIMARY KEY,
  since  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE hub.event_channel IS 'Channels that ever carried an event: which streams there may be in Redis';
-- What earlier versions wrote.
INSERT INTO hub.event_channel (name) SELECT DISTINCT channel FROM hub.outbox;
