-- Partitions whose rows may belong to another one in a restored database, and the table through which they are loaded:
-- the topmost parent that is hash-partitioned by a key whose hash is not the same everywhere. Catalogues only.
-- Enums and reg* types hash their oids, which a restore changes; so do arrays, ranges, domains and rows of them. What
-- an operator class of an extension or a user hashes, and what a nondeterministic collation does, is not known here.
WITH RECURSIVE
key AS (
  SELECT p.partrelid, coalesce(a.atttypid, o.opcintype) AS type,
         o.opcnamespace <> 'pg_catalog'::pg_catalog.regnamespace OR NOT coalesce(c.collisdeterministic, true) AS unsafe
  FROM pg_catalog.pg_partitioned_table p
  CROSS JOIN LATERAL pg_catalog.generate_subscripts(p.partattrs, 1) i
  JOIN pg_catalog.pg_opclass o ON o.oid = p.partclass[i]
  LEFT JOIN pg_catalog.pg_collation c ON c.oid = p.partcollation[i]
  -- None for an expression: what its operator class takes is all that is known of it.
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[i] AND a.attnum > 0
  WHERE p.partstrat = 'h'),
part AS (
  SELECT partrelid, type FROM key
  UNION
  SELECT part.partrelid, inside.type
  FROM part
  JOIN pg_catalog.pg_type t ON t.oid = part.type
  CROSS JOIN LATERAL (
    SELECT t.typelem AS type WHERE t.typelem <> 0
    UNION ALL SELECT t.typbasetype WHERE t.typbasetype <> 0
    UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r
              WHERE r.rngtypid = t.oid OR (to_jsonb(r) ->> 'rngmultitypid')::oid = t.oid
    UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
              WHERE t.typrelid <> 0 AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) inside),
unsafe AS (
  SELECT partrelid FROM key WHERE key.unsafe
  UNION
  SELECT part.partrelid FROM part JOIN pg_catalog.pg_type t ON t.oid = part.type
  WHERE t.typtype IN ('e', 'p') OR t.typname ~ '^reg' AND t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace),
tree AS (
  SELECT partrelid AS root, partrelid AS relid, 0 AS depth FROM unsafe
  UNION ALL
  SELECT tree.root, i.inhrelid, tree.depth + 1
  FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.relid
  -- One that is being detached is no longer reached through its parent.
  WHERE coalesce(to_jsonb(i) ->> 'inhdetachpending', 'false') = 'false')
SELECT DISTINCT ON (l.oid) l.oid::bigint AS oid, ln.nspname, l.relname, rn.nspname AS root_schema, r.relname AS root_name,
       pg_catalog.array_to_json(ARRAY(
         SELECT a.attname::text FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
         ORDER BY a.attnum))::text AS columns
FROM tree
JOIN pg_catalog.pg_class l ON l.oid = tree.relid AND l.relkind = 'r'
JOIN pg_catalog.pg_namespace ln ON ln.oid = l.relnamespace
JOIN pg_catalog.pg_class r ON r.oid = tree.root
JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
ORDER BY l.oid, tree.depth DESC
