-- The platform's data that the hub owns. A table that is there already is adopted as it stands: it
-- may have more columns, but a missing or different one stops the migration by name. Nothing of it
-- is dropped, altered, indexed or commented: it may be large, busy, and another role's.

CREATE SCHEMA IF NOT EXISTS analytics;
CREATE SCHEMA IF NOT EXISTS business_metrics;
CREATE SCHEMA IF NOT EXISTS data_privacy;

-- Raises unless "table_name" is a table with every expected column in the expected type, and
-- without further columns that a writer who does not know them could not fill.
-- expected: {"column": "type as format_type() spells it", …}
CREATE OR REPLACE FUNCTION hub.require_columns(table_name text, expected jsonb) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog
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
COMMENT ON FUNCTION hub.require_columns(text, jsonb) IS
    'Raises, naming table and column, when an existing table cannot be adopted';

-- analytics.model_performance: one row per model version, environment and window of scored traffic.
DO $$
BEGIN
    IF to_regclass('analytics.model_performance') IS NULL THEN
        CREATE TABLE analytics.model_performance (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            model_name text NOT NULL,
            model_version text NOT NULL,
            environment text NOT NULL CHECK (environment IN ('production', 'canary', 'shadow')),
            measured_at timestamp with time zone NOT NULL,
            window_seconds integer NOT NULL CHECK (window_seconds > 0),
            true_positives bigint NOT NULL CHECK (true_positives >= 0),
            false_positives bigint NOT NULL CHECK (false_positives >= 0),
            true_negatives bigint NOT NULL CHECK (true_negatives >= 0),
            false_negatives bigint NOT NULL CHECK (false_negatives >= 0),
            requests bigint GENERATED ALWAYS AS
                (true_positives + false_positives + true_negatives + false_negatives) STORED,
            auc numeric(7, 6) CHECK (auc BETWEEN 0 AND 1),
            latency_p50_ms double precision NOT NULL,
            latency_p95_ms double precision NOT NULL,
            feature_versions text[] NOT NULL DEFAULT '{}',
            slices jsonb NOT NULL DEFAULT '{}',
            notes text
        );
        CREATE INDEX model_performance_model_measured_at
            ON analytics.model_performance (model_name, measured_at DESC);
        CREATE INDEX model_performance_production
            ON analytics.model_performance (measured_at) WHERE environment = 'production';
        CREATE INDEX model_performance_slices
            ON analytics.model_performance USING gin (slices jsonb_path_ops);
        COMMENT ON TABLE analytics.model_performance IS
            'Confusion counts, AUC and latency per model version, environment and window';
        COMMENT ON COLUMN analytics.model_performance.measured_at IS 'End of the window';
        COMMENT ON COLUMN analytics.model_performance.slices IS 'Recall per traffic slice: {"channel": {"mobile": 0.93}}';
    END IF;
END
$$;
SELECT hub.require_columns('analytics.model_performance', '{
    "id": "bigint", "model_name": "text", "model_version": "text", "environment": "text",
    "measured_at": "timestamp with time zone", "window_seconds": "integer",
    "true_positives": "bigint", "false_positives": "bigint", "true_negatives": "bigint",
    "false_negatives": "bigint", "requests": "bigint", "auc": "numeric(7,6)",
    "latency_p50_ms": "double precision", "latency_p95_ms": "double precision",
    "feature_versions": "text[]", "slices": "jsonb", "notes": "text"}');

DO $$
BEGIN
    IF to_regclass('analytics.model_performance_daily') IS NULL THEN
        CREATE MATERIALIZED VIEW analytics.model_performance_daily AS
        SELECT model_name,
               environment,
               (measured_at AT TIME ZONE 'UTC')::date AS day,
               sum(requests) AS requests,
               round(sum(true_positives) / nullif(sum(true_positives + false_negatives), 0), 6) AS recall,
               round(sum(true_positives) / nullif(sum(true_positives + false_positives), 0), 6) AS precision,
               max(latency_p95_ms) AS worst_latency_p95_ms
        FROM analytics.model_performance
        GROUP BY model_name, environment, day;
        CREATE UNIQUE INDEX model_performance_daily_key
            ON analytics.model_performance_daily (model_name, environment, day);
    END IF;
END
$$;

