-- Snapshots, newest first, as the API lists them.
SELECT source, id, taken_at, finished_at, row_count, plain_bytes, stored_bytes, new_bytes, run_id,
       drilled_at, verified, drill_detail, rto_ms, read_at, intact, read_detail, holds, kind
FROM hub.snapshot
WHERE published AND (CAST(:source AS text) IS NULL OR source = :source)
ORDER BY taken_at DESC, source, id
LIMIT :limit
