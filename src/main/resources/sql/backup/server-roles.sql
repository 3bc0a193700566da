-- Roles of a server: what they are, their settings, whose members they are, and whether one leads to all. Reads catalogues only.
SELECT r.rolname AS name, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication,
       r.rolbypassrls, r.rolconnlimit AS connection_limit, r.rolvaliduntil::text AS valid_until,
       coalesce(r.rolconfig, '{}') AS settings,
       ARRAY(SELECT m.rolname::text FROM pg_catalog.pg_auth_members a JOIN pg_catalog.pg_roles m ON m.oid = a.roleid
             WHERE a.member = r.oid ORDER BY 1) AS member_of,
       -- Members of a predefined role read all data, or run programs: what one may then do, its attributes do not tell.
       EXISTS (SELECT FROM pg_catalog.pg_roles s
               WHERE (s.rolsuper OR s.rolcreaterole OR s.rolreplication OR s.rolbypassrls OR s.rolname ~ '^pg_')
                 AND pg_catalog.pg_has_role(r.oid, s.oid, 'MEMBER')) AS powerful
FROM pg_catalog.pg_roles r
ORDER BY r.rolname
