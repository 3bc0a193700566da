-- How many objects of each kind the user's schemas hold; a drill compares them.
WITH mine AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')
SELECT CASE relkind WHEN 'r' THEN 'tables' WHEN 'p' THEN 'partitioned tables' WHEN 'v' THEN 'views'
            WHEN 'm' THEN 'materialized views' WHEN 'i' THEN 'indexes' WHEN 'I' THEN 'partitioned indexes'
            WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'foreign tables' ELSE 'composite types' END AS kind, count(*) AS n
FROM pg_catalog.pg_class WHERE relnamespace IN (SELECT oid FROM mine) AND relpersistence <> 't' GROUP BY 1
UNION ALL SELECT 'functions', count(*) FROM pg_catalog.pg_proc WHERE pronamespace IN (SELECT oid FROM mine)
UNION ALL SELECT 'constraints', count(*) FROM pg_catalog.pg_constraint WHERE connamespace IN (SELECT oid FROM mine)
UNION ALL SELECT 'triggers', count(*) FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
          WHERE c.relnamespace IN (SELECT oid FROM mine) AND NOT t.tgisinternal
UNION ALL SELECT 'policies', count(*) FROM pg_catalog.pg_policy
UNION ALL SELECT 'schemas', count(*) FROM mine
UNION ALL SELECT 'extensions', count(*) FROM pg_catalog.pg_extension
