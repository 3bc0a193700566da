-- What a partial restore may have to drop again: tables, views and sequences of users, with all their parents. Reads only.
SELECT c.relkind::text AS relkind, n.nspname, c.relname,
       ARRAY(WITH RECURSIVE up(oid) AS (
                 SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid
                 UNION
                 SELECT i.inhparent FROM pg_catalog.pg_inherits i JOIN up ON i.inhrelid = up.oid)
             SELECT pn.nspname || '.' || p.relname
             FROM up JOIN pg_catalog.pg_class p ON p.oid = up.oid
             JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace) AS ancestors
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
  AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname
