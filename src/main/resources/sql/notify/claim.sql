-- Takes a delivery for one attempt. Every later write carries the fence.
UPDATE hub.delivery
SET state = 'sending', attempts = attempts + 1, tried_at = clock_timestamp(),
    first_tried_at = coalesce(first_tried_at, clock_timestamp()),
    lease_owner = :owner, lease_until = clock_timestamp() + make_interval(secs => CAST(:leaseMs AS double precision) / 1000),
    fence = nextval('hub.fence'), message = :message, merges = :merges
WHERE id = :id
RETURNING fence
