-- Looks one prediction up; where none is fresh, makes the caller its loader when there is no other.
-- KEYS: 1 prediction, 2 lease, 3 epoch of the model, 4 epoch of the version, 5 count of the version's deletions
-- ARGV: 1 unique name of the caller's lease, 2 lease in ms, 3 stale-for in ms, 4 most bytes,
--       5 '1': take the lease when it is free
-- Answer: value or nil, ms left (-1: no end), token ('' when fresh), '1' when the lease is the caller's
local size = redis.pcall('STRLEN', KEYS[1])
local value, left = false, -2
if type(size) == 'number' and size > 0 and size <= tonumber(ARGV[4]) then
  value = redis.call('GET', KEYS[1])
  left = redis.call('PTTL', KEYS[1])
  if left < 0 or left > tonumber(ARGV[3]) then
    return {value, left, '', '0'}
  end
end
local epoch = ':' .. (redis.call('GET', KEYS[3]) or '0') .. ':' .. (redis.call('GET', KEYS[4]) or '0')
local token = epoch .. ':' .. (redis.call('GET', KEYS[5]) or '0')
if ARGV[5] == '1' then
  local held = redis.call('GET', KEYS[2])
  -- A lease from before an invalidation leads to an answer that nobody takes; a deletion ends it.
  if not held or string.match(held, '(:[^:]*:[^:]*):%d+$') ~= epoch then
    redis.call('SET', KEYS[2], ARGV[1] .. token, 'PX', ARGV[2])
    return {value, left, ARGV[1] .. token, '1'}
  end
end
return {value, left, token, '0'}
