--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: analytics; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA analytics;


--
-- Name: business_metrics; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA business_metrics;


--
-- Name: data_privacy; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA data_privacy;


--
-- Name: hub; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA hub;


--
-- Name: SCHEMA hub; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA hub IS 'ML Security Hub: job ledger, snapshot catalogue, outbox, dead letters, audit';


--
-- Name: outbox_next(integer, integer, integer, integer); Type: FUNCTION; Schema: hub; Owner: -
--

CREATE FUNCTION hub.outbox_next(of_lane integer, most_events integer, most_bytes integer, largest integer) RETURNS TABLE(seq bigint, id uuid, channel text, key text, type text, envelope text, trouble text)
    LANGUAGE plpgsql STABLE
    AS $_$
DECLARE
  one   hub.outbox%ROWTYPE;
  total bigint := 0;
BEGIN
  FOR one IN SELECT o.* FROM hub.outbox o
             WHERE o.lane = of_lane AND o.relayed_at IS NULL ORDER BY o.seq LIMIT most_events LOOP
    seq := one.seq; id := one.id; channel := one.channel; key := one.key; type := one.type;
    envelope := NULL;
    trouble := NULL;
    BEGIN
      -- Before the text: a few thousand of these are more memory than a server may have.
      IF one.envelope @? 'strict $.** ? (@ > 1.8e308 || @ < -1.8e308 || @ > 0 && @ < 1e-400 || @ < 0 && @ > -1e-400)' THEN
        trouble := 'holds a number beyond ±1.8e308, or one closer to 0 than 1e-400';
      ELSE
        envelope := CAST(one.envelope AS text);
        IF octet_length(envelope) > largest THEN
          trouble := 'has ' || octet_length(envelope) || ' bytes, but at most ' || largest || ' are relayed';
          envelope := NULL;
        END IF;
      END IF;
    EXCEPTION WHEN program_limit_exceeded OR internal_error OR data_corrupted OR data_exception THEN
      trouble := 'cannot be written out: ' || SQLERRM;
    END;
    IF trouble IS NOT NULL THEN
      BEGIN
        envelope := CAST(one.envelope - 'data'
                         || jsonb_build_object('data', jsonb_build_object('omitted', trouble)) AS text);
        IF octet_length(envelope) > largest THEN
          envelope := NULL;
        END IF;
      EXCEPTION WHEN program_limit_exceeded OR internal_error OR data_corrupted OR data_exception
                  OR invalid_parameter_value THEN
        envelope := NULL;
      END;
    END IF;
    total := total + coalesce(octet_length(envelope), 0);
    RETURN NEXT;
    EXIT WHEN total >= most_bytes;
  END LOOP;
END $_$;


--
-- Name: FUNCTION outbox_next(of_lane integer, most_events integer, most_bytes integer, largest integer); Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON FUNCTION hub.outbox_next(of_lane integer, most_events integer, most_bytes integer, largest integer) IS 'The next events of a lane as they are relayed, with what is wrong of those that cannot be';


--
-- Name: require_columns(text, jsonb); Type: FUNCTION; Schema: hub; Owner: -
--

CREATE FUNCTION hub.require_columns(table_name text, expected jsonb) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog'
    AS $$
DECLARE
    conflicts text;
    kind "char";
BEGIN
    SELECT relkind INTO kind FROM pg_class WHERE oid = to_regclass(table_name);
    IF kind IS NULL THEN
        RAISE EXCEPTION '% does not exist', table_name USING ERRCODE = 'undefined_table';
    ELSIF kind NOT IN ('r', 'p') THEN
        RAISE EXCEPTION '% exists but is no table', table_name USING ERRCODE = 'wrong_object_type';
    END IF;

    SELECT string_agg(conflict, '; ' ORDER BY conflict) INTO conflicts
    FROM (
        SELECT CASE
                 WHEN found.attname IS NULL THEN format('column %I is missing, expected %s', wanted.key, wanted.value)
                 WHEN found.type <> wanted.value THEN format('column %I is %s, expected %s', wanted.key, found.type, wanted.value)
                 WHEN wanted.key IS NULL AND found.required THEN format('column %I is NOT NULL without a default, and the hub does not know it', found.attname)
               END AS conflict
        FROM jsonb_each_text(expected) AS wanted
        FULL JOIN (
            SELECT a.attname::text AS attname,
                   format_type(a.atttypid, a.atttypmod) AS type,
                   a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS required
            FROM pg_attribute a
            WHERE a.attrelid = to_regclass(table_name) AND a.attnum > 0 AND NOT a.attisdropped
        ) AS found ON found.attname = wanted.key
    ) AS compared
    WHERE conflict IS NOT NULL;

    IF conflicts IS NOT NULL THEN
        RAISE EXCEPTION 'table % cannot be adopted: %', table_name, conflicts
            USING ERRCODE = 'datatype_mismatch',
                  HINT = 'Rename the table or change the columns, then start the hub again.';
    END IF;
END
$$;


--
-- Name: FUNCTION require_columns(table_name text, expected jsonb); Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON FUNCTION hub.require_columns(table_name text, expected jsonb) IS 'Raises, naming table and column, when an existing table cannot be adopted';


--
-- Name: require_key(text, text[]); Type: FUNCTION; Schema: hub; Owner: -
--

CREATE FUNCTION hub.require_key(table_name text, columns text[]) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog'
    AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_index i
        WHERE i.indrelid = to_regclass(table_name) AND i.indisunique AND i.indpred IS NULL
          AND (SELECT array_agg(a.attname::text ORDER BY a.attname)
               FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey))
              = (SELECT array_agg(c ORDER BY c) FROM unnest(columns) c)
    ) THEN
        RAISE EXCEPTION 'table % cannot be adopted: no unique index over (%)', table_name,
            array_to_string(columns, ', ')
            USING ERRCODE = 'datatype_mismatch',
                  HINT = 'Add the unique index, or rename the table, then start the hub again.';
    END IF;
END
$$;


--
-- Name: FUNCTION require_key(table_name text, columns text[]); Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON FUNCTION hub.require_key(table_name text, columns text[]) IS 'Raises, naming table and columns, when an existing table has no such key';


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: attack_patterns; Type: TABLE; Schema: analytics; Owner: -
--

CREATE TABLE analytics.attack_patterns (
    pattern_id text NOT NULL,
    name text NOT NULL,
    category text NOT NULL,
    severity text NOT NULL,
    description text,
    reference text,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT attack_patterns_severity_check CHECK ((severity = ANY (ARRAY['low'::text, 'medium'::text, 'high'::text, 'critical'::text])))
);


--
-- Name: TABLE attack_patterns; Type: COMMENT; Schema: analytics; Owner: -
--

COMMENT ON TABLE analytics.attack_patterns IS 'Ways to attack a model, such as AML.T0051 of MITRE ATLAS';


--
-- Name: model_performance; Type: TABLE; Schema: analytics; Owner: -
--

CREATE TABLE analytics.model_performance (
    id bigint NOT NULL,
    model_name text NOT NULL,
    model_version text NOT NULL,
    environment text NOT NULL,
    measured_at timestamp with time zone NOT NULL,
    window_seconds integer NOT NULL,
    true_positives bigint NOT NULL,
    false_positives bigint NOT NULL,
    true_negatives bigint NOT NULL,
    false_negatives bigint NOT NULL,
    requests bigint GENERATED ALWAYS AS ((((true_positives + false_positives) + true_negatives) + false_negatives)) STORED,
    auc numeric(7,6),
    latency_p50_ms double precision NOT NULL,
    latency_p95_ms double precision NOT NULL,
    feature_versions text[] DEFAULT '{}'::text[] NOT NULL,
    slices jsonb DEFAULT '{}'::jsonb NOT NULL,
    notes text,
    CONSTRAINT model_performance_auc_check CHECK (((auc >= (0)::numeric) AND (auc <= (1)::numeric))),
    CONSTRAINT model_performance_environment_check CHECK ((environment = ANY (ARRAY['production'::text, 'canary'::text, 'shadow'::text]))),
    CONSTRAINT model_performance_false_negatives_check CHECK ((false_negatives >= 0)),
    CONSTRAINT model_performance_false_positives_check CHECK ((false_positives >= 0)),
    CONSTRAINT model_performance_true_negatives_check CHECK ((true_negatives >= 0)),
    CONSTRAINT model_performance_true_positives_check CHECK ((true_positives >= 0)),
    CONSTRAINT model_performance_window_seconds_check CHECK ((window_seconds > 0))
);


--
-- Name: TABLE model_performance; Type: COMMENT; Schema: analytics; Owner: -
--

COMMENT ON TABLE analytics.model_performance IS 'Confusion counts, AUC and latency per model version, environment and window';


--
-- Name: COLUMN model_performance.measured_at; Type: COMMENT; Schema: analytics; Owner: -
--

COMMENT ON COLUMN analytics.model_performance.measured_at IS 'End of the window';


--
-- Name: COLUMN model_performance.slices; Type: COMMENT; Schema: analytics; Owner: -
--

COMMENT ON COLUMN analytics.model_performance.slices IS 'Recall per traffic slice: {"channel": {"mobile": 0.93}}';


--
-- Name: model_performance_daily; Type: MATERIALIZED VIEW; Schema: analytics; Owner: -
--

CREATE MATERIALIZED VIEW analytics.model_performance_daily AS
 SELECT model_performance.model_name,
    model_performance.environment,
    ((model_performance.measured_at AT TIME ZONE 'UTC'::text))::date AS day,
    sum(model_performance.requests) AS requests,
    round((sum(model_performance.true_positives) / NULLIF(sum((model_performance.true_positives + model_performance.false_negatives)), (0)::numeric)), 6) AS recall,
    round((sum(model_performance.true_positives) / NULLIF(sum((model_performance.true_positives + model_performance.false_positives)), (0)::numeric)), 6) AS "precision",
    max(model_performance.latency_p95_ms) AS worst_latency_p95_ms
   FROM analytics.model_performance
  GROUP BY model_performance.model_name, model_performance.environment, (((model_performance.measured_at AT TIME ZONE 'UTC'::text))::date)
  WITH NO DATA;


--
-- Name: model_performance_id_seq; Type: SEQUENCE; Schema: analytics; Owner: -
--

ALTER TABLE analytics.model_performance ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME analytics.model_performance_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: red_team_results; Type: TABLE; Schema: analytics; Owner: -
--

CREATE TABLE analytics.red_team_results (
    campaign text NOT NULL,
    result_id text NOT NULL,
    model_name text NOT NULL,
    model_version text NOT NULL,
    pattern_id text NOT NULL,
    outcome text NOT NULL,
    severity text NOT NULL,
    score double precision,
    executed_at timestamp with time zone NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT red_team_results_outcome_check CHECK ((outcome = ANY (ARRAY['blocked'::text, 'partial'::text, 'succeeded'::text]))),
    CONSTRAINT red_team_results_score_check CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision))),
    CONSTRAINT red_team_results_severity_check CHECK ((severity = ANY (ARRAY['low'::text, 'medium'::text, 'high'::text, 'critical'::text])))
);


