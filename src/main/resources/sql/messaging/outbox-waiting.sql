-- How many events wait for the relay, counted to 10,000 at most, and since when the oldest of the
-- lanes' first ones does, in seconds since 1970; 0: none waits.
SELECT (SELECT count(*) FROM (SELECT FROM hub.outbox WHERE relayed_at IS NULL LIMIT 10000) waiting)
         AS waiting,
       coalesce(extract(epoch FROM min(first.created_at)), 0) AS oldest
FROM hub.relay_lane l
CROSS JOIN LATERAL (SELECT created_at FROM hub.outbox o
                    WHERE o.lane = l.lane AND o.relayed_at IS NULL ORDER BY seq LIMIT 1) first
