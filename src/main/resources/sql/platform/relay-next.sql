-- The next events of a lane in their order: at most so many, and at most so many bytes, but one.
-- What was written first may be committed last: each look begins with the oldest that waits.
SELECT seq, id, channel, key, type, CAST(envelope AS text) AS envelope, now() AS read_at
FROM (SELECT seq, id, channel, key, type, envelope,
             sum(pg_column_size(envelope)) OVER (ORDER BY seq) - pg_column_size(envelope) AS before
      FROM (SELECT * FROM hub.outbox
            WHERE lane = :lane AND relayed_at IS NULL ORDER BY seq LIMIT :most) next) sized
WHERE before < :bytes
ORDER BY seq
