-- Large objects that this role may not read: no predefined role covers them. Reads catalogues only.
SELECT m.oid FROM pg_catalog.pg_largeobject_metadata m
WHERE current_setting('lo_compat_privileges') = 'off'
  AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
  AND NOT pg_catalog.pg_has_role(m.lomowner, 'USAGE')
  AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(m.lomacl) a
                  WHERE a.privilege_type = 'SELECT' AND (a.grantee = 0 OR pg_catalog.pg_has_role(a.grantee, 'USAGE')))
ORDER BY m.oid LIMIT 1000
