-- What asked for a run, so that its work stands in the same trace; and what probes found.

ALTER TABLE hub.job_run ADD COLUMN traceparent text;
COMMENT ON COLUMN hub.job_run.traceparent IS 'W3C trace context of the request or fire that asked for the run';

CREATE TABLE hub.probe_state (
  seq         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  probe       text        NOT NULL,
  state       text        NOT NULL CHECK (state IN ('up', 'down')),
  since       timestamptz NOT NULL,
  -- NULL: it is so still.
  until       timestamptz,
  -- Of the last look while it was so.
  looked_at   timestamptz NOT NULL,
  took_ms     bigint      NOT NULL CHECK (took_ms >= 0),
  why         text,
  CHECK (until >= since)
);
COMMENT ON TABLE hub.probe_state IS 'States of probes, one row per change: how long each was up or down';
-- However many replicas look, a probe has one state.
CREATE UNIQUE INDEX probe_state_now ON hub.probe_state (probe) WHERE until IS NULL;
CREATE INDEX probe_state_newest ON hub.probe_state (probe, seq DESC);
