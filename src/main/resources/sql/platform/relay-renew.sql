-- Says that a relay works on its lane still. Repeat-safe; no row: the lane is another's.
UPDATE hub.relay_lane
SET lease_until = now() + :leaseMs * interval '1 ms'
WHERE lane = :lane AND owner = :owner AND fence = :fence
