-- The next events of a lane in their order: at most so many, and at most so many bytes, but one.
-- What was written first may be committed last: each look begins with the oldest that waits.
SELECT seq, id, channel, key, type, envelope, trouble, now() AS read_at
FROM hub.outbox_next(:lane, :most, :bytes, :largest)
ORDER BY seq
