-- Platform services have a role of their own: cache, sessions and notifications, and nothing else.
ALTER TABLE hub.api_key DROP CONSTRAINT api_key_role_check;
ALTER TABLE hub.api_key ADD CONSTRAINT api_key_role_check
  CHECK (role IN ('service', 'viewer', 'operator', 'admin'));

-- Events of one key go out in the order of seq: each key is in one lane, each lane has one relay.
ALTER TABLE hub.outbox
  ADD COLUMN lane smallint NOT NULL GENERATED ALWAYS AS (abs(hashtext(channel || '/' || key) % 8)) STORED;
CREATE INDEX outbox_lane ON hub.outbox (lane, seq) WHERE relayed_at IS NULL;
DROP INDEX hub.outbox_waiting;
-- What was relayed is deleted when it is a day old, and sent again when Redis lost its last second.
CREATE INDEX outbox_relayed ON hub.outbox (relayed_at) WHERE relayed_at IS NOT NULL;

CREATE TABLE hub.relay_lane (
  lane        smallint    PRIMARY KEY CHECK (lane BETWEEN 0 AND 7),
  owner       text,
  lease_until timestamptz,
  -- Grows with every claim; a relay that lost its lane writes nothing more.
  fence       bigint      NOT NULL DEFAULT 0,
  -- Which life of Redis took the lane's last events (run_id of INFO), and until when it was seen.
  redis_run   text,
  redis_seen  timestamptz
);
INSERT INTO hub.relay_lane (lane) SELECT generate_series(0, 7);
COMMENT ON TABLE hub.relay_lane IS 'Who relays which lane of the outbox to Redis';
