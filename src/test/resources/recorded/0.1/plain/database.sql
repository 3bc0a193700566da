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
9ad5c449-a1b4-41d6-9ce2-8f13e7f4179b	first	admin	\\xc7a67dc6fbea495ec99ca8002782416d66d786669586fb2d0642dc7cdac3773f	2026-12-01 02:14:04.074244+00	hub	\N	\N	\N	2026-12-01 02:14:04.50243+00
5f949aae-c2e3-4e8f-89af-060d00ff116b	scorer	service	\\x915b886517c077200abaa26d66b26c9f2c5cae7ef2d32ef2c430665530fc18a4	2026-12-01 02:14:11.837878+00	first	\N	\N	\N	\N
\.


--
-- Data for Name: audit; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.audit (seq, at, actor, action, target, detail, trace_id) FROM stdin;
1	2026-12-01 02:14:04.074244+00	hub	key.create	9ad5c449-a1b4-41d6-9ce2-8f13e7f4179b	{"name": "first", "role": "admin"}	\N
2	2026-12-01 02:14:04.550448+00	first	run.submit	3910e700-17fb-4b77-bb73-380eb0c7d2b8	{"job": "backup.postgres", "dryRun": false, "params": {"source": "shop"}}	0bddb4c309cb137ec412063b963c4015
3	2026-12-01 02:14:08.178033+00	first	snapshots.list	*	{}	bc22a553b0d33901633b1e982b951961
4	2026-12-01 02:14:08.259595+00	first	run.submit	61aa9a4f-5cd5-4e48-ab29-d529fabdc59b	{"job": "backup.drill", "dryRun": false, "params": {"copy": "", "source": "shop", "snapshot": "latest"}}	00412c87cad3c6552df0cb40537e958d
5	2026-12-01 02:14:10.69453+00	first	run.submit	71ddd8af-d6fd-400c-86e3-a3debac614c6	{"job": "restore.postgres", "dryRun": false, "params": {"hub": false, "copy": "", "force": false, "owners": false, "powers": false, "source": "shop", "target": "spare", "globals": false, "database": "shop", "snapshot": "latest", "keepGoing": false}}	ba84892b785fbcd137540b16ae1516cb
6	2026-12-01 02:14:11.483477+00	first	snapshot.hold	shop/20261201T021407Z-bd6621752da3e18def0a30a10961b3a3	{"hold": "audit", "reason": "kept for the audit"}	94d969bd8bd26bfc7a6cf18c867a2f81
7	2026-12-01 02:14:11.74586+00	first	trigger.pause	backup.postgres/shop-nightly	{}	f6f8dc4070e8e74105b7674ad413d6d3
8	2026-12-01 02:14:11.837878+00	first	key.create	5f949aae-c2e3-4e8f-89af-060d00ff116b	{"name": "scorer", "role": "service"}	9587ab306e24fcf77a3df929d5812b87
9	2026-12-01 02:14:14.374494+00	first	run.submit	9df8a06c-450d-4caa-aed6-3978dba21ea8	{"job": "backup.verify", "dryRun": false, "params": {"copy": "", "share": 100, "source": "shop", "snapshot": "all"}}	f3da63cf84fbdd7e876fb5cea95f5c4f
10	2026-12-01 02:14:14.444185+00	first	run.submit	aa54b172-8278-48da-be34-52a85f907362	{"job": "backup.verify", "dryRun": false, "params": {"copy": "", "share": 100, "source": "shop", "snapshot": "all"}}	234ded1792f42ab40a54291a680e7d66
11	2026-12-01 02:14:14.554256+00	first	run.submit	3b8273d5-11f6-4dd1-8551-0b0b753d969c	{"job": "backup.verify", "dryRun": false, "params": {"copy": "", "share": 100, "source": "shop", "snapshot": "all"}}	7d05aab9590098b3a16017fd4ca3289c
12	2026-12-01 02:14:14.600995+00	first	run.submit	ebc2d151-167a-4f12-b2eb-40acf9f90673	{"job": "backup.verify", "dryRun": false, "params": {"copy": "", "share": 100, "source": "shop", "snapshot": "all"}}	c63222c6f5cc9693a19194dac4626c3c
13	2026-12-01 02:14:14.766196+00	first	run.submit	54c1b063-48c7-4446-899f-534a944bd3f1	{"job": "backup.verify", "dryRun": false, "params": {"copy": "", "share": 100, "source": "shop", "snapshot": "all"}}	e0ad76630f06e6c03214d4d6cf2946a9
14	2026-12-01 02:14:14.797513+00	first	run.submit	4fc05b28-d108-40b8-88bf-0fd2f6b9035f	{"job": "backup.verify", "dryRun": false, "params": {"copy": "", "share": 100, "source": "shop", "snapshot": "all"}}	24606eda1a78b064f4cf5c924e6bc360
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
bc71bd8b-5245-4450-81df-d7cab86c1bd8	sha256:1fdad67b001b3dd3896eeec345acf532426ce38fa871b04a9dd5b65275427df8	redteam.ingest	\\x7b2265787465726e616c5f6964223a22722d31222c226d6f64656c223a226672617564222c2261747461636b223a226a61696c627265616b222c226f7574636f6d65223a22737563636565646564222c227365766572697479223a2268696768222c226174223a22323032362d30312d30325430333a30343a30355a227d	text/plain	{"kind": "results", "line": "2"}	{"type": "routes.platform.error.InvalidInputException", "detail": "line 2: / breaks required 'campaign'"}	bfb61168b25636e02793d0200f6a78da	1	2026-12-01 02:14:12.054703+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N
f5301681-5cf8-4fa4-b989-76809e624446	sha256:c16a777e6b822b0068594887c074d4f4e4602e0656723c64bd74802a443c61d0	redteam.ingest	\\x7b2265787465726e616c5f6964223a22722d32222c226d6f64656c223a226672617564222c2261747461636b223a226a61696c627265616b222c226f7574636f6d65223a226e6f6e73656e7365222c227365766572697479223a2268696768222c226174223a22323032362d30312d30325430333a30343a30355a227d	text/plain	{"kind": "results", "line": "3"}	{"type": "routes.platform.error.InvalidInputException", "detail": "line 3: /outcome breaks enum [\\"blocked\\",\\"partial\\",\\"succeeded\\"]"}	bfb61168b25636e02793d0200f6a78da	1	2026-12-01 02:14:12.067582+00	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N
\.


