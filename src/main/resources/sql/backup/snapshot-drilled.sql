-- Notes what a drill found. Repeat-safe: the newest drill stays.
UPDATE hub.snapshot
SET drilled_at = :at, verified = :verified, drill_detail = :detail, rto_ms = coalesce(CAST(:rtoMs AS bigint), rto_ms)
WHERE source = :source AND id = :id AND (drilled_at IS NULL OR drilled_at <= :at)
