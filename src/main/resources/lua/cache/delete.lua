-- Drops one prediction, and sees to it that none that is being made from before comes back. Repeat-safe.
-- KEYS: 1 prediction, 2 lease, 3 count of the version's deletions, 4 note of its deletion
-- ARGV: 1 how long the deletion is remembered, in ms
-- Answer: 1 there was one, 0 there was none
local deletions = redis.call('INCR', KEYS[3])
redis.call('PEXPIRE', KEYS[3], ARGV[1])
redis.call('SET', KEYS[4], deletions, 'PX', ARGV[1])
redis.call('DEL', KEYS[2])
return redis.call('UNLINK', KEYS[1])
