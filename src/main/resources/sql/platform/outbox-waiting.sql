-- How many events wait for the relay, counted to 10,000 at most, and since when the first of them
-- does, in seconds since 1970; 0: none waits.
SELECT count(*) AS waiting,
       coalesce(extract(epoch FROM (SELECT created_at FROM hub.outbox WHERE relayed_at IS NULL
                                    ORDER BY seq LIMIT 1)), 0) AS oldest
FROM (SELECT FROM hub.outbox WHERE relayed_at IS NULL LIMIT 10000) waiting
