-- Writes a row by its natural key. Repeat-safe: the same row again changes nothing, and nothing comes
-- back; else whether it is new.
INSERT INTO analytics.red_team_results AS t (campaign, result_id, model_name, model_version, pattern_id, outcome, severity, score, executed_at, details)
VALUES (:#campaign, :#result_id, :#model_name, :#model_version, :#pattern_id, :#outcome, :#severity, CAST(:#score AS double precision), CAST(:#executed_at AS timestamptz), coalesce(CAST(:#details AS jsonb), '{}'))
ON CONFLICT (campaign, result_id) DO UPDATE
SET model_name = excluded.model_name, model_version = excluded.model_version, pattern_id = excluded.pattern_id, outcome = excluded.outcome, severity = excluded.severity, score = excluded.score, executed_at = excluded.executed_at, details = excluded.details, updated_at = now()
WHERE (t.model_name, t.model_version, t.pattern_id, t.outcome, t.severity, t.score, t.executed_at, t.details) IS DISTINCT FROM (excluded.model_name, excluded.model_version, excluded.pattern_id, excluded.outcome, excluded.severity, excluded.score, excluded.executed_at, excluded.details)
RETURNING xmax = 0 AS fresh