--
-- Data for Name: delivery; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.delivery (seq, id, target, rule, channel, type, event_id, lane, bundle, envelope, message, state, merged_into, merges, not_before, attempts, first_tried_at, tried_at, lease_owner, lease_until, fence, last_status, last_response, last_error, last_ms, created_at, ended_at) FROM stdin;
2	df25946d-e593-490d-8dd8-5b651316fc2f	oncall	all	backup	backup.drilled	39188664-6377-3882-b103-7cddf3aa85db	key/backup/shop	\N	{"specversion":"1.0","id":"39188664-6377-3882-b103-7cddf3aa85db","source":"/hub/recorded","type":"backup.drilled","subject":"shop","time":"2026-12-01T02:14:10.193597592Z","severity":"info","datacontenttype":"application/json","traceparent":"00-00412c87cad3c6552df0cb40537e958d-30ade43c1f148a6a-01","data":{"source":"shop","snapshot":"20261201T021407Z-bd6621752da3e18def0a30a10961b3a3","run":"61aa9a4f-5cd5-4e48-ab29-d529fabdc59b","rows":600,"rtoMillis":1420}}	\N	waiting	\N	0	2026-12-01 02:14:10.199865+00	0	\N	\N	\N	\N	\N	\N	\N	\N	\N	2026-12-01 02:14:10.199866+00	\N
3	e465ef77-705e-4c64-87bf-4d0ec0ba258c	oncall	all	backup	restore.failed	689b0bd7-bad8-39ee-bf0b-8e9d5f7a1e27	key/backup/shop	\N	{"specversion":"1.0","id":"689b0bd7-bad8-39ee-bf0b-8e9d5f7a1e27","source":"/hub/recorded","type":"restore.failed","subject":"shop","time":"2026-12-01T02:14:10.867372784Z","severity":"error","datacontenttype":"application/json","traceparent":"00-ba84892b785fbcd137540b16ae1516cb-21516b9adac73ce3-01","data":{"source":"shop","run":"71ddd8af-d6fd-400c-86e3-a3debac614c6","attempts":1}}	\N	waiting	\N	0	2026-12-01 02:14:10.882325+00	0	\N	\N	\N	\N	\N	\N	\N	\N	\N	2026-12-01 02:14:10.882326+00	\N
5	d6e4590d-75d9-40a5-a939-219f7265b0e4	oncall	all	demo	demo.tested	e09374ca-903a-434f-8f0c-78058ba01ada	key/demo/a	\N	{"specversion":"1.0","id":"e09374ca-903a-434f-8f0c-78058ba01ada","source":"/hub/recorded","type":"demo.tested","subject":"a","time":"2026-12-01T02:14:11.897645575Z","severity":"info","datacontenttype":"application/json","traceparent":"00-81484a748aee49656a7aca09fd492747-c5c9ccc400797466-01","data":{"n":1}}	\N	waiting	\N	0	2026-12-01 02:14:14.938596+00	1	2026-12-01 02:14:11.918979+00	2026-12-01 02:14:11.918979+00	\N	\N	6	\N	\N	the host's name is not known: alerts.example.org	2	2026-12-01 02:14:11.908217+00	\N
1	d60e8854-d8e0-495f-a85b-94a3994cace6	oncall	all	backup	backup.published	48821407-dc78-3314-b864-b3bba9aaf752	key/backup/shop	\N	{"specversion":"1.0","id":"48821407-dc78-3314-b864-b3bba9aaf752","source":"/hub/recorded","type":"backup.published","subject":"shop","time":"2026-12-01T02:14:07.772738893Z","severity":"info","datacontenttype":"application/json","traceparent":"00-0bddb4c309cb137ec412063b963c4015-92b7d7a4d0a1f5f7-01","data":{"source":"shop","snapshot":"20261201T021407Z-bd6621752da3e18def0a30a10961b3a3","takenAt":"2026-12-01T02:14:07.213695Z","rows":600,"plainBytes":15888,"storedBytes":3340,"newBytes":3340,"run":"3910e700-17fb-4b77-bb73-380eb0c7d2b8"}}	\N	waiting	\N	0	2026-12-01 02:14:25.166073+00	2	2026-12-01 02:14:07.88058+00	2026-12-01 02:14:12.945573+00	\N	\N	7	\N	\N	the host's name is not known: alerts.example.org	5	2026-12-01 02:14:07.840323+00	\N
6	9112f223-3115-46da-93ba-4f1701ed7ddb	oncall	all	backup	backup.verified	2da65623-f8bf-3dbf-a656-ae4531b6ccf9	key/backup/shop	\N	{"specversion":"1.0","id":"2da65623-f8bf-3dbf-a656-ae4531b6ccf9","source":"/hub/recorded","type":"backup.verified","subject":"shop","time":"2026-12-01T02:14:14.445297325Z","severity":"info","datacontenttype":"application/json","traceparent":"00-f3da63cf84fbdd7e876fb5cea95f5c4f-af027ef2a2c9df27-01","data":{"source":"shop","snapshot":"20261201T021407Z-bd6621752da3e18def0a30a10961b3a3","run":"9df8a06c-450d-4caa-aed6-3978dba21ea8"}}	\N	waiting	\N	0	2026-12-01 02:14:14.468053+00	0	\N	\N	\N	\N	\N	\N	\N	\N	\N	2026-12-01 02:14:14.468054+00	\N
4	8a37ebde-2fd0-4e47-8b3b-4ff72e9a299d	oncall	all	jobs	run.failed	1894cdda-7dca-3dd5-b627-92f063cc4ee1	key/jobs/restore.postgres	\N	{"specversion":"1.0","id":"1894cdda-7dca-3dd5-b627-92f063cc4ee1","source":"/hub/recorded","type":"run.failed","subject":"restore.postgres","time":"2026-12-01T02:14:10.883573132Z","severity":"error","datacontenttype":"application/json","traceparent":"00-ba84892b785fbcd137540b16ae1516cb-21516b9adac73ce3-01","data":{"run":"71ddd8af-d6fd-400c-86e3-a3debac614c6","job":"restore.postgres","attempts":1}}	\N	waiting	\N	0	2026-12-01 02:14:25.92592+00	2	2026-12-01 02:14:10.89696+00	2026-12-01 02:14:14.512397+00	\N	\N	10	\N	\N	the host's name is not known: alerts.example.org	18	2026-12-01 02:14:10.891182+00	\N
7	e2242065-adb4-44f4-b4f5-045b7b6e93b7	oncall	all	backup	backup.verified	cb23e648-e67a-3d71-b70d-631c50429ee9	key/backup/shop	\N	{"specversion":"1.0","id":"cb23e648-e67a-3d71-b70d-631c50429ee9","source":"/hub/recorded","type":"backup.verified","subject":"shop","time":"2026-12-01T02:14:14.556619471Z","severity":"info","datacontenttype":"application/json","traceparent":"00-234ded1792f42ab40a54291a680e7d66-1bbe0e7d2e1022a6-01","data":{"source":"shop","snapshot":"20261201T021407Z-bd6621752da3e18def0a30a10961b3a3","run":"aa54b172-8278-48da-be34-52a85f907362"}}	\N	waiting	\N	0	2026-12-01 02:14:14.55787+00	0	\N	\N	\N	\N	\N	\N	\N	\N	\N	2026-12-01 02:14:14.55787+00	\N
8	1f810280-576e-43da-919f-b0450823a57d	oncall	all	backup	backup.verified	087b525f-63f4-3daa-9b2d-37ee483a7ed8	key/backup/shop	\N	{"specversion":"1.0","id":"087b525f-63f4-3daa-9b2d-37ee483a7ed8","source":"/hub/recorded","type":"backup.verified","subject":"shop","time":"2026-12-01T02:14:14.615235475Z","severity":"info","datacontenttype":"application/json","traceparent":"00-7d05aab9590098b3a16017fd4ca3289c-36d0f0596351d8b1-01","data":{"source":"shop","snapshot":"20261201T021407Z-bd6621752da3e18def0a30a10961b3a3","run":"3b8273d5-11f6-4dd1-8551-0b0b753d969c"}}	\N	waiting	\N	0	2026-12-01 02:14:14.627327+00	0	\N	\N	\N	\N	\N	\N	\N	\N	\N	2026-12-01 02:14:14.627327+00	\N
9	272f263b-0407-4281-aa63-e4cd08668e60	oncall	all	backup	backup.verified	6360034a-99ea-3933-85f0-1e8e5681bfc6	key/backup/shop	\N	{"specversion":"1.0","id":"6360034a-99ea-3933-85f0-1e8e5681bfc6","source":"/hub/recorded","type":"backup.verified","subject":"shop","time":"2026-12-01T02:14:14.678430364Z","severity":"info","datacontenttype":"application/json","traceparent":"00-c63222c6f5cc9693a19194dac4626c3c-6dc6ed56e1dbf635-01","data":{"source":"shop","snapshot":"20261201T021407Z-bd6621752da3e18def0a30a10961b3a3","run":"ebc2d151-167a-4f12-b2eb-40acf9f90673"}}	\N	waiting	\N	0	2026-12-01 02:14:14.681305+00	0	\N	\N	\N	\N	\N	\N	\N	\N	\N	2026-12-01 02:14:14.681306+00	\N
\.