--
-- Name: TABLE red_team_results; Type: COMMENT; Schema: analytics; Owner: -
--

COMMENT ON TABLE analytics.red_team_results IS 'One row per attack of a campaign on a model version';


--
-- Name: COLUMN red_team_results.score; Type: COMMENT; Schema: analytics; Owner: -
--

COMMENT ON COLUMN analytics.red_team_results.score IS 'How far the attack got, 0 to 1';


--
-- Name: vulnerabilities; Type: TABLE; Schema: analytics; Owner: -
--

CREATE TABLE analytics.vulnerabilities (
    vulnerability_id text NOT NULL,
    model_name text NOT NULL,
    model_version text NOT NULL,
    title text NOT NULL,
    severity text NOT NULL,
    status text NOT NULL,
    cvss double precision,
    pattern_id text,
    description text,
    discovered_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT vulnerabilities_cvss_check CHECK (((cvss >= (0)::double precision) AND (cvss <= (10)::double precision))),
    CONSTRAINT vulnerabilities_severity_check CHECK ((severity = ANY (ARRAY['low'::text, 'medium'::text, 'high'::text, 'critical'::text]))),
    CONSTRAINT vulnerabilities_status_check CHECK ((status = ANY (ARRAY['open'::text, 'mitigated'::text, 'accepted'::text, 'fixed'::text])))
);


--
-- Name: TABLE vulnerabilities; Type: COMMENT; Schema: analytics; Owner: -
--

COMMENT ON TABLE analytics.vulnerabilities IS 'Weaknesses of model versions, found or known';


--
-- Name: kpi_definitions; Type: TABLE; Schema: business_metrics; Owner: -
--

CREATE TABLE business_metrics.kpi_definitions (
    id integer NOT NULL,
    name text NOT NULL,
    unit text NOT NULL,
    higher_is_better boolean NOT NULL,
    description text NOT NULL
);


--
-- Name: TABLE kpi_definitions; Type: COMMENT; Schema: business_metrics; Owner: -
--

COMMENT ON TABLE business_metrics.kpi_definitions IS 'What each KPI measures, and in which unit';


--
-- Name: kpis; Type: TABLE; Schema: business_metrics; Owner: -
--

CREATE TABLE business_metrics.kpis (
    id bigint NOT NULL,
    definition_id integer NOT NULL,
    business_unit text NOT NULL,
    period daterange NOT NULL,
    value numeric(18,4) NOT NULL,
    target numeric(18,4),
    attainment numeric GENERATED ALWAYS AS (round((value / NULLIF(target, (0)::numeric)), 4)) STORED,
    dimensions jsonb DEFAULT '{}'::jsonb NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: TABLE kpis; Type: COMMENT; Schema: business_metrics; Owner: -
--

COMMENT ON TABLE business_metrics.kpis IS 'One value per KPI, business unit and period';


--
-- Name: COLUMN kpis.attainment; Type: COMMENT; Schema: business_metrics; Owner: -
--

COMMENT ON COLUMN business_metrics.kpis.attainment IS 'value / target; null without a target';


--
-- Name: kpis_id_seq; Type: SEQUENCE; Schema: business_metrics; Owner: -
--

ALTER TABLE business_metrics.kpis ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME business_metrics.kpis_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: classification_number; Type: SEQUENCE; Schema: data_privacy; Owner: -
--

CREATE SEQUENCE data_privacy.classification_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: data_classifications; Type: TABLE; Schema: data_privacy; Owner: -
--

CREATE TABLE data_privacy.data_classifications (
    id uuid NOT NULL,
    number text DEFAULT ('DC-'::text || lpad((nextval('data_privacy.classification_number'::regclass))::text, 7, '0'::text)) NOT NULL,
    parent_id uuid,
    store text NOT NULL,
    location text NOT NULL,
    sensitivity text NOT NULL,
    categories text[] DEFAULT '{}'::text[] NOT NULL,
    confidence numeric(4,3) NOT NULL,
    legal_basis text,
    retention interval,
    sample_sha256 bytea NOT NULL,
    evidence jsonb DEFAULT '{}'::jsonb NOT NULL,
    detected_at timestamp with time zone NOT NULL,
    reviewed_at timestamp with time zone,
    reviewed_by text,
    CONSTRAINT data_classifications_check CHECK (((reviewed_at IS NULL) = (reviewed_by IS NULL))),
    CONSTRAINT data_classifications_confidence_check CHECK (((confidence >= (0)::numeric) AND (confidence <= (1)::numeric))),
    CONSTRAINT data_classifications_sensitivity_check CHECK ((sensitivity = ANY (ARRAY['public'::text, 'internal'::text, 'confidential'::text, 'restricted'::text]))),
    CONSTRAINT data_classifications_store_check CHECK ((store = ANY (ARRAY['postgresql'::text, 's3'::text, 'redis'::text])))
);


--
-- Name: TABLE data_classifications; Type: COMMENT; Schema: data_privacy; Owner: -
--

COMMENT ON TABLE data_privacy.data_classifications IS 'Verdict per column, key pattern or object: what personal data it holds';


--
-- Name: COLUMN data_classifications.parent_id; Type: COMMENT; Schema: data_privacy; Owner: -
--

COMMENT ON COLUMN data_privacy.data_classifications.parent_id IS 'The table or bucket this location lies in';


--
-- Name: COLUMN data_classifications.sample_sha256; Type: COMMENT; Schema: data_privacy; Owner: -
--

COMMENT ON COLUMN data_privacy.data_classifications.sample_sha256 IS 'SHA-256 of the sample the verdict rests on; the sample itself is not kept';


--
-- Name: api_key; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.api_key (
    id uuid NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    sha256 bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by text NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    revoked_by text,
    last_used_at timestamp with time zone,
    CONSTRAINT api_key_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT api_key_role_check CHECK ((role = ANY (ARRAY['service'::text, 'viewer'::text, 'operator'::text, 'admin'::text]))),
    CONSTRAINT api_key_sha256_check CHECK ((length(sha256) = 32))
);


--
-- Name: audit; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.audit (
    seq bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    target text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    trace_id text
);


--
-- Name: audit_seq_seq; Type: SEQUENCE; Schema: hub; Owner: -
--

ALTER TABLE hub.audit ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hub.audit_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: damaged_chunk; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.damaged_chunk (
    source text NOT NULL,
    snapshot text NOT NULL,
    chunk text NOT NULL,
    found_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: TABLE damaged_chunk; Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON TABLE hub.damaged_chunk IS 'Chunks that a drill or verification found damaged or missing, until they are sent or read again';


--
-- Name: dead_letter; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.dead_letter (
    id uuid NOT NULL,
    message_id text NOT NULL,
    port text NOT NULL,
    body bytea NOT NULL,
    media_type text NOT NULL,
    headers jsonb DEFAULT '{}'::jsonb NOT NULL,
    error jsonb NOT NULL,
    trace_id text,
    failures integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    replayed_at timestamp with time zone,
    replayed_by text,
    replaying_until timestamp with time zone,
    edited_at timestamp with time zone,
    edited_by text,
    original_body bytea,
    original_headers jsonb,
    original_media_type text,
    discarded_at timestamp with time zone,
    discarded_by text,
    discard_reason text
);


--
-- Name: delivery; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.delivery (
    seq bigint NOT NULL,
    id uuid NOT NULL,
    target text NOT NULL,
    rule text NOT NULL,
    channel text NOT NULL,
    type text NOT NULL,
    event_id uuid NOT NULL,
    lane text NOT NULL,
    bundle text,
    envelope text NOT NULL,
    message text,
    state text DEFAULT 'waiting'::text NOT NULL,
    merged_into uuid,
    merges integer DEFAULT 0 NOT NULL,
    not_before timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    first_tried_at timestamp with time zone,
    tried_at timestamp with time zone,
    lease_owner text,
    lease_until timestamp with time zone,
    fence bigint,
    last_status integer,
    last_response text,
    last_error text,
    last_ms bigint,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT delivery_check CHECK (((state = 'sending'::text) = (lease_until IS NOT NULL))),
    CONSTRAINT delivery_check1 CHECK (((state = ANY (ARRAY['delivered'::text, 'dead'::text, 'merged'::text, 'dropped'::text])) = (ended_at IS NOT NULL))),
    CONSTRAINT delivery_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sending'::text, 'delivered'::text, 'dead'::text, 'merged'::text, 'dropped'::text])))
);


--
-- Name: TABLE delivery; Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON TABLE hub.delivery IS 'One row per event and target that is told of it';


--
-- Name: delivery_seq_seq; Type: SEQUENCE; Schema: hub; Owner: -
--

ALTER TABLE hub.delivery ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hub.delivery_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: event_channel; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.event_channel (
    name text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: TABLE event_channel; Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON TABLE hub.event_channel IS 'Channels that ever carried an event: which streams there may be in Redis';


--
-- Name: fence; Type: SEQUENCE; Schema: hub; Owner: -
--

CREATE SEQUENCE hub.fence
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: ingested; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.ingested (
    source text NOT NULL,
    message_id text NOT NULL,
    taken_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: TABLE ingested; Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON TABLE hub.ingested IS 'Ids of messages that hub.ingest took in the last 7 days';


--
-- Name: job_run; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.job_run (
    id uuid NOT NULL,
    job text NOT NULL,
    trigger_kind text NOT NULL,
    trigger_id text,
    fire_time timestamp with time zone NOT NULL,
    params jsonb DEFAULT '{}'::jsonb NOT NULL,
    dry_run boolean DEFAULT false NOT NULL,
    state text NOT NULL,
    exclusive_key text,
    requested_by text NOT NULL,
    queued_at timestamp with time zone DEFAULT now() NOT NULL,
    not_before timestamp with time zone DEFAULT now() NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    retries_left integer DEFAULT 0 NOT NULL,
    backoff_ms bigint DEFAULT 30000 NOT NULL,
    timeout_ms bigint NOT NULL,
    lost integer DEFAULT 0 NOT NULL,
    lease_owner text,
    lease_until timestamp with time zone,
    fence bigint,
    cancel_asked_at timestamp with time zone,
    cancel_asked_by text,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    progress jsonb,
    headline text,
    summary jsonb,
    error jsonb,
    trace_id text,
    replay_of uuid,
    idempotency_key text,
    request_hash text,
    traceparent text,
    catch_up boolean DEFAULT false NOT NULL,
    retries integer,
    CONSTRAINT job_run_backoff_ms_check CHECK ((backoff_ms >= 0)),
    CONSTRAINT job_run_check CHECK (((state = 'running'::text) = (lease_until IS NOT NULL))),
    CONSTRAINT job_run_check1 CHECK (((state = ANY (ARRAY['succeeded'::text, 'failed'::text, 'cancelled'::text, 'skipped'::text])) = (finished_at IS NOT NULL))),
    CONSTRAINT job_run_retries_left_check CHECK ((retries_left >= 0)),
    CONSTRAINT job_run_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text, 'skipped'::text]))),
    CONSTRAINT job_run_timeout_ms_check CHECK ((timeout_ms > 0)),
    CONSTRAINT job_run_trigger_kind_check CHECK ((trigger_kind = ANY (ARRAY['schedule'::text, 'api'::text, 'event'::text, 'backfill'::text, 'replay'::text])))
);


