-- Per source: its newest snapshot, when it was last proven, and what the last drill took.
SELECT DISTINCT ON (s.source) s.source, extract(epoch FROM s.taken_at) AS taken, s.row_count, s.plain_bytes, s.stored_bytes,
       s.new_bytes,
       (SELECT extract(epoch FROM max(v.checked_at)) FROM hub.snapshot v WHERE v.source = s.source AND v.verified) AS proven,
       (SELECT r.rto_ms / 1000.0 FROM hub.snapshot r WHERE r.source = s.source AND r.rto_ms IS NOT NULL
        ORDER BY r.checked_at DESC LIMIT 1) AS rto
FROM hub.snapshot s ORDER BY s.source, s.taken_at DESC
