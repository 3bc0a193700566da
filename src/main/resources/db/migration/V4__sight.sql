-- What can be seen: a drill's and a verification's findings side by side, chunks known to be damaged,
-- and tickets for streams.

-- A drill restores and compares; a verification reads every byte. Neither writes over the other's words.
ALTER TABLE hub.snapshot RENAME COLUMN checked_at TO drilled_at;
ALTER TABLE hub.snapshot RENAME COLUMN check_detail TO drill_detail;
ALTER TABLE hub.snapshot ADD COLUMN read_at     timestamptz;
ALTER TABLE hub.snapshot ADD COLUMN intact      boolean;
ALTER TABLE hub.snapshot ADD COLUMN read_detail text;
COMMENT ON COLUMN hub.snapshot.verified IS 'What the last drill found; taken back by a later reading that found damage';
COMMENT ON COLUMN hub.snapshot.intact IS 'Whether the last reading of every byte found all of it right; NULL: never read';

-- What a verification left in the drill's columns where no drill stood.
UPDATE hub.snapshot
SET read_at = drilled_at, read_detail = drill_detail, intact = coalesce(verified, true),
    drilled_at = NULL, drill_detail = NULL
WHERE drilled_at IS NOT NULL
  AND (verified IS NULL OR (NOT verified AND drill_detail LIKE '% damaged chunks: %'));

CREATE TABLE hub.damaged_chunk (
  source   text        NOT NULL,
  snapshot text        NOT NULL,
  chunk    text        NOT NULL,
  found_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (source, snapshot, chunk),
  FOREIGN KEY (source, snapshot) REFERENCES hub.snapshot (source, id) ON DELETE CASCADE
);
COMMENT ON TABLE hub.damaged_chunk IS 'Chunks that a drill or verification found damaged or missing, until they are sent or read again';

-- How a source's last backup and drill ended, without reading its whole history.
CREATE INDEX job_run_source ON hub.job_run (job, (params ->> 'source'), finished_at DESC)
  WHERE state IN ('succeeded', 'failed') AND NOT dry_run;

CREATE TABLE hub.ticket (
  sha256     bytea       PRIMARY KEY CHECK (length(sha256) = 32),
  key_id     uuid        NOT NULL REFERENCES hub.api_key (id) ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);
COMMENT ON TABLE hub.ticket IS 'Admits the owner of a key to one stream, once, for half a minute; the ticket itself is not kept';
CREATE INDEX ticket_expiry ON hub.ticket (expires_at);
CREATE INDEX ticket_key ON hub.ticket (key_id);
