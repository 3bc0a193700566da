-- Tables with rows of their own: plain tables and partitions, logged or not, of no extension; and
-- extensions' configuration tables with the filter that says which rows are the user's.
-- Partitioned parents ('p') come along to be locked; they have no rows.
SELECT c.oid::bigint AS oid, n.nspname, c.relname, c.relkind::text AS relkind,
       pg_catalog.array_to_json(ARRAY(
         SELECT a.attname::text FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
         ORDER BY a.attnum))::text AS columns,
       x.filter,
       -- As the last VACUUM or ANALYZE saw it: pg_relation_size would wait for a lock.
       c.relpages::bigint * current_setting('block_size')::bigint AS bytes,
       -- NULL: dropped since this snapshot.
       coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE'), true) AS may_use_schema,
       coalesce(pg_catalog.has_table_privilege(c.oid, 'SELECT'), true) AS may_select,
       pg_catalog.row_security_active(c.oid) AS row_security
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_depend d
  ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e'
LEFT JOIN LATERAL (
  SELECT e.extcondition[i] AS filter
  FROM pg_catalog.pg_extension e, pg_catalog.generate_subscripts(e.extconfig, 1) i
  WHERE e.oid = d.refobjid AND e.extconfig[i] = c.oid) x ON true
WHERE c.relkind IN ('r', 'p')
  -- A replica has unlogged tables without their rows.
  AND (c.relpersistence = 'p' OR c.relpersistence = 'u' AND NOT pg_catalog.pg_is_in_recovery())
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND (d.objid IS NULL OR x.filter IS NOT NULL)
ORDER BY n.nspname, c.relname
