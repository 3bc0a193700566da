-- What makes a table's rows what they are, one row a part: checks and keys (foreign ones lead elsewhere, and are told
-- apart), defaults, policies, rules, triggers, indexes, row security. Reads catalogues only.
WITH mine AS (
  SELECT c.oid, n.nspname, c.relname, c.relrowsecurity, c.relforcerowsecurity
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')
SELECT m.nspname, m.relname, p.part
FROM mine m
CROSS JOIN LATERAL (
  SELECT 'constraint ' || conname FROM pg_catalog.pg_constraint WHERE conrelid = m.oid AND contype <> 'f'
  UNION ALL
  SELECT 'default of column ' || a.attname
  FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  WHERE d.adrelid = m.oid
  UNION ALL
  SELECT 'column ' || attname FROM pg_catalog.pg_attribute WHERE attrelid = m.oid AND attnum > 0 AND NOT attisdropped
  UNION ALL
  SELECT 'policy ' || polname FROM pg_catalog.pg_policy WHERE polrelid = m.oid
  UNION ALL
  SELECT 'rule ' || rulename FROM pg_catalog.pg_rewrite WHERE ev_class = m.oid
  UNION ALL
  SELECT 'trigger ' || tgname FROM pg_catalog.pg_trigger WHERE tgrelid = m.oid AND NOT tgisinternal
  UNION ALL
  SELECT 'index ' || i.relname FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  WHERE x.indrelid = m.oid
  UNION ALL
  SELECT 'row security' WHERE m.relrowsecurity
  UNION ALL
  SELECT 'forced row security' WHERE m.relforcerowsecurity) AS p (part)
