-- Counts look-ups of one input and forgets the least used ones beyond the limit.
-- KEYS: 1 counts by hash, 2 inputs by hash
-- ARGV: 1 hash, 2 normal form of the input, 3 look-ups, 4 how many inputs to keep, 5 life in s
-- Answer: how many inputs are remembered
redis.call('ZINCRBY', KEYS[1], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
local keep = tonumber(ARGV[4])
local known = redis.call('ZCARD', KEYS[1])
-- In lots: at the limit, a new input would else push out the last new one each time.
if known > keep + math.ceil(keep / 10) then
  local least = redis.call('ZRANGE', KEYS[1], 0, known - keep - 1)
  for i = 1, #least, 500 do
    local last = math.min(i + 499, #least)
    redis.call('ZREM', KEYS[1], unpack(least, i, last))
    redis.call('HDEL', KEYS[2], unpack(least, i, last))
  end
  known = keep
end
redis.call('EXPIRE', KEYS[1], ARGV[5])
redis.call('EXPIRE', KEYS[2], ARGV[5])
return known
