-- Joins what waits in a bundle to its first delivery, whose message tells of them too. They stay in their lanes
-- until that one has ended.
UPDATE hub.delivery SET merged_into = :head
WHERE id IN (SELECT d.id FROM hub.delivery d
             WHERE d.target = :target AND d.bundle = :bundle AND d.state = 'waiting' AND d.attempts = 0
               AND d.merged_into IS NULL AND d.id <> :head
             ORDER BY d.seq LIMIT :most FOR UPDATE SKIP LOCKED)