--
-- Data for Name: event_channel; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.event_channel (name, since) FROM stdin;
backup	2026-12-01 02:14:07.762994+00
jobs	2026-12-01 02:14:10.859916+00
demo	2026-12-01 02:14:11.902423+00
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
3910e700-17fb-4b77-bb73-380eb0c7d2b8	backup.postgres	api	\N	2026-12-01 02:14:04.550448+00	{"source": "shop"}	f	succeeded	backup.postgres|shop	first	2026-12-01 02:14:04.550448+00	2026-12-01 02:14:04.550448+00	1	2	30000	43200000	0	\N	\N	1	\N	\N	2026-12-01 02:14:04.595263+00	2026-12-01 02:14:07.924235+00	\N	2 tables, 600 rows, 15.5 KiB as 3.3 KiB, 3.3 KiB new, in 0.4 s	{"rows": 600, "took": "PT0.374908S", "source": "shop", "tables": 2, "newBytes": 3340, "snapshot": "20261201T021407Z-bd6621752da3e18def0a30a10961b3a3", "plainBytes": 15888, "storedBytes": 3340}	\N	0bddb4c309cb137ec412063b963c4015	\N	first/recorded-1	76cec51c5a0cec819f5f6806d8b97f7436d0012a5bb9f39f390ed728fdf12e6c	00-0bddb4c309cb137ec412063b963c4015-4ff9bf02cb67798f-01	f	2
aa54b172-8278-48da-be34-52a85f907362	backup.verify	api	\N	2026-12-01 02:14:14.444185+00	{"copy": "", "share": 100, "source": "shop", "snapshot": "all"}	f	succeeded	backup.verify|shop|	first	2026-12-01 02:14:14.444185+00	2026-12-01 02:14:14.444185+00	1	1	60000	43200000	0	\N	\N	9	\N	\N	2026-12-01 02:14:14.493565+00	2026-12-01 02:14:14.57012+00	{"done": 15888, "unit": "bytes", "total": 0, "detail": "20261201T021407Z-bd6621752da3e18def0a30a10961b3a3 public.orders"}	4 chunks, 15.5 KiB read and right, in 0.1 s	{"part": "", "took": "PT0.060122979S", "chunks": 4, "source": "shop", "snapshot": "20261201T021407Z-bd6621752da3e18def0a30a10961b3a3", "snapshots": 1, "plainBytes": 15888}	\N	234ded1792f42ab40a54291a680e7d66	\N	\N	\N	00-234ded1792f42ab40a54291a680e7d66-60ddc6315f52a384-01	f	1
61aa9a4f-5cd5-4e48-ab29-d529fabdc59b	backup.drill	api	\N	2026-12-01 02:14:08.259595+00	{"copy": "", "source": "shop", "snapshot": "latest"}	f	succeeded	backup.drill|shop|	first	2026-12-01 02:14:08.259595+00	2026-12-01 02:14:08.259595+00	1	1	60000	43200000	0	\N	\N	3	\N	\N	2026-12-01 02:14:08.271148+00	2026-12-01 02:14:10.211423+00	\N	verified 600 rows equal, RTO 1.4 s	{"rto": "PT1.420187134S", "rows": 600, "source": "shop", "tables": 2, "snapshot": "20261201T021407Z-bd6621752da3e18def0a30a10961b3a3", "plainBytes": 12671}	\N	00412c87cad3c6552df0cb40537e958d	\N	\N	\N	00-00412c87cad3c6552df0cb40537e958d-50997e04b9c75818-01	f	1
71ddd8af-d6fd-400c-86e3-a3debac614c6	restore.postgres	api	\N	2026-12-01 02:14:10.69453+00	{"hub": false, "copy": "", "force": false, "owners": false, "powers": false, "source": "shop", "target": "spare", "globals": false, "database": "shop", "snapshot": "latest", "keepGoing": false}	f	failed	restore.postgres|spare|shop|null	first	2026-12-01 02:14:10.69453+00	2026-12-01 02:14:10.69453+00	1	0	30000	43200000	0	\N	\N	4	\N	\N	2026-12-01 02:14:10.702853+00	2026-12-01 02:14:10.859916+00	\N	params.database: 'shop' exists already; a restore makes a new one	\N	{"title": "Failed", "detail": "params.database: 'shop' exists already; a restore makes a new one"}	ba84892b785fbcd137540b16ae1516cb	\N	\N	\N	00-ba84892b785fbcd137540b16ae1516cb-86c2a84db6f45987-01	f	0
9df8a06c-450d-4caa-aed6-3978dba21ea8	backup.verify	api	\N	2026-12-01 02:14:14.374494+00	{"copy": "", "share": 100, "source": "shop", "snapshot": "all"}	f	succeeded	backup.verify|shop|	first	2026-12-01 02:14:14.374494+00	2026-12-01 02:14:14.374494+00	1	1	60000	43200000	0	\N	\N	8	\N	\N	2026-12-01 02:14:14.404538+00	2026-12-01 02:14:14.487699+00	{"done": 15888, "unit": "bytes", "total": 0, "detail": "20261201T021407Z-bd6621752da3e18def0a30a10961b3a3 public.orders"}	4 chunks, 15.5 KiB read and right, in 0.0 s	{"part": "", "took": "PT0.048561407S", "chunks": 4, "source": "shop", "snapshot": "20261201T021407Z-bd6621752da3e18def0a30a10961b3a3", "snapshots": 1, "plainBytes": 15888}	\N	f3da63cf84fbdd7e876fb5cea95f5c4f	\N	\N	\N	00-f3da63cf84fbdd7e876fb5cea95f5c4f-a588dbba0b200bc5-01	f	1
3b8273d5-11f6-4dd1-8551-0b0b753d969c	backup.verify	api	\N	2026-12-01 02:14:14.554256+00	{"copy": "", "share": 100, "source": "shop", "snapshot": "all"}	f	succeeded	backup.verify|shop|	first	2026-12-01 02:14:14.554256+00	2026-12-01 02:14:14.554256+00	1	1	60000	43200000	0	\N	\N	11	\N	\N	2026-12-01 02:14:14.574101+00	2026-12-01 02:14:14.642916+00	{"done": 15888, "unit": "bytes", "total": 0, "detail": "20261201T021407Z-bd6621752da3e18def0a30a10961b3a3 public.orders"}	4 chunks, 15.5 KiB read and right, in 0.0 s	{"part": "", "took": "PT0.045096086S", "chunks": 4, "source": "shop", "snapshot": "20261201T021407Z-bd6621752da3e18def0a30a10961b3a3", "snapshots": 1, "plainBytes": 15888}	\N	7d05aab9590098b3a16017fd4ca3289c	\N	\N	\N	00-7d05aab9590098b3a16017fd4ca3289c-3bf3a8a678f382f0-01	f	1
ebc2d151-167a-4f12-b2eb-40acf9f90673	backup.verify	api	\N	2026-12-01 02:14:14.600995+00	{"copy": "", "share": 100, "source": "shop", "snapshot": "all"}	f	succeeded	backup.verify|shop|	first	2026-12-01 02:14:14.600995+00	2026-12-01 02:14:14.600995+00	1	1	60000	43200000	0	\N	\N	12	\N	\N	2026-12-01 02:14:14.647075+00	2026-12-01 02:14:14.693786+00	{"done": 15888, "unit": "bytes", "total": 0, "detail": "20261201T021407Z-bd6621752da3e18def0a30a10961b3a3 public.orders"}	4 chunks, 15.5 KiB read and right, in 0.0 s	{"part": "", "took": "PT0.028117161S", "chunks": 4, "source": "shop", "snapshot": "20261201T021407Z-bd6621752da3e18def0a30a10961b3a3", "snapshots": 1, "plainBytes": 15888}	\N	c63222c6f5cc9693a19194dac4626c3c	\N	\N	\N	00-c63222c6f5cc9693a19194dac4626c3c-f1fd26a07d91291c-01	f	1
54c1b063-48c7-4446-899f-534a944bd3f1	backup.verify	api	\N	2026-12-01 02:14:14.766196+00	{"copy": "", "share": 100, "source": "shop", "snapshot": "all"}	f	running	backup.verify|shop|	first	2026-12-01 02:14:14.766196+00	2026-12-01 02:14:14.766196+00	1	1	60000	43200000	0	hub-19550-d5ea	2026-12-01 02:14:24.775557+00	13	\N	\N	2026-12-01 02:14:14.775557+00	\N	\N	\N	\N	\N	e0ad76630f06e6c03214d4d6cf2946a9	\N	\N	\N	00-e0ad76630f06e6c03214d4d6cf2946a9-d3cbd2df13948273-01	f	1
4fc05b28-d108-40b8-88bf-0fd2f6b9035f	backup.verify	api	\N	2026-12-01 02:14:14.797513+00	{"copy": "", "share": 100, "source": "shop", "snapshot": "all"}	f	queued	backup.verify|shop|	first	2026-12-01 02:14:14.797513+00	2026-12-01 02:14:14.797513+00	0	1	60000	43200000	0	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	24606eda1a78b064f4cf5c924e6bc360	\N	\N	\N	00-24606eda1a78b064f4cf5c924e6bc360-067908ad0f30250a-01	f	1
\.


