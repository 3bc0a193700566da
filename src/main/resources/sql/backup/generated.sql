-- Tables with a generated column whose expression calls a function of users. Reads catalogues only.
SELECT DISTINCT n.nspname, c.relname
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attrdef e ON e.adrelid = c.oid AND e.adnum = a.attnum
JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = e.oid
                           AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
WHERE a.attgenerated <> '' AND a.attnum > 0 AND NOT a.attisdropped
