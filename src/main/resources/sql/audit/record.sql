-- One line of the audit trail, in the transaction of what it tells of.
INSERT INTO hub.audit (actor, action, target, detail, trace_id)
VALUES (:actor, :action, :target, CAST(:detail AS jsonb), :traceId)
