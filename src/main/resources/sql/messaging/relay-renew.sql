-- Says that a relay works on its lanes still; those that are its own. Repeat-safe; what is missing is
-- another's.
UPDATE hub.relay_lane l
SET lease_until = now() + :leaseMs * interval '1 ms'
FROM unnest(CAST(:lanes AS int[]), CAST(:fences AS bigint[])) AS held (lane, fence)
WHERE l.lane = held.lane AND l.fence = held.fence AND l.owner = :owner
RETURNING l.lane
