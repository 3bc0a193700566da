-- What each table takes on disk. Waits for locks: only for tables that are locked already.
SELECT c.oid::bigint AS oid,
       pg_catalog.pg_relation_size(c.oid) + coalesce(pg_catalog.pg_relation_size(nullif(c.reltoastrelid, 0)), 0) AS bytes
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND (c.relpersistence = 'p' OR c.relpersistence = 'u' AND NOT pg_catalog.pg_is_in_recovery())
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
