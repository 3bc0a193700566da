-- Halves the counts of use, so that what was used long ago gives way. Keeps the key's life.
-- KEYS: 1 counts by hash
-- Answer: how many there are
local left = redis.call('PTTL', KEYS[1])
local known = redis.call('ZUNIONSTORE', KEYS[1], 1, KEYS[1], 'WEIGHTS', '0.5')
if left > 0 then
  redis.call('PEXPIRE', KEYS[1], left)
end
return known