--
-- Data for Name: memory_level; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.memory_level (what, level, since) FROM stdin;
memory	calm	2026-12-01 02:13:44.800098+00
evictions	none	2026-12-01 02:13:44.800098+00
\.


--
-- Data for Name: outbox; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.outbox (seq, id, channel, key, type, envelope, created_at, relayed_at) FROM stdin;
1	48821407-dc78-3314-b864-b3bba9aaf752	backup	shop	backup.published	{"id": "48821407-dc78-3314-b864-b3bba9aaf752", "data": {"run": "3910e700-17fb-4b77-bb73-380eb0c7d2b8", "rows": 600, "source": "shop", "takenAt": "2026-12-01T02:14:07.213695Z", "newBytes": 3340, "snapshot": "20261201T021407Z-bd6621752da3e18def0a30a10961b3a3", "plainBytes": 15888, "storedBytes": 3340}, "time": "2026-12-01T02:14:07.772738893Z", "type": "backup.published", "source": "/hub/recorded", "subject": "shop", "severity": "info", "specversion": "1.0", "traceparent": "00-0bddb4c309cb137ec412063b963c4015-92b7d7a4d0a1f5f7-01", "datacontenttype": "application/json"}	2026-12-01 02:14:07.762994+00	\N
2	39188664-6377-3882-b103-7cddf3aa85db	backup	shop	backup.drilled	{"id": "39188664-6377-3882-b103-7cddf3aa85db", "data": {"run": "61aa9a4f-5cd5-4e48-ab29-d529fabdc59b", "rows": 600, "source": "shop", "snapshot": "20261201T021407Z-bd6621752da3e18def0a30a10961b3a3", "rtoMillis": 1420}, "time": "2026-12-01T02:14:10.193597592Z", "type": "backup.drilled", "source": "/hub/recorded", "subject": "shop", "severity": "info", "specversion": "1.0", "traceparent": "00-00412c87cad3c6552df0cb40537e958d-30ade43c1f148a6a-01", "datacontenttype": "application/json"}	2026-12-01 02:14:10.191518+00	\N
3	689b0bd7-bad8-39ee-bf0b-8e9d5f7a1e27	backup	shop	restore.failed	{"id": "689b0bd7-bad8-39ee-bf0b-8e9d5f7a1e27", "data": {"run": "71ddd8af-d6fd-400c-86e3-a3debac614c6", "source": "shop", "attempts": 1}, "time": "2026-12-01T02:14:10.867372784Z", "type": "restore.failed", "source": "/hub/recorded", "subject": "shop", "severity": "error", "specversion": "1.0", "traceparent": "00-ba84892b785fbcd137540b16ae1516cb-21516b9adac73ce3-01", "datacontenttype": "application/json"}	2026-12-01 02:14:10.859916+00	\N
4	1894cdda-7dca-3dd5-b627-92f063cc4ee1	jobs	restore.postgres	run.failed	{"id": "1894cdda-7dca-3dd5-b627-92f063cc4ee1", "data": {"job": "restore.postgres", "run": "71ddd8af-d6fd-400c-86e3-a3debac614c6", "attempts": 1}, "time": "2026-12-01T02:14:10.883573132Z", "type": "run.failed", "source": "/hub/recorded", "subject": "restore.postgres", "severity": "error", "specversion": "1.0", "traceparent": "00-ba84892b785fbcd137540b16ae1516cb-21516b9adac73ce3-01", "datacontenttype": "application/json"}	2026-12-01 02:14:10.859916+00	\N
5	e09374ca-903a-434f-8f0c-78058ba01ada	demo	a	demo.tested	{"id": "e09374ca-903a-434f-8f0c-78058ba01ada", "data": {"n": 1}, "time": "2026-12-01T02:14:11.897645575Z", "type": "demo.tested", "source": "/hub/recorded", "subject": "a", "severity": "info", "specversion": "1.0", "traceparent": "00-81484a748aee49656a7aca09fd492747-c5c9ccc400797466-01", "datacontenttype": "application/json"}	2026-12-01 02:14:11.902423+00	\N
6	2da65623-f8bf-3dbf-a656-ae4531b6ccf9	backup	shop	backup.verified	{"id": "2da65623-f8bf-3dbf-a656-ae4531b6ccf9", "data": {"run": "9df8a06c-450d-4caa-aed6-3978dba21ea8", "source": "shop", "snapshot": "20261201T021407Z-bd6621752da3e18def0a30a10961b3a3"}, "time": "2026-12-01T02:14:14.445297325Z", "type": "backup.verified", "source": "/hub/recorded", "subject": "shop", "severity": "info", "specversion": "1.0", "traceparent": "00-f3da63cf84fbdd7e876fb5cea95f5c4f-af027ef2a2c9df27-01", "datacontenttype": "application/json"}	2026-12-01 02:14:14.443255+00	\N
7	cb23e648-e67a-3d71-b70d-631c50429ee9	backup	shop	backup.verified	{"id": "cb23e648-e67a-3d71-b70d-631c50429ee9", "data": {"run": "aa54b172-8278-48da-be34-52a85f907362", "source": "shop", "snapshot": "20261201T021407Z-bd6621752da3e18def0a30a10961b3a3"}, "time": "2026-12-01T02:14:14.556619471Z", "type": "backup.verified", "source": "/hub/recorded", "subject": "shop", "severity": "info", "specversion": "1.0", "traceparent": "00-234ded1792f42ab40a54291a680e7d66-1bbe0e7d2e1022a6-01", "datacontenttype": "application/json"}	2026-12-01 02:14:14.555686+00	\N
8	087b525f-63f4-3daa-9b2d-37ee483a7ed8	backup	shop	backup.verified	{"id": "087b525f-63f4-3daa-9b2d-37ee483a7ed8", "data": {"run": "3b8273d5-11f6-4dd1-8551-0b0b753d969c", "source": "shop", "snapshot": "20261201T021407Z-bd6621752da3e18def0a30a10961b3a3"}, "time": "2026-12-01T02:14:14.615235475Z", "type": "backup.verified", "source": "/hub/recorded", "subject": "shop", "severity": "info", "specversion": "1.0", "traceparent": "00-7d05aab9590098b3a16017fd4ca3289c-36d0f0596351d8b1-01", "datacontenttype": "application/json"}	2026-12-01 02:14:14.604161+00	\N
9	6360034a-99ea-3933-85f0-1e8e5681bfc6	backup	shop	backup.verified	{"id": "6360034a-99ea-3933-85f0-1e8e5681bfc6", "data": {"run": "ebc2d151-167a-4f12-b2eb-40acf9f90673", "source": "shop", "snapshot": "20261201T021407Z-bd6621752da3e18def0a30a10961b3a3"}, "time": "2026-12-01T02:14:14.678430364Z", "type": "backup.verified", "source": "/hub/recorded", "subject": "shop", "severity": "info", "specversion": "1.0", "traceparent": "00-c63222c6f5cc9693a19194dac4626c3c-6dc6ed56e1dbf635-01", "datacontenttype": "application/json"}	2026-12-01 02:14:14.669778+00	\N
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
\.