--
-- Name: COLUMN job_run.traceparent; Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON COLUMN hub.job_run.traceparent IS 'W3C trace context of the request or fire that asked for the run';


--
-- Name: COLUMN job_run.catch_up; Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON COLUMN hub.job_run.catch_up IS 'A missed fire that the misfire policy made up for: fresh runs go first, as before a backfill';


--
-- Name: COLUMN job_run.retries; Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON COLUMN hub.job_run.retries IS 'Retries it was given; retries_left counts down from here. NULL: written by an older hub';


--
-- Name: memory_level; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.memory_level (
    what text NOT NULL,
    level text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT memory_level_what_check CHECK ((what = ANY (ARRAY['memory'::text, 'evictions'::text])))
);


--
-- Name: outbox; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.outbox (
    seq bigint NOT NULL,
    id uuid NOT NULL,
    channel text NOT NULL,
    key text NOT NULL,
    type text NOT NULL,
    envelope jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    relayed_at timestamp with time zone,
    lane smallint GENERATED ALWAYS AS (abs((hashtext(((channel || '/'::text) || key)) % 8))) STORED NOT NULL
);


--
-- Name: outbox_seq_seq; Type: SEQUENCE; Schema: hub; Owner: -
--

ALTER TABLE hub.outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hub.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: probe_state; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.probe_state (
    seq bigint NOT NULL,
    probe text NOT NULL,
    state text NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone,
    looked_at timestamp with time zone NOT NULL,
    took_ms bigint NOT NULL,
    why text,
    CONSTRAINT probe_state_check CHECK ((until >= since)),
    CONSTRAINT probe_state_state_check CHECK ((state = ANY (ARRAY['up'::text, 'down'::text]))),
    CONSTRAINT probe_state_took_ms_check CHECK ((took_ms >= 0))
);


--
-- Name: TABLE probe_state; Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON TABLE hub.probe_state IS 'States of probes, one row per change: how long each was up or down';


--
-- Name: probe_state_seq_seq; Type: SEQUENCE; Schema: hub; Owner: -
--

