-- The audit trail, newest first. A page ends with the number the next one begins after.
SELECT seq, at, actor, action, target, detail, trace_id FROM hub.audit
WHERE CAST(:after AS bigint) IS NULL OR seq < :after
ORDER BY seq DESC LIMIT :limit
