-- Deletes events that were relayed long ago, the oldest first. Repeat-safe.
DELETE FROM hub.outbox
WHERE seq IN (SELECT seq FROM hub.outbox
              WHERE relayed_at < now() - :keepMs * interval '1 ms'
              ORDER BY relayed_at LIMIT :most
              FOR UPDATE SKIP LOCKED)