--
-- Data for Name: run_log; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.run_log (seq, run_id, attempt, at, level, message) FROM stdin;
1	3910e700-17fb-4b77-bb73-380eb0c7d2b8	1	2026-12-01 02:14:04.654055+00	INFO	begins: asked for by first
2	3910e700-17fb-4b77-bb73-380eb0c7d2b8	1	2026-12-01 02:14:04.87089+00	WARN	file:/recorded/repository is a new repository: it holds no earlier backups
3	3910e700-17fb-4b77-bb73-380eb0c7d2b8	1	2026-12-01 02:14:04.880599+00	WARN	source shop and the repository file:/recorded/repository are on one machine (127.0.0.1): its loss takes both; add a place elsewhere under hub.copies
4	3910e700-17fb-4b77-bb73-380eb0c7d2b8	1	2026-12-01 02:14:07.359438+00	INFO	reading 2 tables of postgresql://127.0.0.1:55432/shop, PostgreSQL 15.18 (Debian 15.18-0+deb12u1)
5	3910e700-17fb-4b77-bb73-380eb0c7d2b8	1	2026-12-01 02:14:07.756123+00	INFO	published snapshot 20261201T021407Z-bd6621752da3e18def0a30a10961b3a3
6	3910e700-17fb-4b77-bb73-380eb0c7d2b8	1	2026-12-01 02:14:07.886637+00	INFO	succeeded: 2 tables, 600 rows, 15.5 KiB as 3.3 KiB, 3.3 KiB new, in 0.4 s
7	61aa9a4f-5cd5-4e48-ab29-d529fabdc59b	1	2026-12-01 02:14:08.278839+00	INFO	begins: asked for by first
8	61aa9a4f-5cd5-4e48-ab29-d529fabdc59b	1	2026-12-01 02:14:08.366455+00	INFO	drills 20261201T021407Z-bd6621752da3e18def0a30a10961b3a3 on 127.0.0.1:55432
9	61aa9a4f-5cd5-4e48-ab29-d529fabdc59b	1	2026-12-01 02:14:10.208187+00	INFO	succeeded: verified 600 rows equal, RTO 1.4 s
10	71ddd8af-d6fd-400c-86e3-a3debac614c6	1	2026-12-01 02:14:10.725065+00	INFO	begins: asked for by first
11	71ddd8af-d6fd-400c-86e3-a3debac614c6	1	2026-12-01 02:14:10.770221+00	INFO	restores 20261201T021407Z-bd6621752da3e18def0a30a10961b3a3 into spare/shop
12	71ddd8af-d6fd-400c-86e3-a3debac614c6	1	2026-12-01 02:14:10.849568+00	ERROR	params.database: 'shop' exists already; a restore makes a new one
13	71ddd8af-d6fd-400c-86e3-a3debac614c6	1	2026-12-01 02:14:10.858509+00	INFO	failed: params.database: 'shop' exists already; a restore makes a new one
14	9df8a06c-450d-4caa-aed6-3978dba21ea8	1	2026-12-01 02:14:14.419827+00	INFO	begins: asked for by first
15	9df8a06c-450d-4caa-aed6-3978dba21ea8	1	2026-12-01 02:14:14.479533+00	INFO	succeeded: 4 chunks, 15.5 KiB read and right, in 0.0 s
16	aa54b172-8278-48da-be34-52a85f907362	1	2026-12-01 02:14:14.506407+00	INFO	begins: asked for by first
17	aa54b172-8278-48da-be34-52a85f907362	1	2026-12-01 02:14:14.569193+00	INFO	succeeded: 4 chunks, 15.5 KiB read and right, in 0.1 s
18	3b8273d5-11f6-4dd1-8551-0b0b753d969c	1	2026-12-01 02:14:14.585574+00	INFO	begins: asked for by first
19	3b8273d5-11f6-4dd1-8551-0b0b753d969c	1	2026-12-01 02:14:14.633144+00	INFO	succeeded: 4 chunks, 15.5 KiB read and right, in 0.0 s
20	ebc2d151-167a-4f12-b2eb-40acf9f90673	1	2026-12-01 02:14:14.653183+00	INFO	begins: asked for by first
21	ebc2d151-167a-4f12-b2eb-40acf9f90673	1	2026-12-01 02:14:14.691177+00	INFO	succeeded: 4 chunks, 15.5 KiB read and right, in 0.0 s
22	54c1b063-48c7-4446-899f-534a944bd3f1	1	2026-12-01 02:14:14.799962+00	INFO	begins: asked for by first
\.


