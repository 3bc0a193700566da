-- COPY rows of (oid, byte offset, up to 256 KiB of content) for every large object, in order; one
-- row without content for an empty one. Reads through the large-object functions, which ask for the
-- object's own privileges: pg_largeobject itself is for superusers only.
SELECT o.oid, p.at, CASE WHEN o.size = 0 THEN ''::bytea ELSE pg_catalog.lo_get(o.oid, p.at, 262144) END
FROM (SELECT m.oid, pg_catalog.lo_lseek64(pg_catalog.lo_open(m.oid, 262144), 0, 2) AS size
      FROM pg_catalog.pg_largeobject_metadata m ORDER BY m.oid) o,
     LATERAL pg_catalog.generate_series(0::bigint, greatest(o.size - 1, 0), 262144) AS p (at)
ORDER BY o.oid, p.at
