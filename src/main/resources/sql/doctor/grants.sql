-- GRANTs that are missing for the hub's own schemas, and for the tables it finds there.
WITH wanted(name) AS (VALUES ('hub'), ('analytics'), ('business_metrics'), ('data_privacy')),
found AS (
  SELECT w.name, n.oid FROM wanted w LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = w.name)
SELECT pg_catalog.format('GRANT CREATE ON DATABASE %I TO %I', current_database(), current_user)
FROM found WHERE oid IS NULL
  AND NOT pg_catalog.has_database_privilege(current_database(), 'CREATE')
UNION
SELECT pg_catalog.format('GRANT %s ON SCHEMA %I TO %I', p, name, current_user)
FROM found CROSS JOIN (VALUES ('USAGE'), ('CREATE')) AS needed(p)
WHERE oid IS NOT NULL AND NOT pg_catalog.has_schema_privilege(oid, p)
UNION
SELECT pg_catalog.format('GRANT %s ON %I.%I TO %I', p, found.name, c.relname, current_user)
FROM found JOIN pg_catalog.pg_class c ON c.relnamespace = found.oid AND c.relkind IN ('r', 'p')
CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) AS needed(p)
WHERE NOT pg_catalog.has_table_privilege(c.oid, p)
ORDER BY 1