--
-- Data for Name: schema_version; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.schema_version (installed_rank, version, description, type, script, checksum, installed_by, installed_on, execution_time, success) FROM stdin;
0	\N	<< Flyway Schema Creation >>	SCHEMA	"hub"	\N	postgres	2026-12-01 02:13:44.464808	0	t
1	1	hub	SQL	V1__hub.sql	-1373321037	postgres	2026-12-01 02:13:44.49491	45	t
2	2	platform schemas	SQL	V2__platform_schemas.sql	1524544963	postgres	2026-12-01 02:13:44.585794	30	t
3	3	retention	SQL	V3__retention.sql	-223581835	postgres	2026-12-01 02:13:44.633898	5	t
4	4	sight	SQL	V4__sight.sql	1696339058	postgres	2026-12-01 02:13:44.648888	14	t
5	7	imports	SQL	V7__imports.sql	1018002971	postgres	2026-12-01 02:13:44.678512	1	t
6	8	copies	SQL	V8__copies.sql	1097613987	postgres	2026-12-01 02:13:44.683223	0	t
7	9	traces and probes	SQL	V9__traces_and_probes.sql	-545380572	postgres	2026-12-01 02:13:44.686796	4	t
8	10	events	SQL	V10__events.sql	1989107347	postgres	2026-12-01 02:13:44.697414	16	t
9	11	deliveries	SQL	V11__deliveries.sql	1878311773	postgres	2026-12-01 02:13:44.722871	20	t
10	12	redteam	SQL	V12__redteam.sql	338986257	postgres	2026-12-01 02:13:44.762545	23	t
11	13	memory watch	SQL	V13__memory_watch.sql	-938137764	postgres	2026-12-01 02:13:44.796197	6	t
12	14	fair claims	SQL	V14__fair_claims.sql	1480075913	postgres	2026-12-01 02:13:44.807659	8	t
13	15	ledger indexes	SQL	V15__ledger_indexes.sql	-1852843455	postgres	2026-12-01 02:13:44.821908	22	t
14	16	relay bounds	SQL	V16__relay_bounds.sql	1350588376	postgres	2026-12-01 02:13:44.850966	6	t
\.


