-- Every sequence of no extension, identity columns' included; and extensions' configuration sequences.
SELECT n.nspname, c.relname, coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE'), true) AS may_use_schema,
       coalesce(pg_catalog.has_sequence_privilege(c.oid, 'SELECT'), true) AS may_select
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S' AND (c.relpersistence = 'p' OR c.relpersistence = 'u' AND NOT pg_catalog.pg_is_in_recovery())
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e'
                    AND NOT EXISTS (SELECT FROM pg_catalog.pg_extension e
                                    WHERE e.oid = d.refobjid AND c.oid = ANY (e.extconfig)))
ORDER BY n.nspname, c.relname
