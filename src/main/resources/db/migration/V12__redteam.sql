-- Channels of events, and what red teams found.

CREATE TABLE hub.event_channel (
  name   text        PRIMARY KEY,
  since  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE hub.event_channel IS 'Channels that ever carried an event: which streams there may be in Redis';
-- What earlier versions wrote.
INSERT INTO hub.event_channel (name) SELECT DISTINCT channel FROM hub.outbox;

-- Messages of others that were taken: each once, however often it comes.
CREATE TABLE hub.ingested (
  source     text        NOT NULL,
  message_id text        NOT NULL,
  taken_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (source, message_id)
);
CREATE INDEX ingested_taken ON hub.ingested (taken_at);
COMMENT ON TABLE hub.ingested IS 'Ids of messages that hub.ingest took in the last 7 days';

-- Raises unless "table_name" has a unique index over exactly these columns: without one, a repeat
-- could not be told from something new.
CREATE OR REPLACE FUNCTION hub.require_key(table_name text, columns text[]) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog
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
COMMENT ON FUNCTION hub.require_key(text, text[]) IS
    'Raises, naming table and columns, when an existing table has no such key';

DO $$
BEGIN
    IF to_regclass('analytics.attack_patterns') IS NULL THEN
        CREATE TABLE analytics.attack_patterns (
            pattern_id text PRIMARY KEY,
            name text NOT NULL,
            category text NOT NULL,
            severity text NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
            description text,
            reference text,
            updated_at timestamp with time zone NOT NULL DEFAULT now()
        );
        COMMENT ON TABLE analytics.attack_patterns IS
            'Ways to attack a model, such as AML.T0051 of MITRE ATLAS';
    END IF;
    PERFORM hub.require_columns('analytics.attack_patterns', '{
        "pattern_id": "text", "name": "text", "category": "text", "severity": "text",
        "description": "text", "reference": "text", "updated_at": "timestamp with time zone"}');
    PERFORM hub.require_key('analytics.attack_patterns', '{pattern_id}');

    IF to_regclass('analytics.red_team_results') IS NULL THEN
        CREATE TABLE analytics.red_team_results (
            campaign text NOT NULL,
            result_id text NOT NULL,
            model_name text NOT NULL,
            model_version text NOT NULL,
            pattern_id text NOT NULL,
            outcome text NOT NULL CHECK (outcome IN ('blocked', 'partial', 'succeeded')),
            severity text NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
            score double precision CHECK (score BETWEEN 0 AND 1),
            executed_at timestamp with time zone NOT NULL,
            details jsonb NOT NULL DEFAULT '{}',
            updated_at timestamp with time zone NOT NULL DEFAULT now(),
            PRIMARY KEY (campaign, result_id)
        );
        CREATE INDEX red_team_results_model
            ON analytics.red_team_results (model_name, model_version, executed_at DESC);
        COMMENT ON TABLE analytics.red_team_results IS
            'One row per attack of a campaign on a model version';
        COMMENT ON COLUMN analytics.red_team_results.score IS 'How far the attack got, 0 to 1';
    END IF;
    PERFORM hub.require_columns('analytics.red_team_results', '{
        "campaign": "text", "result_id": "text", "model_name": "text", "model_version": "text",
        "pattern_id": "text", "outcome": "text", "severity": "text", "score": "double precision",
        "executed_at": "timestamp with time zone", "details": "jsonb",
        "updated_at": "timestamp with time zone"}');
    PERFORM hub.require_key('analytics.red_team_results', '{campaign,result_id}');

    IF to_regclass('analytics.vulnerabilities') IS NULL THEN
        CREATE TABLE analytics.vulnerabilities (
            vulnerability_id text NOT NULL,
            model_name text NOT NULL,
            model_version text NOT NULL,
            title text NOT NULL,
            severity text NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
            status text NOT NULL CHECK (status IN ('open', 'mitigated', 'accepted', 'fixed')),
            cvss double precision CHECK (cvss BETWEEN 0 AND 10),
            pattern_id text,
            description text,
            discovered_at timestamp with time zone NOT NULL,
            updated_at timestamp with time zone NOT NULL DEFAULT now(),
            PRIMARY KEY (vulnerability_id, model_name, model_version)
        );
        CREATE INDEX vulnerabilities_open
            ON analytics.vulnerabilities (severity, discovered_at DESC) WHERE status = 'open';
        COMMENT ON TABLE analytics.vulnerabilities IS 'Weaknesses of model versions, found or known';
    END IF;
    PERFORM hub.require_columns('analytics.vulnerabilities', '{
        "vulnerability_id": "text", "model_name": "text", "model_version": "text", "title": "text",
        "severity": "text", "status": "text", "cvss": "double precision", "pattern_id": "text",
        "description": "text", "discovered_at": "timestamp with time zone",
        "updated_at": "timestamp with time zone"}');
    PERFORM hub.require_key('analytics.vulnerabilities',
        '{vulnerability_id,model_name,model_version}');
END
$$;

CREATE TABLE hub.redteam_told (
  kind text NOT NULL,
  key  text NOT NULL,
  at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, key)
);
COMMENT ON TABLE hub.redteam_told IS 'Critical findings that an event told of, each once';
