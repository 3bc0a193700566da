-- Who is told of an event, how far that is, and what became of messages that failed for good.

CREATE TABLE hub.delivery (
  seq            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The receiver's to drop what it knows: the same at every attempt.
  id             uuid        NOT NULL UNIQUE,
  target         text        NOT NULL,
  rule           text        NOT NULL,
  channel        text        NOT NULL,
  type           text        NOT NULL,
  event_id       uuid        NOT NULL,
  -- Deliveries of one lane to one target go out in the order of seq: the event's key, or its group.
  lane           text        NOT NULL,
  -- What may become one message; NULL: it is sent by itself.
  bundle         text,
  envelope       text        NOT NULL,
  -- What is sent instead of the envelope: one message for several. Fixed at its first attempt.
  message        text,
  state          text        NOT NULL DEFAULT 'waiting'
                 CHECK (state IN ('waiting', 'sending', 'delivered', 'dead', 'merged', 'dropped')),
  -- The delivery whose message tells of this one; it is merged once that one is delivered.
  merged_into    uuid,
  merges         integer     NOT NULL DEFAULT 0,
  not_before     timestamptz NOT NULL DEFAULT now(),
  attempts       integer     NOT NULL DEFAULT 0,
  first_tried_at timestamptz,
  tried_at       timestamptz,
  lease_owner    text,
  lease_until    timestamptz,
  fence          bigint,
  last_status    integer,
  last_response  text,
  last_error     text,
  last_ms        bigint,
  created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at       timestamptz,
  -- However many rules of a target an event matches, the target is told once.
  UNIQUE (target, event_id),
  CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
  CHECK ((state IN ('delivered', 'dead', 'merged', 'dropped')) = (ended_at IS NOT NULL))
);
COMMENT ON TABLE hub.delivery IS 'One row per event and target that is told of it';
CREATE INDEX delivery_next ON hub.delivery (target, seq) WHERE state IN ('waiting', 'sending');
CREATE INDEX delivery_lane ON hub.delivery (target, lane, seq) WHERE state IN ('waiting', 'sending');
CREATE INDEX delivery_bundle ON hub.delivery (target, bundle, seq) WHERE state = 'waiting' AND bundle IS NOT NULL;
CREATE INDEX delivery_merged ON hub.delivery (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX delivery_rate ON hub.delivery (target, rule, first_tried_at) WHERE first_tried_at IS NOT NULL;
CREATE INDEX delivery_ended ON hub.delivery (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX delivery_event ON hub.delivery (event_id);

CREATE TABLE hub.publication (
  -- <caller>/<Idempotency-Key>
  key          text        PRIMARY KEY,
  request_hash text        NOT NULL,
  ids          uuid[]      NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE hub.publication IS 'Answers to POST /api/notifications that a repeat is given again';
CREATE INDEX publication_age ON hub.publication (created_at);

-- A dead letter can be mended: what came is kept beside what was made of it.
ALTER TABLE hub.dead_letter
  ADD COLUMN replayed_by      text,
  -- Somebody replays it: nobody else does before this, whatever becomes of who began.
  ADD COLUMN replaying_until  timestamptz,
  ADD COLUMN edited_at        timestamptz,
  ADD COLUMN edited_by        text,
  ADD COLUMN original_body    bytea,
  ADD COLUMN original_headers jsonb,
  ADD COLUMN original_media_type text,
  ADD COLUMN discarded_at     timestamptz,
  ADD COLUMN discarded_by     text,
  ADD COLUMN discard_reason   text;
CREATE INDEX dead_letter_newest ON hub.dead_letter (created_at DESC, id DESC);
