-- The lanes: which of them have events that wait, whose they are, and which are nobody's.
SELECT l.lane,
       l.owner IS NOT DISTINCT FROM :owner AS mine,
       l.owner IS NULL OR l.lease_until < now() AS free,
       EXISTS (SELECT FROM hub.outbox o WHERE o.lane = l.lane AND o.relayed_at IS NULL) AS waiting
FROM hub.relay_lane l
ORDER BY l.lane