ALTER TABLE hub.probe_state ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hub.probe_state_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: publication; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.publication (
    key text NOT NULL,
    request_hash text NOT NULL,
    ids uuid[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: TABLE publication; Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON TABLE hub.publication IS 'Answers to POST /api/notifications that a repeat is given again';


--
-- Name: redteam_told; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.redteam_told (
    kind text NOT NULL,
    key text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: TABLE redteam_told; Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON TABLE hub.redteam_told IS 'Critical findings that an event told of, each once';


--
-- Name: relay_lane; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.relay_lane (
    lane smallint NOT NULL,
    owner text,
    lease_until timestamp with time zone,
    fence bigint DEFAULT 0 NOT NULL,
    redis_run text,
    redis_seen timestamp with time zone,
    CONSTRAINT relay_lane_lane_check CHECK (((lane >= 0) AND (lane <= 7)))
);


--
-- Name: TABLE relay_lane; Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON TABLE hub.relay_lane IS 'Who relays which lane of the outbox to Redis';


--
-- Name: repository_lease; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.repository_lease (
    id bigint NOT NULL,
    run_id uuid NOT NULL,
    attempt integer NOT NULL,
    kind text NOT NULL,
    source text,
    snapshot text,
    since timestamp with time zone DEFAULT now() NOT NULL,
    place text DEFAULT ''::text NOT NULL,
    CONSTRAINT repository_lease_kind_check CHECK ((kind = ANY (ARRAY['write'::text, 'read'::text, 'restore'::text, 'expire'::text, 'sweep'::text])))
);


--
-- Name: repository_lease_id_seq; Type: SEQUENCE; Schema: hub; Owner: -
--

ALTER TABLE hub.repository_lease ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hub.repository_lease_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: run_log; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.run_log (
    seq bigint NOT NULL,
    run_id uuid NOT NULL,
    attempt integer NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    level text NOT NULL,
    message text NOT NULL,
    CONSTRAINT run_log_level_check CHECK ((level = ANY (ARRAY['INFO'::text, 'WARN'::text, 'ERROR'::text])))
);


--
-- Name: run_log_seq_seq; Type: SEQUENCE; Schema: hub; Owner: -
--

ALTER TABLE hub.run_log ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hub.run_log_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: schema_version; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.schema_version (
    installed_rank integer NOT NULL,
    version character varying(50),
    description character varying(200) NOT NULL,
    type character varying(20) NOT NULL,
    script character varying(1000) NOT NULL,
    checksum integer,
    installed_by character varying(100) NOT NULL,
    installed_on timestamp without time zone DEFAULT now() NOT NULL,
    execution_time integer NOT NULL,
    success boolean NOT NULL
);


--
-- Name: snapshot; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.snapshot (
    source text NOT NULL,
    id text NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone NOT NULL,
    row_count bigint NOT NULL,
    plain_bytes bigint NOT NULL,
    stored_bytes bigint NOT NULL,
    new_bytes bigint NOT NULL,
    run_id uuid,
    drilled_at timestamp with time zone,
    verified boolean,
    drill_detail text,
    rto_ms bigint,
    holds jsonb DEFAULT '{}'::jsonb NOT NULL,
    read_at timestamp with time zone,
    intact boolean,
    read_detail text,
    kind text DEFAULT 'postgres'::text NOT NULL
);


--
-- Name: COLUMN snapshot.verified; Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON COLUMN hub.snapshot.verified IS 'What the last drill found; taken back by a later reading that found damage';


--
-- Name: COLUMN snapshot.intact; Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON COLUMN hub.snapshot.intact IS 'Whether the last reading of every byte found all of it right; NULL: never read';


--
-- Name: COLUMN snapshot.kind; Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON COLUMN hub.snapshot.kind IS 'As its manifest says; sql: imported, and never counted as a backup of this hub';


--
-- Name: switch; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.switch (
    name text NOT NULL,
    is_on boolean NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_by text NOT NULL
);


--
-- Name: ticket; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.ticket (
    sha256 bytea NOT NULL,
    key_id uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT ticket_sha256_check CHECK ((length(sha256) = 32))
);


--
-- Name: TABLE ticket; Type: COMMENT; Schema: hub; Owner: -
--

COMMENT ON TABLE hub.ticket IS 'Admits the owner of a key to one stream, once, for half a minute; the ticket itself is not kept';


--
-- Name: trigger_state; Type: TABLE; Schema: hub; Owner: -
--

CREATE TABLE hub.trigger_state (
    trigger_id text NOT NULL,
    covered_until timestamp with time zone NOT NULL,
    schedule text NOT NULL,
    paused_at timestamp with time zone,
    paused_by text
);


--
-- Data for Name: attack_patterns; Type: TABLE DATA; Schema: analytics; Owner: -
--

COPY analytics.attack_patterns (pattern_id, name, category, severity, description, reference, updated_at) FROM stdin;
\.


--
-- Data for Name: model_performance; Type: TABLE DATA; Schema: analytics; Owner: -
--

COPY analytics.model_performance (id, model_name, model_version, environment, measured_at, window_seconds, true_positives, false_positives, true_negatives, false_negatives, auc, latency_p50_ms, latency_p95_ms, feature_versions, slices, notes) FROM stdin;
\.


--
-- Data for Name: red_team_results; Type: TABLE DATA; Schema: analytics; Owner: -
--

COPY analytics.red_team_results (campaign, result_id, model_name, model_version, pattern_id, outcome, severity, score, executed_at, details, updated_at) FROM stdin;
\.


--
-- Data for Name: vulnerabilities; Type: TABLE DATA; Schema: analytics; Owner: -
--

COPY analytics.vulnerabilities (vulnerability_id, model_name, model_version, title, severity, status, cvss, pattern_id, description, discovered_at, updated_at) FROM stdin;
\.


--
-- Data for Name: kpi_definitions; Type: TABLE DATA; Schema: business_metrics; Owner: -
--

COPY business_metrics.kpi_definitions (id, name, unit, higher_is_better, description) FROM stdin;
\.


--
-- Data for Name: kpis; Type: TABLE DATA; Schema: business_metrics; Owner: -
--

COPY business_metrics.kpis (id, definition_id, business_unit, period, value, target, dimensions, recorded_at) FROM stdin;
\.


--
-- Data for Name: data_classifications; Type: TABLE DATA; Schema: data_privacy; Owner: -
--

COPY data_privacy.data_classifications (id, number, parent_id, store, location, sensitivity, categories, confidence, legal_basis, retention, sample_sha256, evidence, detected_at, reviewed_at, reviewed_by) FROM stdin;
\.


--
-- Data for Name: api_key; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.api_key (id, name, role, sha256, created_at, created_by, expires_at, revoked_at, revoked_by, last_used_at) FROM stdin;
c95190b5-a20b-468f-af2a-d07c6ad90803	first	admin	\\x6066067f25dbdf51ea4bf52cab97a2cda62bc11b8722465d7a923db43eccf824	2026-12-01 02:14:35.742547+00	hub	\N	\N	\N	2026-12-01 02:14:35.954407+00
45c337ee-5cfa-40b8-88e6-93a96ed96265	scorer	service	\\x199e1d897ec72d3c381a8079076d8f1f6ea613ddfc1ddeb77943aa9b9be128ee	2026-12-01 02:14:40.975725+00	first	\N	\N	\N	\N
\.


--
-- Data for Name: audit; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.audit (seq, at, actor, action, target, detail, trace_id) FROM stdin;
1	2026-12-01 02:14:35.742547+00	hub	key.create	c95190b5-a20b-468f-af2a-d07c6ad90803	{"name": "first", "role": "admin"}	\N
2	2026-12-01 02:14:35.981155+00	first	run.submit	58c3d370-ab68-40a6-8749-e00dcd7abf67	{"job": "backup.postgres", "dryRun": false, "params": {"source": "shop"}}	67eeec69f2e4b2b75609ff613c8c6b2e
3	2026-12-01 02:14:38.353359+00	first	snapshots.list	*	{}	39b3289f84183462b7f3ac866899c07b
4	2026-12-01 02:14:38.408366+00	first	run.submit	bc1fdaf8-8508-43cc-b7af-c6fba3c6644a	{"job": "backup.drill", "dryRun": false, "params": {"copy": "", "source": "shop", "snapshot": "latest"}}	56ec09ee6266555691134dab33a79e17
5	2026-12-01 02:14:40.141548+00	first	run.submit	9ab83433-db77-4a89-a17c-d7247cba81fb	{"job": "restore.postgres", "dryRun": false, "params": {"hub": false, "copy": "", "force": false, "owners": false, "powers": false, "source": "shop", "target": "spare", "globals": false, "database": "shop", "snapshot": "latest", "keepGoing": false}}	3a28c5ca88ce528397c8a51f4c896c98
6	2026-12-01 02:14:40.821889+00	first	snapshot.hold	shop/20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3	{"hold": "audit", "reason": "kept for the audit"}	e3105b6818ae68762f9d4bfe9d63c3bb
7	2026-12-01 02:14:40.894562+00	first	trigger.pause	backup.postgres/shop-nightly	{}	e6ffa0ea9049359aa92547d9b3799e62
8	2026-12-01 02:14:40.975725+00	first	key.create	45c337ee-5cfa-40b8-88e6-93a96ed96265	{"name": "scorer", "role": "service"}	88f2f5751c1b4ec6602f09b57078f580
9	2026-12-01 02:14:43.34204+00	first	run.submit	0bee584e-be60-4ae4-b628-4fb6abbe8a87	{"job": "backup.verify", "dryRun": false, "params": {"copy": "", "share": 100, "source": "shop", "snapshot": "all"}}	4bb38d7c7885aedcff0a6a5fc1ed3a86
10	2026-12-01 02:14:43.381209+00	first	run.submit	45b77eaa-c04f-488e-a0df-5c61a226a9e1	{"job": "backup.verify", "dryRun": false, "params": {"copy": "", "share": 100, "source": "shop", "snapshot": "all"}}	e5a3deb81e979afca0946f0a46dc5739
11	2026-12-01 02:14:43.534427+00	first	run.submit	0413b950-f8ea-47cf-9399-f89cdfff046d	{"job": "backup.verify", "dryRun": false, "params": {"copy": "", "share": 100, "source": "shop", "snapshot": "all"}}	5943815992fb69270b42b5038f1f311f
12	2026-12-01 02:14:43.634263+00	first	run.submit	6fee2943-bf73-4ef7-b3cb-d301e72a1b9b	{"job": "backup.verify", "dryRun": false, "params": {"copy": "", "share": 100, "source": "shop", "snapshot": "all"}}	b37786b81414e854fb33eb267121efaf
13	2026-12-01 02:14:43.705385+00	first	run.submit	f8517cbe-676e-4202-a5ef-2c855d5a02f6	{"job": "backup.verify", "dryRun": false, "params": {"copy": "", "share": 100, "source": "shop", "snapshot": "all"}}	4af39fcdd3147fc6c04bc4b39703ce92
14	2026-12-01 02:14:43.834407+00	first	run.submit	cc02b389-7797-4357-b880-44bfd18262fb	{"job": "backup.verify", "dryRun": false, "params": {"copy": "", "share": 100, "source": "shop", "snapshot": "all"}}	f411365304f93aa85958a80b8858e1b5
\.


--
-- Data for Name: damaged_chunk; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.damaged_chunk (source, snapshot, chunk, found_at) FROM stdin;
\.


--
-- Data for Name: dead_letter; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.dead_letter (id, message_id, port, body, media_type, headers, error, trace_id, failures, created_at, replayed_at, replayed_by, replaying_until, edited_at, edited_by, original_body, original_headers, original_media_type, discarded_at, discarded_by, discard_reason) FROM stdin;
b0fec7a6-7fcd-42a6-9f07-7774811dc4b5	sha256:1fdad67b001b3dd3896eeec345acf532426ce38fa871b04a9dd5b65275427df8	redteam.ingest	\\x7b2265787465726e616c5f6964223a22722d31222c226d6f64656c223a226672617564222c2261747461636b223a226a61696c627265616b222c226f7574636f6d65223a22737563636565646564222c227365766572697479223a2268696768222c226174223a22323032362d30312d30325430333a30343a30355a227d	text/plain	{"kind": "results", "line": "2"}	{"type": "routes.platform.error.InvalidInputException", "detail": "line 2: / breaks required 'campaign'"}	e8e6149241ae3c950717a5db1cd9fdce	1	2026-12-01 02:14:41.199558+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N
06b0420e-90a7-438e-a7b6-7a2ee6076f72	sha256:c16a777e6b822b0068594887c074d4f4e4602e0656723c64bd74802a443c61d0	redteam.ingest	\\x7b2265787465726e616c5f6964223a22722d32222c226d6f64656c223a226672617564222c2261747461636b223a226a61696c627265616b222c226f7574636f6d65223a226e6f6e73656e7365222c227365766572697479223a2268696768222c226174223a22323032362d30312d30325430333a30343a30355a227d	text/plain	{"kind": "results", "line": "3"}	{"type": "routes.platform.error.InvalidInputException", "detail": "line 3: /outcome breaks enum [\\"blocked\\",\\"partial\\",\\"succeeded\\"]"}	e8e6149241ae3c950717a5db1cd9fdce	1	2026-12-01 02:14:41.218944+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N
\.


--
-- Data for Name: delivery; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.delivery (seq, id, target, rule, channel, type, event_id, lane, bundle, envelope, message, state, merged_into, merges, not_before, attempts, first_tried_at, tried_at, lease_owner, lease_until, fence, last_status, last_response, last_error, last_ms, created_at, ended_at) FROM stdin;
2	a7d8643c-573c-4a67-82b0-94bc084fda78	oncall	all	backup	backup.drilled	e4e57bfe-6b9e-38aa-ab3c-25023f140dfa	key/backup/shop	\N	{"specversion":"1.0","id":"e4e57bfe-6b9e-38aa-ab3c-25023f140dfa","source":"/hub/recorded","type":"backup.drilled","subject":"shop","time":"2026-12-01T02:14:39.746831761Z","severity":"info","datacontenttype":"application/json","traceparent":"00-56ec09ee6266555691134dab33a79e17-b62f1f39743d3ca0-01","data":{"source":"shop","snapshot":"20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3","run":"bc1fdaf8-8508-43cc-b7af-c6fba3c6644a","rows":600,"rtoMillis":1083}}	\N	waiting	\N	0	2026-12-01 02:14:39.752199+00	0	\N	\N	\N	\N	\N	\N	\N	\N	\N	2026-12-01 02:14:39.752199+00	\N
3	dae3ea98-0ffd-4f08-8885-a25131e58a80	oncall	all	backup	restore.failed	033d1aa5-e313-32c6-8f27-2079d23f635f	key/backup/shop	\N	{"specversion":"1.0","id":"033d1aa5-e313-32c6-8f27-2079d23f635f","source":"/hub/recorded","type":"restore.failed","subject":"shop","time":"2026-12-01T02:14:40.225063594Z","severity":"error","datacontenttype":"application/json","traceparent":"00-3a28c5ca88ce528397c8a51f4c896c98-f900c3183d3196ec-01","data":{"source":"shop","run":"9ab83433-db77-4a89-a17c-d7247cba81fb","attempts":1}}	\N	waiting	\N	0	2026-12-01 02:14:40.229652+00	0	\N	\N	\N	\N	\N	\N	\N	\N	\N	2026-12-01 02:14:40.229653+00	\N
4	0a956394-2580-4bf1-8d59-4f93173a4fc4	oncall	all	jobs	run.failed	d09ac424-b625-303d-99ae-2457f96b62d0	key/jobs/restore.postgres	\N	{"specversion":"1.0","id":"d09ac424-b625-303d-99ae-2457f96b62d0","source":"/hub/recorded","type":"run.failed","subject":"restore.postgres","time":"2026-12-01T02:14:40.230689437Z","severity":"error","datacontenttype":"application/json","traceparent":"00-3a28c5ca88ce528397c8a51f4c896c98-f900c3183d3196ec-01","data":{"run":"9ab83433-db77-4a89-a17c-d7247cba81fb","job":"restore.postgres","attempts":1}}	\N	waiting	\N	0	2026-12-01 02:14:44.852016+00	1	2026-12-01 02:14:40.238976+00	2026-12-01 02:14:40.238976+00	\N	\N	5	\N	\N	the host's name is not known: alerts.example.org	4	2026-12-01 02:14:40.234188+00	\N
5	696baa7f-fa72-45b5-9d3d-0662909a200a	oncall	all	demo	demo.tested	68ced147-27c1-4ee0-aeb5-5beb3825d895	key/demo/a	\N	{"specversion":"1.0","id":"68ced147-27c1-4ee0-aeb5-5beb3825d895","source":"/hub/recorded","type":"demo.tested","subject":"a","time":"2026-12-01T02:14:41.043444584Z","severity":"info","datacontenttype":"application/json","traceparent":"00-33727aa81d73065c446e3230f93f8eed-a924f213418ee36f-01","data":{"n":1}}	\N	waiting	\N	0	2026-12-01 02:14:45.706935+00	1	2026-12-01 02:14:41.076417+00	2026-12-01 02:14:41.076417+00	\N	\N	6	\N	\N	the host's name is not known: alerts.example.org	9	2026-12-01 02:14:41.059758+00	\N
1	680fb596-31ea-4020-ba3e-ec99f856674f	oncall	all	backup	backup.published	697148c0-b4b0-38c4-aa58-e7c8302141f9	key/backup/shop	\N	{"specversion":"1.0","id":"697148c0-b4b0-38c4-aa58-e7c8302141f9","source":"/hub/recorded","type":"backup.published","subject":"shop","time":"2026-12-01T02:14:38.185257484Z","severity":"info","datacontenttype":"application/json","traceparent":"00-67eeec69f2e4b2b75609ff613c8c6b2e-7a9743227ba425ce-01","data":{"source":"shop","snapshot":"20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3","takenAt":"2026-12-01T02:14:37.869045Z","rows":600,"plainBytes":15888,"storedBytes":4139,"newBytes":4139,"run":"58c3d370-ab68-40a6-8749-e00dcd7abf67"}}	\N	waiting	\N	0	2026-12-01 02:14:57.84832+00	2	2026-12-01 02:14:38.238588+00	2026-12-01 02:14:43.109145+00	\N	\N	7	\N	\N	the host's name is not known: alerts.example.org	7	2026-12-01 02:14:38.211409+00	\N
6	96070e41-1b8f-4da4-9352-6b4f3ad5f732	oncall	all	backup	backup.verified	e9959507-38fe-3b50-bf58-671e4b42b7d0	key/backup/shop	\N	{"specversion":"1.0","id":"e9959507-38fe-3b50-bf58-671e4b42b7d0","source":"/hub/recorded","type":"backup.verified","subject":"shop","time":"2026-12-01T02:14:43.496595474Z","severity":"info","datacontenttype":"application/json","traceparent":"00-4bb38d7c7885aedcff0a6a5fc1ed3a86-6bf1df5921323eb7-01","data":{"source":"shop","snapshot":"20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3","run":"0bee584e-be60-4ae4-b628-4fb6abbe8a87"}}	\N	waiting	\N	0	2026-12-01 02:14:43.508597+00	0	\N	\N	\N	\N	\N	\N	\N	\N	\N	2026-12-01 02:14:43.508598+00	\N
7	e6e93d02-b1b4-4372-a0da-70b888844538	oncall	all	backup	backup.verified	b4ccc60e-0bc2-3dd0-bfd5-b4cf57583743	key/backup/shop	\N	{"specversion":"1.0","id":"b4ccc60e-0bc2-3dd0-bfd5-b4cf57583743","source":"/hub/recorded","type":"backup.verified","subject":"shop","time":"2026-12-01T02:14:43.672387699Z","severity":"info","datacontenttype":"application/json","traceparent":"00-e5a3deb81e979afca0946f0a46dc5739-d2730621e5dd7243-01","data":{"source":"shop","snapshot":"20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3","run":"45b77eaa-c04f-488e-a0df-5c61a226a9e1"}}	\N	waiting	\N	0	2026-12-01 02:14:43.68085+00	0	\N	\N	\N	\N	\N	\N	\N	\N	\N	2026-12-01 02:14:43.680851+00	\N
8	f2a0a709-a6d9-4b29-8b90-fa9dabd4f10d	oncall	all	backup	backup.verified	3536a44e-f9fb-3716-adfb-8e6ebb8d41db	key/backup/shop	\N	{"specversion":"1.0","id":"3536a44e-f9fb-3716-adfb-8e6ebb8d41db","source":"/hub/recorded","type":"backup.verified","subject":"shop","time":"2026-12-01T02:14:43.795596641Z","severity":"info","datacontenttype":"application/json","traceparent":"00-5943815992fb69270b42b5038f1f311f-228018ab89c5ee14-01","data":{"source":"shop","snapshot":"20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3","run":"0413b950-f8ea-47cf-9399-f89cdfff046d"}}	\N	waiting	\N	0	2026-12-01 02:14:43.799506+00	0	\N	\N	\N	\N	\N	\N	\N	\N	\N	2026-12-01 02:14:43.799506+00	\N
\.


--
-- Data for Name: event_channel; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.event_channel (name, since) FROM stdin;
backup	2026-12-01 02:14:38.176387+00
jobs	2026-12-01 02:14:40.223721+00
demo	2026-12-01 02:14:41.044269+00
\.


--
-- Data for Name: ingested; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.ingested (source, message_id, taken_at) FROM stdin;
\.


--
-- Data for Name: job_run; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.job_run (id, job, trigger_kind, trigger_id, fire_time, params, dry_run, state, exclusive_key, requested_by, queued_at, not_before, attempt, retries_left, backoff_ms, timeout_ms, lost, lease_owner, lease_until, fence, cancel_asked_at, cancel_asked_by, started_at, finished_at, progress, headline, summary, error, trace_id, replay_of, idempotency_key, request_hash, traceparent, catch_up, retries) FROM stdin;
58c3d370-ab68-40a6-8749-e00dcd7abf67	backup.postgres	api	\N	2026-12-01 02:14:35.981155+00	{"source": "shop"}	f	succeeded	backup.postgres|shop	first	2026-12-01 02:14:35.981155+00	2026-12-01 02:14:35.981155+00	1	2	30000	43200000	0	\N	\N	1	\N	\N	2026-12-01 02:14:36.005706+00	2026-12-01 02:14:38.227799+00	\N	2 tables, 600 rows, 15.5 KiB as 4.0 KiB, 4.0 KiB new, in 0.2 s	{"rows": 600, "took": "PT0.229747S", "source": "shop", "tables": 2, "newBytes": 4139, "snapshot": "20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3", "plainBytes": 15888, "storedBytes": 4139}	\N	67eeec69f2e4b2b75609ff613c8c6b2e	\N	first/recorded-1	76cec51c5a0cec819f5f6806d8b97f7436d0012a5bb9f39f390ed728fdf12e6c	00-67eeec69f2e4b2b75609ff613c8c6b2e-3c034be3a17e729d-01	f	2
bc1fdaf8-8508-43cc-b7af-c6fba3c6644a	backup.drill	api	\N	2026-12-01 02:14:38.408366+00	{"copy": "", "source": "shop", "snapshot": "latest"}	f	succeeded	backup.drill|shop|	first	2026-12-01 02:14:38.408366+00	2026-12-01 02:14:38.408366+00	1	1	60000	43200000	0	\N	\N	3	\N	\N	2026-12-01 02:14:38.420724+00	2026-12-01 02:14:39.757864+00	\N	verified 600 rows equal, RTO 1.1 s	{"rto": "PT1.083267684S", "rows": 600, "source": "shop", "tables": 2, "snapshot": "20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3", "plainBytes": 12671}	\N	56ec09ee6266555691134dab33a79e17	\N	\N	\N	00-56ec09ee6266555691134dab33a79e17-5566c103bc2815a5-01	f	1
9ab83433-db77-4a89-a17c-d7247cba81fb	restore.postgres	api	\N	2026-12-01 02:14:40.141548+00	{"hub": false, "copy": "", "force": false, "owners": false, "powers": false, "source": "shop", "target": "spare", "globals": false, "database": "shop", "snapshot": "latest", "keepGoing": false}	f	failed	restore.postgres|spare|shop|null	first	2026-12-01 02:14:40.141548+00	2026-12-01 02:14:40.141548+00	1	0	30000	43200000	0	\N	\N	4	\N	\N	2026-12-01 02:14:40.147745+00	2026-12-01 02:14:40.223721+00	\N	params.database: 'shop' exists already; a restore makes a new one	\N	{"title": "Failed", "detail": "params.database: 'shop' exists already; a restore makes a new one"}	3a28c5ca88ce528397c8a51f4c896c98	\N	\N	\N	00-3a28c5ca88ce528397c8a51f4c896c98-e72236c9ce4971d7-01	f	0
0bee584e-be60-4ae4-b628-4fb6abbe8a87	backup.verify	api	\N	2026-12-01 02:14:43.34204+00	{"copy": "", "share": 100, "source": "shop", "snapshot": "all"}	f	succeeded	backup.verify|shop|	first	2026-12-01 02:14:43.34204+00	2026-12-01 02:14:43.34204+00	1	1	60000	43200000	0	\N	\N	8	\N	\N	2026-12-01 02:14:43.357859+00	2026-12-01 02:14:43.528785+00	{"done": 15888, "unit": "bytes", "total": 0, "detail": "20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3 public.orders"}	4 chunks, 15.5 KiB read and right, in 0.1 s	{"part": "", "took": "PT0.123961322S", "chunks": 4, "source": "shop", "snapshot": "20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3", "snapshots": 1, "plainBytes": 15888}	\N	4bb38d7c7885aedcff0a6a5fc1ed3a86	\N	\N	\N	00-4bb38d7c7885aedcff0a6a5fc1ed3a86-266a8c8398646897-01	f	1
f8517cbe-676e-4202-a5ef-2c855d5a02f6	backup.verify	api	\N	2026-12-01 02:14:43.705385+00	{"copy": "", "share": 100, "source": "shop", "snapshot": "all"}	f	queued	backup.verify|shop|	first	2026-12-01 02:14:43.705385+00	2026-12-01 02:14:43.705385+00	0	1	60000	43200000	0	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	4af39fcdd3147fc6c04bc4b39703ce92	\N	\N	\N	00-4af39fcdd3147fc6c04bc4b39703ce92-6d603c8143b53766-01	f	1
45b77eaa-c04f-488e-a0df-5c61a226a9e1	backup.verify	api	\N	2026-12-01 02:14:43.381209+00	{"copy": "", "share": 100, "source": "shop", "snapshot": "all"}	f	succeeded	backup.verify|shop|	first	2026-12-01 02:14:43.381209+00	2026-12-01 02:14:43.381209+00	1	1	60000	43200000	0	\N	\N	9	\N	\N	2026-12-01 02:14:43.543747+00	2026-12-01 02:14:43.712434+00	{"done": 15888, "unit": "bytes", "total": 0, "detail": "20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3 public.orders"}	4 chunks, 15.5 KiB read and right, in 0.1 s	{"part": "", "took": "PT0.121995242S", "chunks": 4, "source": "shop", "snapshot": "20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3", "snapshots": 1, "plainBytes": 15888}	\N	e5a3deb81e979afca0946f0a46dc5739	\N	\N	\N	00-e5a3deb81e979afca0946f0a46dc5739-2f5b6037a9de6d6b-01	f	1
cc02b389-7797-4357-b880-44bfd18262fb	backup.verify	api	\N	2026-12-01 02:14:43.834407+00	{"copy": "", "share": 100, "source": "shop", "snapshot": "all"}	f	queued	backup.verify|shop|	first	2026-12-01 02:14:43.834407+00	2026-12-01 02:14:43.834407+00	0	1	60000	43200000	0	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	f411365304f93aa85958a80b8858e1b5	\N	\N	\N	00-f411365304f93aa85958a80b8858e1b5-2a9ddb04a9c663ff-01	f	1
0413b950-f8ea-47cf-9399-f89cdfff046d	backup.verify	api	\N	2026-12-01 02:14:43.534427+00	{"copy": "", "share": 100, "source": "shop", "snapshot": "all"}	f	succeeded	backup.verify|shop|	first	2026-12-01 02:14:43.534427+00	2026-12-01 02:14:43.534427+00	1	1	60000	43200000	0	\N	\N	10	\N	\N	2026-12-01 02:14:43.727252+00	2026-12-01 02:14:43.814994+00	{"done": 15888, "unit": "bytes", "total": 0, "detail": "20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3 public.orders"}	4 chunks, 15.5 KiB read and right, in 0.1 s	{"part": "", "took": "PT0.071215079S", "chunks": 4, "source": "shop", "snapshot": "20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3", "snapshots": 1, "plainBytes": 15888}	\N	5943815992fb69270b42b5038f1f311f	\N	\N	\N	00-5943815992fb69270b42b5038f1f311f-ebc59f2b071f38b0-01	f	1
6fee2943-bf73-4ef7-b3cb-d301e72a1b9b	backup.verify	api	\N	2026-12-01 02:14:43.634263+00	{"copy": "", "share": 100, "source": "shop", "snapshot": "all"}	f	running	backup.verify|shop|	first	2026-12-01 02:14:43.634263+00	2026-12-01 02:14:43.634263+00	1	1	60000	43200000	0	hub-20301-3640	2026-12-01 02:14:53.817709+00	11	\N	\N	2026-12-01 02:14:43.817709+00	\N	\N	\N	\N	\N	b37786b81414e854fb33eb267121efaf	\N	\N	\N	00-b37786b81414e854fb33eb267121efaf-2de2f65bfb356d7f-01	f	1
\.


--
-- Data for Name: memory_level; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.memory_level (what, level, since) FROM stdin;
memory	calm	2026-12-01 02:14:25.753526+00
evictions	none	2026-12-01 02:14:25.753526+00
\.


--
-- Data for Name: outbox; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.outbox (seq, id, channel, key, type, envelope, created_at, relayed_at) FROM stdin;
1	697148c0-b4b0-38c4-aa58-e7c8302141f9	backup	shop	backup.published	{"id": "697148c0-b4b0-38c4-aa58-e7c8302141f9", "data": {"run": "58c3d370-ab68-40a6-8749-e00dcd7abf67", "rows": 600, "source": "shop", "takenAt": "2026-12-01T02:14:37.869045Z", "newBytes": 4139, "snapshot": "20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3", "plainBytes": 15888, "storedBytes": 4139}, "time": "2026-12-01T02:14:38.185257484Z", "type": "backup.published", "source": "/hub/recorded", "subject": "shop", "severity": "info", "specversion": "1.0", "traceparent": "00-67eeec69f2e4b2b75609ff613c8c6b2e-7a9743227ba425ce-01", "datacontenttype": "application/json"}	2026-12-01 02:14:38.176387+00	\N
2	e4e57bfe-6b9e-38aa-ab3c-25023f140dfa	backup	shop	backup.drilled	{"id": "e4e57bfe-6b9e-38aa-ab3c-25023f140dfa", "data": {"run": "bc1fdaf8-8508-43cc-b7af-c6fba3c6644a", "rows": 600, "source": "shop", "snapshot": "20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3", "rtoMillis": 1083}, "time": "2026-12-01T02:14:39.746831761Z", "type": "backup.drilled", "source": "/hub/recorded", "subject": "shop", "severity": "info", "specversion": "1.0", "traceparent": "00-56ec09ee6266555691134dab33a79e17-b62f1f39743d3ca0-01", "datacontenttype": "application/json"}	2026-12-01 02:14:39.744502+00	\N
3	033d1aa5-e313-32c6-8f27-2079d23f635f	backup	shop	restore.failed	{"id": "033d1aa5-e313-32c6-8f27-2079d23f635f", "data": {"run": "9ab83433-db77-4a89-a17c-d7247cba81fb", "source": "shop", "attempts": 1}, "time": "2026-12-01T02:14:40.225063594Z", "type": "restore.failed", "source": "/hub/recorded", "subject": "shop", "severity": "error", "specversion": "1.0", "traceparent": "00-3a28c5ca88ce528397c8a51f4c896c98-f900c3183d3196ec-01", "datacontenttype": "application/json"}	2026-12-01 02:14:40.223721+00	\N
4	d09ac424-b625-303d-99ae-2457f96b62d0	jobs	restore.postgres	run.failed	{"id": "d09ac424-b625-303d-99ae-2457f96b62d0", "data": {"job": "restore.postgres", "run": "9ab83433-db77-4a89-a17c-d7247cba81fb", "attempts": 1}, "time": "2026-12-01T02:14:40.230689437Z", "type": "run.failed", "source": "/hub/recorded", "subject": "restore.postgres", "severity": "error", "specversion": "1.0", "traceparent": "00-3a28c5ca88ce528397c8a51f4c896c98-f900c3183d3196ec-01", "datacontenttype": "application/json"}	2026-12-01 02:14:40.223721+00	\N
5	68ced147-27c1-4ee0-aeb5-5beb3825d895	demo	a	demo.tested	{"id": "68ced147-27c1-4ee0-aeb5-5beb3825d895", "data": {"n": 1}, "time": "2026-12-01T02:14:41.043444584Z", "type": "demo.tested", "source": "/hub/recorded", "subject": "a", "severity": "info", "specversion": "1.0", "traceparent": "00-33727aa81d73065c446e3230f93f8eed-a924f213418ee36f-01", "datacontenttype": "application/json"}	2026-12-01 02:14:41.044269+00	\N
6	e9959507-38fe-3b50-bf58-671e4b42b7d0	backup	shop	backup.verified	{"id": "e9959507-38fe-3b50-bf58-671e4b42b7d0", "data": {"run": "0bee584e-be60-4ae4-b628-4fb6abbe8a87", "source": "shop", "snapshot": "20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3"}, "time": "2026-12-01T02:14:43.496595474Z", "type": "backup.verified", "source": "/hub/recorded", "subject": "shop", "severity": "info", "specversion": "1.0", "traceparent": "00-4bb38d7c7885aedcff0a6a5fc1ed3a86-6bf1df5921323eb7-01", "datacontenttype": "application/json"}	2026-12-01 02:14:43.47041+00	\N
7	b4ccc60e-0bc2-3dd0-bfd5-b4cf57583743	backup	shop	backup.verified	{"id": "b4ccc60e-0bc2-3dd0-bfd5-b4cf57583743", "data": {"run": "45b77eaa-c04f-488e-a0df-5c61a226a9e1", "source": "shop", "snapshot": "20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3"}, "time": "2026-12-01T02:14:43.672387699Z", "type": "backup.verified", "source": "/hub/recorded", "subject": "shop", "severity": "info", "specversion": "1.0", "traceparent": "00-e5a3deb81e979afca0946f0a46dc5739-d2730621e5dd7243-01", "datacontenttype": "application/json"}	2026-12-01 02:14:43.657063+00	\N
8	3536a44e-f9fb-3716-adfb-8e6ebb8d41db	backup	shop	backup.verified	{"id": "3536a44e-f9fb-3716-adfb-8e6ebb8d41db", "data": {"run": "0413b950-f8ea-47cf-9399-f89cdfff046d", "source": "shop", "snapshot": "20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3"}, "time": "2026-12-01T02:14:43.795596641Z", "type": "backup.verified", "source": "/hub/recorded", "subject": "shop", "severity": "info", "specversion": "1.0", "traceparent": "00-5943815992fb69270b42b5038f1f311f-228018ab89c5ee14-01", "datacontenttype": "application/json"}	2026-12-01 02:14:43.786246+00	\N
\.


--
-- Data for Name: probe_state; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.probe_state (seq, probe, state, since, until, looked_at, took_ms, why) FROM stdin;
\.


--
-- Data for Name: publication; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.publication (key, request_hash, ids, created_at) FROM stdin;
\.


--
-- Data for Name: redteam_told; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.redteam_told (kind, key, at) FROM stdin;
\.


--
-- Data for Name: relay_lane; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.relay_lane (lane, owner, lease_until, fence, redis_run, redis_seen) FROM stdin;
0	\N	\N	0	\N	\N
1	\N	\N	0	\N	\N
2	\N	\N	0	\N	\N
3	\N	\N	0	\N	\N
4	\N	\N	0	\N	\N
5	\N	\N	0	\N	\N
6	\N	\N	0	\N	\N
7	\N	\N	0	\N	\N
\.


--
-- Data for Name: repository_lease; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.repository_lease (id, run_id, attempt, kind, source, snapshot, since, place) FROM stdin;
7	6fee2943-bf73-4ef7-b3cb-d301e72a1b9b	1	read	shop	20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3	2026-12-01 02:14:43.842048+00	
\.


--
-- Data for Name: run_log; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.run_log (seq, run_id, attempt, at, level, message) FROM stdin;
1	58c3d370-ab68-40a6-8749-e00dcd7abf67	1	2026-12-01 02:14:36.02689+00	INFO	begins: asked for by first
2	58c3d370-ab68-40a6-8749-e00dcd7abf67	1	2026-12-01 02:14:36.137935+00	WARN	file:/recorded/repository is a new repository: it holds no earlier backups
3	58c3d370-ab68-40a6-8749-e00dcd7abf67	1	2026-12-01 02:14:36.147801+00	WARN	source shop and the repository file:/recorded/repository are on one machine (127.0.0.1): its loss takes both; add a place elsewhere under hub.copies
4	58c3d370-ab68-40a6-8749-e00dcd7abf67	1	2026-12-01 02:14:37.949805+00	INFO	reading 2 tables of postgresql://127.0.0.1:55432/shop, PostgreSQL 15.18 (Debian 15.18-0+deb12u1)
5	58c3d370-ab68-40a6-8749-e00dcd7abf67	1	2026-12-01 02:14:38.161337+00	INFO	published snapshot 20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3
6	58c3d370-ab68-40a6-8749-e00dcd7abf67	1	2026-12-01 02:14:38.222233+00	INFO	succeeded: 2 tables, 600 rows, 15.5 KiB as 4.0 KiB, 4.0 KiB new, in 0.2 s
7	bc1fdaf8-8508-43cc-b7af-c6fba3c6644a	1	2026-12-01 02:14:38.425492+00	INFO	begins: asked for by first
8	bc1fdaf8-8508-43cc-b7af-c6fba3c6644a	1	2026-12-01 02:14:38.491829+00	INFO	drills 20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3 on 127.0.0.1:55432
9	bc1fdaf8-8508-43cc-b7af-c6fba3c6644a	1	2026-12-01 02:14:39.756191+00	INFO	succeeded: verified 600 rows equal, RTO 1.1 s
10	9ab83433-db77-4a89-a17c-d7247cba81fb	1	2026-12-01 02:14:40.14977+00	INFO	begins: asked for by first
11	9ab83433-db77-4a89-a17c-d7247cba81fb	1	2026-12-01 02:14:40.181425+00	INFO	restores 20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3 into spare/shop
12	9ab83433-db77-4a89-a17c-d7247cba81fb	1	2026-12-01 02:14:40.22207+00	ERROR	params.database: 'shop' exists already; a restore makes a new one
13	9ab83433-db77-4a89-a17c-d7247cba81fb	1	2026-12-01 02:14:40.223018+00	INFO	failed: params.database: 'shop' exists already; a restore makes a new one
14	0bee584e-be60-4ae4-b628-4fb6abbe8a87	1	2026-12-01 02:14:43.374573+00	INFO	begins: asked for by first
15	0bee584e-be60-4ae4-b628-4fb6abbe8a87	1	2026-12-01 02:14:43.521512+00	INFO	succeeded: 4 chunks, 15.5 KiB read and right, in 0.1 s
16	45b77eaa-c04f-488e-a0df-5c61a226a9e1	1	2026-12-01 02:14:43.570802+00	INFO	begins: asked for by first
17	45b77eaa-c04f-488e-a0df-5c61a226a9e1	1	2026-12-01 02:14:43.699468+00	INFO	succeeded: 4 chunks, 15.5 KiB read and right, in 0.1 s
18	0413b950-f8ea-47cf-9399-f89cdfff046d	1	2026-12-01 02:14:43.731331+00	INFO	begins: asked for by first
19	0413b950-f8ea-47cf-9399-f89cdfff046d	1	2026-12-01 02:14:43.812976+00	INFO	succeeded: 4 chunks, 15.5 KiB read and right, in 0.1 s
20	6fee2943-bf73-4ef7-b3cb-d301e72a1b9b	1	2026-12-01 02:14:43.834935+00	INFO	begins: asked for by first
\.


--
-- Data for Name: schema_version; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.schema_version (installed_rank, version, description, type, script, checksum, installed_by, installed_on, execution_time, success) FROM stdin;
0	\N	<< Flyway Schema Creation >>	SCHEMA	"hub"	\N	postgres	2026-12-01 02:14:25.401949	0	t
1	1	hub	SQL	V1__hub.sql	-1373321037	postgres	2026-12-01 02:14:25.433125	49	t
2	2	platform schemas	SQL	V2__platform_schemas.sql	1524544963	postgres	2026-12-01 02:14:25.530204	32	t
3	3	retention	SQL	V3__retention.sql	-223581835	postgres	2026-12-01 02:14:25.580212	5	t
4	4	sight	SQL	V4__sight.sql	1696339058	postgres	2026-12-01 02:14:25.596939	11	t
5	7	imports	SQL	V7__imports.sql	1018002971	postgres	2026-12-01 02:14:25.618913	2	t
6	8	copies	SQL	V8__copies.sql	1097613987	postgres	2026-12-01 02:14:25.62726	1	t
7	9	traces and probes	SQL	V9__traces_and_probes.sql	-545380572	postgres	2026-12-01 02:14:25.636293	12	t
8	10	events	SQL	V10__events.sql	1989107347	postgres	2026-12-01 02:14:25.655617	19	t
9	11	deliveries	SQL	V11__deliveries.sql	1878311773	postgres	2026-12-01 02:14:25.686976	22	t
10	12	redteam	SQL	V12__redteam.sql	338986257	postgres	2026-12-01 02:14:25.718542	20	t
11	13	memory watch	SQL	V13__memory_watch.sql	-938137764	postgres	2026-12-01 02:14:25.748386	5	t
12	14	fair claims	SQL	V14__fair_claims.sql	1480075913	postgres	2026-12-01 02:14:25.761991	7	t
13	15	ledger indexes	SQL	V15__ledger_indexes.sql	-1852843455	postgres	2026-12-01 02:14:25.774659	11	t
14	16	relay bounds	SQL	V16__relay_bounds.sql	1350588376	postgres	2026-12-01 02:14:25.79167	3	t
\.


--
-- Data for Name: snapshot; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.snapshot (source, id, taken_at, finished_at, row_count, plain_bytes, stored_bytes, new_bytes, run_id, drilled_at, verified, drill_detail, rto_ms, holds, read_at, intact, read_detail, kind) FROM stdin;
shop	20261201T021437Z-7acb9bda60cbc3b1d772ac7a49a97fa3	2026-12-01 02:14:37.869045+00	2026-12-01 02:14:38.098792+00	600	15888	4139	4139	58c3d370-ab68-40a6-8749-e00dcd7abf67	2026-12-01 02:14:39.739487+00	t	verified 600 rows equal, RTO 1.1 s	1083	{"audit": {"at": "2026-12-01T02:14:40.814921207Z", "by": "first", "reason": "kept for the audit"}}	2026-12-01 02:14:43.786246+00	t	4 chunks read and right	postgres
\.


--
-- Data for Name: switch; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.switch (name, is_on, changed_at, changed_by) FROM stdin;
triggers	t	2026-12-01 02:14:25.472163+00	migration
\.


--
-- Data for Name: ticket; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.ticket (sha256, key_id, expires_at) FROM stdin;
\.


--
-- Data for Name: trigger_state; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.trigger_state (trigger_id, covered_until, schedule, paused_at, paused_by) FROM stdin;
backup.catalogue.rebuild/nightly	2026-12-01 02:14:35.767303+00	0 15 3 * * ? UTC	\N	\N
backup.drill/shop-nightly	2026-12-01 02:14:35.767303+00	0 30 3 * * ? UTC	\N	\N
backup.drill/shop-sample	2026-12-01 02:14:35.767303+00	0 0 8 ? * SUN UTC	\N	\N
backup.sweep/nightly	2026-12-01 02:14:35.767303+00	0 30 6 * * ? UTC	\N	\N
backup.verify/own-weekly	2026-12-01 02:14:35.767303+00	0 0 4 ? * SUN UTC	\N	\N
backup.verify/shop-daily	2026-12-01 02:14:35.767303+00	0 45 4 * * ? UTC	\N	\N
retention.snapshots/shop-nightly	2026-12-01 02:14:35.767303+00	0 30 5 * * ? UTC	\N	\N
backup.postgres/shop-nightly	2026-12-01 02:14:35.767303+00	0 0 2 * * ? UTC	2026-12-01 02:14:40.894562+00	first
\.


--
-- Name: model_performance_id_seq; Type: SEQUENCE SET; Schema: analytics; Owner: -
--

SELECT pg_catalog.setval('analytics.model_performance_id_seq', 1, false);


--
-- Name: kpis_id_seq; Type: SEQUENCE SET; Schema: business_metrics; Owner: -
--

SELECT pg_catalog.setval('business_metrics.kpis_id_seq', 1, false);


--
-- Name: classification_number; Type: SEQUENCE SET; Schema: data_privacy; Owner: -
--

SELECT pg_catalog.setval('data_privacy.classification_number', 1, false);


--
-- Name: audit_seq_seq; Type: SEQUENCE SET; Schema: hub; Owner: -
--

SELECT pg_catalog.setval('hub.audit_seq_seq', 14, true);


--
-- Name: delivery_seq_seq; Type: SEQUENCE SET; Schema: hub; Owner: -
--

SELECT pg_catalog.setval('hub.delivery_seq_seq', 8, true);


--
-- Name: fence; Type: SEQUENCE SET; Schema: hub; Owner: -
--

SELECT pg_catalog.setval('hub.fence', 11, true);


--
-- Name: outbox_seq_seq; Type: SEQUENCE SET; Schema: hub; Owner: -
--

SELECT pg_catalog.setval('hub.outbox_seq_seq', 8, true);


--
-- Name: probe_state_seq_seq; Type: SEQUENCE SET; Schema: hub; Owner: -
--

SELECT pg_catalog.setval('hub.probe_state_seq_seq', 1, false);


--
-- Name: repository_lease_id_seq; Type: SEQUENCE SET; Schema: hub; Owner: -
--

SELECT pg_catalog.setval('hub.repository_lease_id_seq', 7, true);


--
-- Name: run_log_seq_seq; Type: SEQUENCE SET; Schema: hub; Owner: -
--

SELECT pg_catalog.setval('hub.run_log_seq_seq', 20, true);


--
-- Name: attack_patterns attack_patterns_pkey; Type: CONSTRAINT; Schema: analytics; Owner: -
--

ALTER TABLE ONLY analytics.attack_patterns
    ADD CONSTRAINT attack_patterns_pkey PRIMARY KEY (pattern_id);


--
-- Name: model_performance model_performance_pkey; Type: CONSTRAINT; Schema: analytics; Owner: -
--

ALTER TABLE ONLY analytics.model_performance
    ADD CONSTRAINT model_performance_pkey PRIMARY KEY (id);


--
-- Name: red_team_results red_team_results_pkey; Type: CONSTRAINT; Schema: analytics; Owner: -
--

ALTER TABLE ONLY analytics.red_team_results
    ADD CONSTRAINT red_team_results_pkey PRIMARY KEY (campaign, result_id);


--
-- Name: vulnerabilities vulnerabilities_pkey; Type: CONSTRAINT; Schema: analytics; Owner: -
--

ALTER TABLE ONLY analytics.vulnerabilities
    ADD CONSTRAINT vulnerabilities_pkey PRIMARY KEY (vulnerability_id, model_name, model_version);


--
-- Name: kpi_definitions kpi_definitions_name_key; Type: CONSTRAINT; Schema: business_metrics; Owner: -
--

ALTER TABLE ONLY business_metrics.kpi_definitions
    ADD CONSTRAINT kpi_definitions_name_key UNIQUE (name);


--
-- Name: kpi_definitions kpi_definitions_pkey; Type: CONSTRAINT; Schema: business_metrics; Owner: -
--

ALTER TABLE ONLY business_metrics.kpi_definitions
    ADD CONSTRAINT kpi_definitions_pkey PRIMARY KEY (id);


--
-- Name: kpis kpis_once; Type: CONSTRAINT; Schema: business_metrics; Owner: -
--

ALTER TABLE ONLY business_metrics.kpis
    ADD CONSTRAINT kpis_once UNIQUE (definition_id, business_unit, period);


--
-- Name: kpis kpis_pkey; Type: CONSTRAINT; Schema: business_metrics; Owner: -
--

ALTER TABLE ONLY business_metrics.kpis
    ADD CONSTRAINT kpis_pkey PRIMARY KEY (id);


--
-- Name: data_classifications data_classifications_number_key; Type: CONSTRAINT; Schema: data_privacy; Owner: -
--

ALTER TABLE ONLY data_privacy.data_classifications
    ADD CONSTRAINT data_classifications_number_key UNIQUE (number);


--
-- Name: data_classifications data_classifications_pkey; Type: CONSTRAINT; Schema: data_privacy; Owner: -
--

ALTER TABLE ONLY data_privacy.data_classifications
    ADD CONSTRAINT data_classifications_pkey PRIMARY KEY (id);


--
-- Name: api_key api_key_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (id);


--
-- Name: api_key api_key_sha256_key; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.api_key
    ADD CONSTRAINT api_key_sha256_key UNIQUE (sha256);


--
-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (seq);


--
-- Name: damaged_chunk damaged_chunk_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.damaged_chunk
    ADD CONSTRAINT damaged_chunk_pkey PRIMARY KEY (source, snapshot, chunk);


--
-- Name: dead_letter dead_letter_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.dead_letter
    ADD CONSTRAINT dead_letter_pkey PRIMARY KEY (id);


--
-- Name: dead_letter dead_letter_port_message_id_key; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.dead_letter
    ADD CONSTRAINT dead_letter_port_message_id_key UNIQUE (port, message_id);


--
-- Name: delivery delivery_id_key; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.delivery
    ADD CONSTRAINT delivery_id_key UNIQUE (id);


--
-- Name: delivery delivery_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (seq);


--
-- Name: delivery delivery_target_event_id_key; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.delivery
    ADD CONSTRAINT delivery_target_event_id_key UNIQUE (target, event_id);


--
-- Name: event_channel event_channel_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.event_channel
    ADD CONSTRAINT event_channel_pkey PRIMARY KEY (name);


--
-- Name: ingested ingested_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.ingested
    ADD CONSTRAINT ingested_pkey PRIMARY KEY (source, message_id);


--
-- Name: job_run job_run_idempotency_key_key; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.job_run
    ADD CONSTRAINT job_run_idempotency_key_key UNIQUE (idempotency_key);


--
-- Name: job_run job_run_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.job_run
    ADD CONSTRAINT job_run_pkey PRIMARY KEY (id);


--
-- Name: memory_level memory_level_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.memory_level
    ADD CONSTRAINT memory_level_pkey PRIMARY KEY (what);


--
-- Name: outbox outbox_id_key; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.outbox
    ADD CONSTRAINT outbox_id_key UNIQUE (id);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);


--
-- Name: probe_state probe_state_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.probe_state
    ADD CONSTRAINT probe_state_pkey PRIMARY KEY (seq);


--
-- Name: publication publication_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.publication
    ADD CONSTRAINT publication_pkey PRIMARY KEY (key);


--
-- Name: redteam_told redteam_told_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.redteam_told
    ADD CONSTRAINT redteam_told_pkey PRIMARY KEY (kind, key);


--
-- Name: relay_lane relay_lane_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.relay_lane
    ADD CONSTRAINT relay_lane_pkey PRIMARY KEY (lane);


--
-- Name: repository_lease repository_lease_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.repository_lease
    ADD CONSTRAINT repository_lease_pkey PRIMARY KEY (id);


--
-- Name: run_log run_log_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.run_log
    ADD CONSTRAINT run_log_pkey PRIMARY KEY (seq);


--
-- Name: schema_version schema_version_pk; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.schema_version
    ADD CONSTRAINT schema_version_pk PRIMARY KEY (installed_rank);


--
-- Name: snapshot snapshot_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.snapshot
    ADD CONSTRAINT snapshot_pkey PRIMARY KEY (source, id);


--
-- Name: switch switch_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.switch
    ADD CONSTRAINT switch_pkey PRIMARY KEY (name);


--
-- Name: ticket ticket_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.ticket
    ADD CONSTRAINT ticket_pkey PRIMARY KEY (sha256);


--
-- Name: trigger_state trigger_state_pkey; Type: CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.trigger_state
    ADD CONSTRAINT trigger_state_pkey PRIMARY KEY (trigger_id);


--
-- Name: model_performance_daily_key; Type: INDEX; Schema: analytics; Owner: -
--

CREATE UNIQUE INDEX model_performance_daily_key ON analytics.model_performance_daily USING btree (model_name, environment, day);


--
-- Name: model_performance_model_measured_at; Type: INDEX; Schema: analytics; Owner: -
--

CREATE INDEX model_performance_model_measured_at ON analytics.model_performance USING btree (model_name, measured_at DESC);


--
-- Name: model_performance_production; Type: INDEX; Schema: analytics; Owner: -
--

CREATE INDEX model_performance_production ON analytics.model_performance USING btree (measured_at) WHERE (environment = 'production'::text);


--
-- Name: model_performance_slices; Type: INDEX; Schema: analytics; Owner: -
--

CREATE INDEX model_performance_slices ON analytics.model_performance USING gin (slices jsonb_path_ops);


--
-- Name: red_team_results_model; Type: INDEX; Schema: analytics; Owner: -
--

CREATE INDEX red_team_results_model ON analytics.red_team_results USING btree (model_name, model_version, executed_at DESC);


--
-- Name: vulnerabilities_open; Type: INDEX; Schema: analytics; Owner: -
--

CREATE INDEX vulnerabilities_open ON analytics.vulnerabilities USING btree (severity, discovered_at DESC) WHERE (status = 'open'::text);


--
-- Name: kpis_period; Type: INDEX; Schema: business_metrics; Owner: -
--

CREATE INDEX kpis_period ON business_metrics.kpis USING gist (period);


--
-- Name: data_classifications_categories; Type: INDEX; Schema: data_privacy; Owner: -
--

CREATE INDEX data_classifications_categories ON data_privacy.data_classifications USING gin (categories);


--
-- Name: data_classifications_parent; Type: INDEX; Schema: data_privacy; Owner: -
--

CREATE INDEX data_classifications_parent ON data_privacy.data_classifications USING btree (parent_id);


--
-- Name: data_classifications_unreviewed; Type: INDEX; Schema: data_privacy; Owner: -
--

CREATE INDEX data_classifications_unreviewed ON data_privacy.data_classifications USING btree (detected_at) WHERE (reviewed_at IS NULL);


--
-- Name: api_key_name; Type: INDEX; Schema: hub; Owner: -
--

CREATE UNIQUE INDEX api_key_name ON hub.api_key USING btree (name) WHERE (revoked_at IS NULL);


--
-- Name: audit_newest; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX audit_newest ON hub.audit USING btree (at DESC);


--
-- Name: dead_letter_newest; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX dead_letter_newest ON hub.dead_letter USING btree (created_at DESC, id DESC);


--
-- Name: delivery_bundle; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX delivery_bundle ON hub.delivery USING btree (target, bundle, seq) WHERE ((state = 'waiting'::text) AND (bundle IS NOT NULL));


--
-- Name: delivery_ended; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX delivery_ended ON hub.delivery USING btree (ended_at) WHERE (ended_at IS NOT NULL);


--
-- Name: delivery_event; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX delivery_event ON hub.delivery USING btree (event_id);


--
-- Name: delivery_lane; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX delivery_lane ON hub.delivery USING btree (target, lane, seq) WHERE (state = ANY (ARRAY['waiting'::text, 'sending'::text]));


--
-- Name: delivery_merged; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX delivery_merged ON hub.delivery USING btree (merged_into) WHERE (merged_into IS NOT NULL);


--
-- Name: delivery_next; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX delivery_next ON hub.delivery USING btree (target, seq) WHERE (state = ANY (ARRAY['waiting'::text, 'sending'::text]));


--
-- Name: delivery_rate; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX delivery_rate ON hub.delivery USING btree (target, rule, first_tried_at) WHERE (first_tried_at IS NOT NULL);


--
-- Name: ingested_taken; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX ingested_taken ON hub.ingested USING btree (taken_at);


--
-- Name: job_run_claim; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX job_run_claim ON hub.job_run USING btree (fire_time, id) WHERE (state = 'queued'::text);


--
-- Name: job_run_exclusive; Type: INDEX; Schema: hub; Owner: -
--

CREATE UNIQUE INDEX job_run_exclusive ON hub.job_run USING btree (exclusive_key) WHERE (state = 'running'::text);


--
-- Name: job_run_fire; Type: INDEX; Schema: hub; Owner: -
--

CREATE UNIQUE INDEX job_run_fire ON hub.job_run USING btree (trigger_id, fire_time) WHERE (trigger_kind = ANY (ARRAY['schedule'::text, 'backfill'::text]));


--
-- Name: job_run_job; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX job_run_job ON hub.job_run USING btree (job, state, queued_at DESC NULLS LAST, id DESC NULLS LAST);


--
-- Name: job_run_newest; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX job_run_newest ON hub.job_run USING btree (queued_at DESC, id DESC);


--
-- Name: job_run_outcome; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX job_run_outcome ON hub.job_run USING btree (trigger_id, state, fire_time DESC) WHERE (state = ANY (ARRAY['succeeded'::text, 'failed'::text]));


--
-- Name: job_run_place; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX job_run_place ON hub.job_run USING btree (job, COALESCE((params ->> 'copy'::text), ''::text), COALESCE((params ->> 'source'::text), ''::text), finished_at DESC) WHERE ((state = ANY (ARRAY['succeeded'::text, 'failed'::text])) AND (NOT dry_run));


--
-- Name: job_run_replay; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX job_run_replay ON hub.job_run USING btree (replay_of) WHERE (replay_of IS NOT NULL);


--
-- Name: job_run_running; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX job_run_running ON hub.job_run USING btree (lease_owner) WHERE (state = 'running'::text);


--
-- Name: job_run_state; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX job_run_state ON hub.job_run USING btree (state, queued_at DESC NULLS LAST, id DESC NULLS LAST);


--
-- Name: job_run_trigger; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX job_run_trigger ON hub.job_run USING btree (trigger_id, fire_time DESC);


--
-- Name: job_run_trigger_state; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX job_run_trigger_state ON hub.job_run USING btree (trigger_id, state, queued_at DESC NULLS LAST, id DESC NULLS LAST);


--
-- Name: outbox_lane; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX outbox_lane ON hub.outbox USING btree (lane, seq) WHERE (relayed_at IS NULL);


--
-- Name: outbox_relayed; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX outbox_relayed ON hub.outbox USING btree (relayed_at) WHERE (relayed_at IS NOT NULL);


--
-- Name: probe_state_newest; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX probe_state_newest ON hub.probe_state USING btree (probe, seq DESC);


--
-- Name: probe_state_now; Type: INDEX; Schema: hub; Owner: -
--

CREATE UNIQUE INDEX probe_state_now ON hub.probe_state USING btree (probe) WHERE (until IS NULL);


--
-- Name: publication_age; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX publication_age ON hub.publication USING btree (created_at);


--
-- Name: repository_lease_run; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX repository_lease_run ON hub.repository_lease USING btree (run_id);


--
-- Name: run_log_run; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX run_log_run ON hub.run_log USING btree (run_id, seq);


--
-- Name: schema_version_s_idx; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX schema_version_s_idx ON hub.schema_version USING btree (success);


--
-- Name: snapshot_newest; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX snapshot_newest ON hub.snapshot USING btree (source, taken_at DESC);


--
-- Name: ticket_expiry; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX ticket_expiry ON hub.ticket USING btree (expires_at);


--
-- Name: ticket_key; Type: INDEX; Schema: hub; Owner: -
--

CREATE INDEX ticket_key ON hub.ticket USING btree (key_id);


--
-- Name: kpis kpis_definition_id_fkey; Type: FK CONSTRAINT; Schema: business_metrics; Owner: -
--

ALTER TABLE ONLY business_metrics.kpis
    ADD CONSTRAINT kpis_definition_id_fkey FOREIGN KEY (definition_id) REFERENCES business_metrics.kpi_definitions(id);


--
-- Name: data_classifications data_classifications_parent_id_fkey; Type: FK CONSTRAINT; Schema: data_privacy; Owner: -
--

ALTER TABLE ONLY data_privacy.data_classifications
    ADD CONSTRAINT data_classifications_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES data_privacy.data_classifications(id);


--
-- Name: damaged_chunk damaged_chunk_source_snapshot_fkey; Type: FK CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.damaged_chunk
    ADD CONSTRAINT damaged_chunk_source_snapshot_fkey FOREIGN KEY (source, snapshot) REFERENCES hub.snapshot(source, id) ON DELETE CASCADE;


--
-- Name: job_run job_run_replay_of_fkey; Type: FK CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.job_run
    ADD CONSTRAINT job_run_replay_of_fkey FOREIGN KEY (replay_of) REFERENCES hub.job_run(id) ON DELETE SET NULL;


--
-- Name: repository_lease repository_lease_run_id_fkey; Type: FK CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.repository_lease
    ADD CONSTRAINT repository_lease_run_id_fkey FOREIGN KEY (run_id) REFERENCES hub.job_run(id) ON DELETE CASCADE;


--
-- Name: run_log run_log_run_id_fkey; Type: FK CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.run_log
    ADD CONSTRAINT run_log_run_id_fkey FOREIGN KEY (run_id) REFERENCES hub.job_run(id) ON DELETE CASCADE;


--
-- Name: ticket ticket_key_id_fkey; Type: FK CONSTRAINT; Schema: hub; Owner: -
--

ALTER TABLE ONLY hub.ticket
    ADD CONSTRAINT ticket_key_id_fkey FOREIGN KEY (key_id) REFERENCES hub.api_key(id) ON DELETE CASCADE;


--
-- Name: model_performance_daily; Type: MATERIALIZED VIEW DATA; Schema: analytics; Owner: -
--

REFRESH MATERIALIZED VIEW analytics.model_performance_daily;


--
-- PostgreSQL database dump complete
--


