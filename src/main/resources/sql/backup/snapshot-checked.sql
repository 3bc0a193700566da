-- Notes what the last look at a snapshot found. A verification that read every byte leaves what a
-- drill proved; one that found damage takes it back.
UPDATE hub.snapshot
SET checked_at = now(), check_detail = :detail,
    verified = CASE WHEN CAST(:verified AS boolean) IS NULL AND verified THEN true ELSE CAST(:verified AS boolean) END,
    rto_ms = coalesce(CAST(:rtoMs AS bigint), rto_ms)
WHERE source = :source AND id = :id
