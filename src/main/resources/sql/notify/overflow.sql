-- Joins what a rule's rate holds back to the last message that it allows; nothing whose lane has something of
-- another rule, or something that was tried before, still before it.
UPDATE hub.delivery SET merged_into = :head
WHERE id IN (SELECT d.id FROM hub.delivery d
             WHERE d.target = :target AND d.rule = :rule AND d.state = 'waiting' AND d.attempts = 0
               AND d.merged_into IS NULL AND d.id <> :head AND d.not_before <= clock_timestamp()
               AND NOT EXISTS (SELECT FROM hub.delivery e
                               WHERE e.target = d.target AND e.lane = d.lane AND e.seq < d.seq AND e.id <> :head
                                 AND e.state IN ('waiting', 'sending')
                                 AND (e.rule <> d.rule OR e.attempts > 0 OR e.merged_into IS NOT NULL
                                      OR e.not_before > clock_timestamp()))
             ORDER BY d.seq LIMIT :most FOR UPDATE SKIP LOCKED)
