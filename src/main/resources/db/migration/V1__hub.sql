-- The hub's own schema: the ledger of runs, trigger state, the snapshot catalogue (a cache of the
-- repository), events to relay, messages that failed for good, API keys and the audit trail.
CREATE SCHEMA IF NOT EXISTS hub;
COMMENT ON SCHEMA hub IS 'ML Security Hub: job ledger, snapshot catalogue, outbox, dead letters, audit';

-- Every claim takes a number; a write that carries an older one is refused.
CREATE SEQUENCE hub.fence;

CREATE TABLE hub.job_run (
  id              uuid        PRIMARY KEY,
  job             text        NOT NULL,
  trigger_kind    text        NOT NULL CHECK (trigger_kind IN ('schedule', 'api', 'event', 'backfill', 'replay')),
  trigger_id      text,
  fire_time       timestamptz NOT NULL,
  params          jsonb       NOT NULL DEFAULT '{}',
  dry_run         boolean     NOT NULL DEFAULT false,
  state           text        NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'skipped')),
  -- What a run may not share: two running rows never carry the same key.
  exclusive_key   text,
  requested_by    text        NOT NULL,
  queued_at       timestamptz NOT NULL DEFAULT now(),
  not_before      timestamptz NOT NULL DEFAULT now(),
  attempt         integer     NOT NULL DEFAULT 0,
  retries_left    integer     NOT NULL DEFAULT 0 CHECK (retries_left >= 0),
  backoff_ms      bigint      NOT NULL DEFAULT 30000 CHECK (backoff_ms >= 0),
  timeout_ms      bigint      NOT NULL CHECK (timeout_ms > 0),
  lost            integer     NOT NULL DEFAULT 0,
  lease_owner     text,
  lease_until     timestamptz,
  fence           bigint,
  cancel_asked_at timestamptz,
  cancel_asked_by text,
  started_at      timestamptz,
  finished_at     timestamptz,
  progress        jsonb,
  headline        text,
  summary         jsonb,
  error           jsonb,
  trace_id        text,
  replay_of       uuid        REFERENCES hub.job_run (id),
  idempotency_key text        UNIQUE,
  request_hash    text,
  CHECK ((state = 'running') = (lease_until IS NOT NULL)),
  CHECK ((state IN ('succeeded', 'failed', 'cancelled', 'skipped')) = (finished_at IS NOT NULL))
);
-- However many replicas fire, one row exists.
CREATE UNIQUE INDEX job_run_fire ON hub.job_run (trigger_id, fire_time) WHERE trigger_kind IN ('schedule', 'backfill');
CREATE UNIQUE INDEX job_run_exclusive ON hub.job_run (exclusive_key) WHERE state = 'running';
CREATE INDEX job_run_claim ON hub.job_run (fire_time, id) WHERE state = 'queued';
CREATE INDEX job_run_lease ON hub.job_run (lease_until) WHERE state = 'running';
CREATE INDEX job_run_newest ON hub.job_run (queued_at DESC, id DESC);
CREATE INDEX job_run_job ON hub.job_run (job, queued_at DESC);
CREATE INDEX job_run_trigger ON hub.job_run (trigger_id, fire_time DESC);

CREATE TABLE hub.run_log (
  seq     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id  uuid        NOT NULL REFERENCES hub.job_run (id) ON DELETE CASCADE,
  attempt integer     NOT NULL,
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  level   text        NOT NULL CHECK (level IN ('INFO', 'WARN', 'ERROR')),
  message text        NOT NULL
);
CREATE INDEX run_log_run ON hub.run_log (run_id, seq);

CREATE TABLE hub.trigger_state (
  trigger_id    text        PRIMARY KEY,
  -- Fire times up to here are decided: fired, skipped or covered by the misfire policy.
  covered_until timestamptz NOT NULL,
  -- The schedule the watermark belongs to: a changed cron starts a new count, not a flood.
  schedule      text        NOT NULL,
  paused_at     timestamptz,
  paused_by     text
);

CREATE TABLE hub.switch (
  name       text        PRIMARY KEY,
  is_on      boolean     NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  changed_by text        NOT NULL
);
INSERT INTO hub.switch (name, is_on, changed_by) VALUES ('triggers', true, 'migration');

CREATE TABLE hub.snapshot (
  source       text        NOT NULL,
  id           text        NOT NULL,
  taken_at     timestamptz NOT NULL,
  finished_at  timestamptz NOT NULL,
  row_count    bigint      NOT NULL,
  plain_bytes  bigint      NOT NULL,
  stored_bytes bigint      NOT NULL,
  new_bytes    bigint      NOT NULL,
  run_id       uuid,
  -- The last drill or verification; NULL: never.
  checked_at   timestamptz,
  verified     boolean,
  check_detail text,
  rto_ms       bigint,
  PRIMARY KEY (source, id)
);
CREATE INDEX snapshot_newest ON hub.snapshot (source, taken_at DESC);

CREATE TABLE hub.outbox (
  seq         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id          uuid        NOT NULL UNIQUE,
  channel     text        NOT NULL,
  -- Messages of one key keep their order.
  key         text        NOT NULL,
  type        text        NOT NULL,
  envelope    jsonb       NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  relayed_at  timestamptz
);
CREATE INDEX outbox_waiting ON hub.outbox (seq) WHERE relayed_at IS NULL;

CREATE TABLE hub.dead_letter (
  id          uuid        PRIMARY KEY,
  -- The message's own id: recorded once however often it fails.
  message_id  text        NOT NULL,
  port        text        NOT NULL,
  body        bytea       NOT NULL,
  media_type  text        NOT NULL,
  headers     jsonb       NOT NULL DEFAULT '{}',
  error       jsonb       NOT NULL,
  trace_id    text,
  failures    integer     NOT NULL DEFAULT 1,
  created_at  timestamptz NOT NULL DEFAULT now(),
  replayed_at timestamptz,
  UNIQUE (port, message_id)
);

CREATE TABLE hub.api_key (
  id           uuid        PRIMARY KEY,
  name         text        NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  role         text        NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  sha256       bytea       NOT NULL UNIQUE CHECK (length(sha256) = 32),
  created_at   timestamptz NOT NULL DEFAULT now(),
  created_by   text        NOT NULL,
  expires_at   timestamptz,
  revoked_at   timestamptz,
  revoked_by   text,
  last_used_at timestamptz
);

-- A name in the audit trail means one key.
CREATE UNIQUE INDEX api_key_name ON hub.api_key (name) WHERE revoked_at IS NULL;

CREATE TABLE hub.audit (
  seq      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at       timestamptz NOT NULL DEFAULT now(),
  actor    text        NOT NULL,
  action   text        NOT NULL,
  target   text        NOT NULL,
  detail   jsonb       NOT NULL DEFAULT '{}',
  trace_id text
);
CREATE INDEX audit_newest ON hub.audit (at DESC);
