-- What a message stands for: its own delivery and those that it tells of, oldest first; while it is ours. A text of
-- more than so many bytes is not read.
SELECT d.id, d.rule, d.channel, d.event_id, octet_length(d.envelope) AS bytes,
       CASE WHEN octet_length(d.envelope) <= :bytes THEN d.envelope END AS envelope
FROM hub.delivery d
WHERE EXISTS (SELECT FROM hub.delivery h WHERE h.id = :id AND h.fence = :fence AND h.state = 'sending')
  AND (d.id = :id OR d.merged_into = :id)
ORDER BY d.seq
