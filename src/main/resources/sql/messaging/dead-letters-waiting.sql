-- Messages that failed for good and were neither replayed nor discarded since, by port; the 50 worst ports, so that the
-- label stays bounded whatever wrote them.
SELECT port, count(*) AS waiting FROM hub.dead_letter
WHERE replayed_at IS NULL AND discarded_at IS NULL GROUP BY port ORDER BY waiting DESC, port LIMIT 50
