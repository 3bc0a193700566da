-- What a restore must find on its server beside what the snapshot holds, as one JSON object. Reads catalogues only.
SELECT pg_catalog.json_build_object(
  'publicSchema', EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'public'),
  -- A pg_dump of 15 or newer takes the privileges of 15 for given, whatever server it is restored to.
  'publicGrants', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                     'to', CASE WHEN a.grantee <> 0 THEN pg_catalog.pg_get_userbyid(a.grantee) END,
                     'what', a.privilege_type, 'grantable', a.is_grantable) ORDER BY a.place)
                   FROM pg_catalog.pg_namespace n, pg_catalog.aclexplode(n.nspacl) WITH ORDINALITY
                        AS a (grantor, grantee, privilege_type, is_grantable, place)
                   WHERE n.nspname = 'public' AND current_setting('server_version_num')::int < 150000),
  'extensions', (SELECT pg_catalog.json_object_agg(extname, extversion ORDER BY extname) FROM pg_catalog.pg_extension),
  'tablespaces', (SELECT pg_catalog.json_agg(DISTINCT t.spcname)
                  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace
                  WHERE t.spcname !~ '^pg_'),
  -- Objects that name roles themselves, whoever owns them, and how a dump's list begins the line of what has
  -- no identity there: user mappings, and comments on policies.
  'naming', (SELECT pg_catalog.json_agg(n) FROM (
    SELECT 'pg_catalog.pg_policy'::pg_catalog.regclass::pg_catalog.oid AS class, p.oid,
           pg_catalog.format('policy %I on %I.%I', p.polname, n.nspname, c.relname) AS what,
           pg_catalog.format('COMMENT %s POLICY %I ON %I', n.nspname, p.polname, c.relname) AS line,
           ARRAY(SELECT r.rolname::text FROM pg_catalog.pg_roles r WHERE r.oid = ANY (p.polroles) ORDER BY 1) AS roles
    FROM pg_catalog.pg_policy p
    JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE p.polroles <> '{0}'
    UNION ALL
    SELECT 'pg_catalog.pg_user_mapping'::pg_catalog.regclass::pg_catalog.oid, m.umid,
           pg_catalog.format('user mapping for %I on server %I', m.usename, m.srvname),
           pg_catalog.format('USER MAPPING - USER MAPPING %s SERVER %s', m.usename, m.srvname), ARRAY[m.usename::text]
    FROM pg_catalog.pg_user_mappings m WHERE m.umuser <> 0
    ORDER BY 3) n),
  'database', (SELECT pg_catalog.json_build_object(
    'owner', pg_catalog.pg_get_userbyid(d.datdba),
    'comment', pg_catalog.shobj_description(d.oid, 'pg_database'),
    'connectionLimit', d.datconnlimit,
    'settings', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('role', r.rolname, 'set', s.one)
                                            ORDER BY r.rolname NULLS FIRST, s.place)
                 FROM pg_catalog.pg_db_role_setting g LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.setrole,
                      LATERAL pg_catalog.unnest(g.setconfig) WITH ORDINALITY s (one, place)
                 WHERE g.setdatabase = d.oid AND (g.setrole = 0 OR r.oid IS NOT NULL)),
    'grants', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                 'to', CASE WHEN a.grantee <> 0 THEN pg_catalog.pg_get_userbyid(a.grantee) END,
                 'what', a.privilege_type, 'grantable', a.is_grantable) ORDER BY a.place)
               FROM pg_catalog.aclexplode(d.datacl) WITH ORDINALITY
                    AS a (grantor, grantee, privilege_type, is_grantable, place)))
    FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))
