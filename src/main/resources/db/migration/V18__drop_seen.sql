-- Files of a drop that are settled, each upload once: the hash of its key, ETag and time. A replica
-- that lists a file while another one takes it leaves it alone.
CREATE TABLE hub.drop_seen (
  route text NOT NULL,
  upload text NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (route, upload)
);
CREATE INDEX drop_seen_at ON hub.drop_seen (seen_at);
COMMENT ON TABLE hub.drop_seen IS 'Uploads that a drop has settled in the last 7 days';
