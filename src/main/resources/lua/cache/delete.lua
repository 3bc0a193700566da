-- Drops one prediction, and sees to it that none that is being made from before comes back. Repeat-safe.
-- KEYS: 1 prediction, 2 lease, 3 count of the version's deletions, 4 note of its deletion
-- ARGV: 1 how long the deletion is remembered, in ms
-- Answer: 1 there was one, 0 there was none
if redis.call('EXISTS', KEYS[3]) == 0 then
  -- From the clock on: a count that was forgotten and began at 1 again would let a token from before pass.
  local time = redis.call('TIME')
  redis.call('SET', KEYS[3], string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)))
end
local deletions = redis.call('INCR', KEYS[3])
redis.call('PEXPIRE', KEYS[3], ARGV[1])
redis.call('SET', KEYS[4], string.format('%.0f', deletions), 'PX', ARGV[1])
redis.call('DEL', KEYS[2])
return redis.call('UNLINK', KEYS[1])
