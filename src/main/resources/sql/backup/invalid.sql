-- Objects of users that are there and not valid, in words: indexes that are not whole, constraints that no one has
-- checked all rows against. Reads catalogues only.
SELECT pg_catalog.format('index %I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL
SELECT pg_catalog.format('constraint %I on %s', k.conname,
         CASE WHEN k.conrelid <> 0 THEN k.conrelid::pg_catalog.regclass::text ELSE k.contypid::pg_catalog.regtype::text END)
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
-- What is inherited follows its parent: a restore that adds it to the parent adds it to the heirs, unchecked.
WHERE NOT k.convalidated AND k.coninhcount = 0 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY 1
