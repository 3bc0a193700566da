-- What a backup lacks for its role, or because its source is a replica, one sentence a row; pg_dump says nothing
-- of it. Reads catalogues only.
SELECT 'user mapping for ' || m.usename || ' on server ' || m.srvname
       || ' is backed up without its options: only a superuser may read them' AS what
FROM pg_catalog.pg_user_mappings m JOIN pg_catalog.pg_foreign_server s ON s.oid = m.srvid
WHERE NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
  AND NOT CASE WHEN m.umuser = 0 THEN pg_catalog.pg_has_role(s.srvowner, 'USAGE')
               ELSE m.usename = current_user OR pg_catalog.pg_has_role(s.srvowner, 'USAGE') AND m.umoptions IS NOT NULL END
UNION ALL
SELECT 'unlogged table ' || c.oid::pg_catalog.regclass || ' is backed up without its rows: a replica has none'
FROM pg_catalog.pg_class c WHERE c.relkind = 'r' AND c.relpersistence = 'u' AND pg_catalog.pg_is_in_recovery()
ORDER BY 1
