-- Has those events relayed again that Redis may have lost with its last life: those relayed since a
-- while before it was last seen. Repeat-safe: a lane is put back once for each life of Redis.
WITH held AS (
  UPDATE hub.relay_lane l
  SET redis_run = :life
  FROM (SELECT lane, redis_seen FROM hub.relay_lane WHERE lane = :lane FOR UPDATE) before
  WHERE l.lane = before.lane AND l.owner = :owner AND l.fence = :fence
  RETURNING l.lane, before.redis_seen),
again AS (
  UPDATE hub.outbox o
  SET relayed_at = NULL
  FROM held
  WHERE o.lane = held.lane AND o.relayed_at >= held.redis_seen - :resendMs * interval '1 ms'
  RETURNING o.seq)
SELECT (SELECT count(*) FROM held) AS held, (SELECT count(*) FROM again) AS again
