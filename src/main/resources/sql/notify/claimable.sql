-- A target's next deliveries, oldest first: due, or taken by a hub whose lease ran out; the first of their lane
-- that has not ended; of no rule that has had its rate. An envelope of more than so many bytes is not read, nor a
-- message for several of more than it can have: the head's envelope and as many bytes of others.
SELECT d.id, d.rule, d.seq, d.lane, d.bundle, d.attempts, d.merges,
       CASE WHEN octet_length(d.envelope) <= :bytes THEN d.envelope END AS envelope,
       CASE WHEN octet_length(d.message) <= 3 * :bytes THEN d.message END AS message,
       octet_length(d.envelope) <= :bytes AND coalesce(octet_length(d.message), 0) <= 3 * :bytes AS readable,
       greatest(octet_length(d.envelope), octet_length(d.message)) AS bytes, d.first_tried_at IS NULL AS fresh
FROM hub.delivery d
WHERE d.target = :target AND d.merged_into IS NULL
  AND (d.state = 'waiting' AND d.not_before <= clock_timestamp()
       OR d.state = 'sending' AND d.lease_until < clock_timestamp())
  AND (d.attempts > 0 OR d.rule NOT IN (:full))
  AND NOT EXISTS (SELECT FROM hub.delivery e
                  WHERE e.target = d.target AND e.lane = d.lane AND e.seq < d.seq
                    AND e.state IN ('waiting', 'sending') AND e.merged_into IS DISTINCT FROM d.id)
ORDER BY d.seq
FOR UPDATE SKIP LOCKED
LIMIT :most
