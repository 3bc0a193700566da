-- What a message stands for: its own delivery and those that it tells of, oldest first; while it is ours.
SELECT d.id, d.rule, d.channel, d.event_id, d.envelope
FROM hub.delivery d
WHERE EXISTS (SELECT FROM hub.delivery h WHERE h.id = :id AND h.fence = :fence AND h.state = 'sending')
  AND (d.id = :id OR d.merged_into = :id)
ORDER BY d.seq
