-- Writes a row by its natural key. Repeat-safe: the same row again changes nothing, and nothing comes
-- back; else whether it is new.
INSERT INTO analytics.vulnerabilities AS t (vulnerability_id, model_name, model_version, title, severity, status, cvss, pattern_id, description, discovered_at)
VALUES (:#vulnerability_id, :#model_name, :#model_version, :#title, :#severity, :#status, CAST(:#cvss AS double precision), :#pattern_id, :#description, CAST(:#discovered_at AS timestamptz))
ON CONFLICT (vulnerability_id, model_name, model_version) DO UPDATE
SET title = excluded.title, severity = excluded.severity, status = excluded.status, cvss = excluded.cvss, pattern_id = excluded.pattern_id, description = excluded.description, discovered_at = excluded.discovered_at, updated_at = now()
WHERE (t.title, t.severity, t.status, t.cvss, t.pattern_id, t.description, t.discovered_at) IS DISTINCT FROM (excluded.title, excluded.severity, excluded.status, excluded.cvss, excluded.pattern_id, excluded.description, excluded.discovered_at)
RETURNING xmax = 0 AS fresh