-- business_metrics.kpis: what the security service is worth, per unit and period.
DO $$
BEGIN
    IF to_regclass('business_metrics.kpi_definitions') IS NULL THEN
        CREATE TABLE business_metrics.kpi_definitions (
            id integer PRIMARY KEY,
            name text NOT NULL UNIQUE,
            unit text NOT NULL,
            higher_is_better boolean NOT NULL,
            description text NOT NULL
        );
        COMMENT ON TABLE business_metrics.kpi_definitions IS 'What each KPI measures, and in which unit';
    END IF;
    PERFORM hub.require_columns('business_metrics.kpi_definitions', '{
        "id": "integer", "name": "text", "unit": "text", "higher_is_better": "boolean",
        "description": "text"}');

    IF to_regclass('business_metrics.kpis') IS NULL THEN
        CREATE TABLE business_metrics.kpis (
            id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            definition_id integer NOT NULL REFERENCES business_metrics.kpi_definitions,
            business_unit text NOT NULL,
            period daterange NOT NULL,
            value numeric(18, 4) NOT NULL,
            target numeric(18, 4),
            attainment numeric GENERATED ALWAYS AS (round(value / nullif(target, 0), 4)) STORED,
            dimensions jsonb NOT NULL DEFAULT '{}',
            recorded_at timestamp with time zone NOT NULL DEFAULT now(),
            CONSTRAINT kpis_once UNIQUE (definition_id, business_unit, period)
        );
        CREATE INDEX kpis_period ON business_metrics.kpis USING gist (period);
        COMMENT ON TABLE business_metrics.kpis IS 'One value per KPI, business unit and period';
        COMMENT ON COLUMN business_metrics.kpis.attainment IS 'value / target; null without a target';
    END IF;
END
$$;
SELECT hub.require_columns('business_metrics.kpis', '{
    "id": "bigint", "definition_id": "integer", "business_unit": "text", "period": "daterange",
    "value": "numeric(18,4)", "target": "numeric(18,4)", "attainment": "numeric",
    "dimensions": "jsonb", "recorded_at": "timestamp with time zone"}');

-- data_privacy.data_classifications: which data are personal, how sure we are, on what basis kept.
CREATE SEQUENCE IF NOT EXISTS data_privacy.classification_number;
DO $$
BEGIN
    IF to_regclass('data_privacy.data_classifications') IS NULL THEN
        CREATE TABLE data_privacy.data_classifications (
            id uuid PRIMARY KEY,
            number text NOT NULL UNIQUE
                DEFAULT 'DC-' || lpad(nextval('data_privacy.classification_number')::text, 7, '0'),
            parent_id uuid REFERENCES data_privacy.data_classifications,
            store text NOT NULL CHECK (store IN ('postgresql', 's3', 'redis')),
            location text NOT NULL,
            sensitivity text NOT NULL
                CHECK (sensitivity IN ('public', 'internal', 'confidential', 'restricted')),
            categories text[] NOT NULL DEFAULT '{}',
            confidence numeric(4, 3) NOT NULL CHECK (confidence BETWEEN 0 AND 1),
            legal_basis text,
            retention interval,
            sample_sha256 bytea NOT NULL,
            evidence jsonb NOT NULL DEFAULT '{}',
            detected_at timestamp with time zone NOT NULL,
            reviewed_at timestamp with time zone,
            reviewed_by text,
            CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL))
        );
        CREATE INDEX data_classifications_parent
            ON data_privacy.data_classifications (parent_id);
        CREATE INDEX data_classifications_categories
            ON data_privacy.data_classifications USING gin (categories);
        CREATE INDEX data_classifications_unreviewed
            ON data_privacy.data_classifications (detected_at) WHERE reviewed_at IS NULL;
        COMMENT ON TABLE data_privacy.data_classifications IS
            'Verdict per column, key pattern or object: what personal data it holds';
        COMMENT ON COLUMN data_privacy.data_classifications.parent_id IS
            'The table or bucket this location lies in';
        COMMENT ON COLUMN data_privacy.data_classifications.sample_sha256 IS
            'SHA-256 of the sample the verdict rests on; the sample itself is not kept';
    END IF;
END
$$;
SELECT hub.require_columns('data_privacy.data_classifications', '{
    "id": "uuid", "number": "text", "parent_id": "uuid", "store": "text", "location": "text",
    "sensitivity": "text", "categories": "text[]", "confidence": "numeric(4,3)",
    "legal_basis": "text", "retention": "interval", "sample_sha256": "bytea", "evidence": "jsonb",
    "detected_at": "timestamp with time zone", "reviewed_at": "timestamp with time zone",
    "reviewed_by": "text"}');