--
-- Data for Name: snapshot; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.snapshot (source, id, taken_at, finished_at, row_count, plain_bytes, stored_bytes, new_bytes, run_id, drilled_at, verified, drill_detail, rto_ms, holds, read_at, intact, read_detail, kind) FROM stdin;
shop	20261201T021407Z-bd6621752da3e18def0a30a10961b3a3	2026-12-01 02:14:07.213695+00	2026-12-01 02:14:07.588603+00	600	15888	3340	3340	3910e700-17fb-4b77-bb73-380eb0c7d2b8	2026-12-01 02:14:10.184137+00	t	verified 600 rows equal, RTO 1.4 s	1420	{"audit": {"at": "2026-12-01T02:14:11.479146553Z", "by": "first", "reason": "kept for the audit"}}	2026-12-01 02:14:14.669778+00	t	4 chunks read and right	postgres
\.


--
-- Data for Name: switch; Type: TABLE DATA; Schema: hub; Owner: -
--

COPY hub.switch (name, is_on, changed_at, changed_by) FROM stdin;
triggers	t	2026-12-01 02:13:44.533945+00	migration
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
backup.catalogue.rebuild/nightly	2026-12-01 02:14:04.144221+00	0 15 3 * * ? UTC	\N	\N
backup.drill/shop-nightly	2026-12-01 02:14:04.144221+00	0 30 3 * * ? UTC	\N	\N
backup.drill/shop-sample	2026-12-01 02:14:04.144221+00	0 0 8 ? * SUN UTC	\N	\N
backup.sweep/nightly	2026-12-01 02:14:04.144221+00	0 30 6 * * ? UTC	\N	\N
backup.verify/own-weekly	2026-12-01 02:14:04.144221+00	0 0 4 ? * SUN UTC	\N	\N
backup.verify/shop-daily	2026-12-01 02:14:04.144221+00	0 45 4 * * ? UTC	\N	\N
retention.snapshots/shop-nightly	2026-12-01 02:14:04.144221+00	0 30 5 * * ? UTC	\N	\N
backup.postgres/shop-nightly	2026-12-01 02:14:04.144221+00	0 0 2 * * ? UTC	2026-12-01 02:14:11.74586+00	first
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

SELECT pg_catalog.setval('hub.delivery_seq_seq', 9, true);


--
-- Name: fence; Type: SEQUENCE SET; Schema: hub; Owner: -
--

SELECT pg_catalog.setval('hub.fence', 13, true);


--
-- Name: outbox_seq_seq; Type: SEQUENCE SET; Schema: hub; Owner: -
--

SELECT pg_catalog.setval('hub.outbox_seq_seq', 9, true);


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

SELECT pg_catalog.setval('hub.run_log_seq_seq', 22, true);


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


