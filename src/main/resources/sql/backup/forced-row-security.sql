-- Tables whose rows are hidden from this role although it owns them, quoted. Reads catalogues only.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relforcerowsecurity AND pg_catalog.row_security_active(c.oid)
  AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
ORDER BY 1
