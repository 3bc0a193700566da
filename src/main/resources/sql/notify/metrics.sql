-- What waits, by target: how many (a message's others among them), and since when the oldest does, in seconds
-- since 1970.
SELECT target, count(*) AS waiting, extract(epoch FROM min(created_at)) AS oldest
FROM hub.delivery WHERE state IN ('waiting', 'sending') GROUP BY target
