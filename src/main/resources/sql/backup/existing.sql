-- The database one is connected to, as a restore that takes its place must know it. Reads catalogues only.
SELECT d.datistemplate AS template, pg_catalog.pg_get_userbyid(d.datdba) AS owner, t.spcname AS tablespace,
       pg_catalog.pg_database_size(d.oid) AS bytes,
       r.rolname AS role,
       r.rolsuper OR (r.rolcreatedb AND pg_catalog.pg_has_role(d.datdba, 'USAGE')) AS may_rename,
       -- What follows a database's oid, not its name: it would stay with the one that is put aside.
       ARRAY(SELECT pg_catalog.format('replication slot %I', slot_name) FROM pg_catalog.pg_replication_slots
             WHERE database = d.datname
             UNION ALL SELECT pg_catalog.format('subscription %I', subname) FROM pg_catalog.pg_subscription
             WHERE subdbid = d.oid
             UNION ALL SELECT pg_catalog.format('prepared transaction %L', gid) FROM pg_catalog.pg_prepared_xacts
             WHERE database = d.datname) AS ties,
       ARRAY(SELECT pg_catalog.format('%s of %I', count(*), a.usename) FROM pg_catalog.pg_stat_activity a
             WHERE a.datid = d.oid AND a.pid <> pg_catalog.pg_backend_pid() AND a.usename IS NOT NULL
             GROUP BY a.usename ORDER BY a.usename) AS sessions,
       EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'hub' AND c.relname = 'job_run' AND c.relkind = 'r') AS ledger
FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace
CROSS JOIN pg_catalog.pg_roles r
WHERE d.datname = pg_catalog.current_database() AND r.rolname = current_user
