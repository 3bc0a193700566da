-- Takes a lane that is nobody's. Repeat-safe: one that is held is left alone; the fence tells its old
-- relay that it lost it.
UPDATE hub.relay_lane
SET owner = :owner, lease_until = now() + :leaseMs * interval '1 ms', fence = fence + 1
WHERE lane = (SELECT lane FROM hub.relay_lane
              WHERE lane = :lane AND (owner IS NULL OR lease_until < now())
              FOR UPDATE SKIP LOCKED)
RETURNING lane, fence, redis_run
