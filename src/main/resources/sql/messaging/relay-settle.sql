-- Marks events as relayed, and says until when that life of Redis was surely there: before they were
-- sent, not now, since it may have ended since. Repeat-safe; no row: the lane is another's, which
-- relays them, and nothing is marked. By seq one by one: below the last of them others may have been
-- committed meanwhile, which nobody has relayed.
WITH held AS (
  UPDATE hub.relay_lane
  SET lease_until = now() + :leaseMs * interval '1 ms', redis_run = :life, redis_seen = :readAt
  WHERE lane = :lane AND owner = :owner AND fence = :fence
  RETURNING lane)
UPDATE hub.outbox o
SET relayed_at = now()
FROM held
WHERE o.seq = ANY (:seqs) AND o.lane = held.lane
