-- Writes a row by its natural key. Repeat-safe: the same row again changes nothing, and nothing comes
-- back; else whether it is new.
INSERT INTO analytics.attack_patterns AS t (pattern_id, name, category, severity, description, reference)
VALUES (:#pattern_id, :#name, :#category, :#severity, :#description, :#reference)
ON CONFLICT (pattern_id) DO UPDATE
SET name = excluded.name, category = excluded.category, severity = excluded.severity, description = excluded.description, reference = excluded.reference, updated_at = now()
WHERE (t.name, t.category, t.severity, t.description, t.reference) IS DISTINCT FROM (excluded.name, excluded.category, excluded.severity, excluded.description, excluded.reference)
RETURNING xmax = 0 AS fresh
