-- Stores one prediction and ends its lease, unless it was invalidated since the token was given.
-- KEYS: 1 prediction, 2 lease, 3 epoch of the model, 4 epoch of the version
-- ARGV: 1 value, 2 its life in ms, 3 token of a look-up, or ''
-- Answer: 1 stored, 0 invalidated meanwhile
if ARGV[3] ~= '' then
  local epoch = ':' .. (redis.call('GET', KEYS[3]) or '0') .. ':' .. (redis.call('GET', KEYS[4]) or '0')
  if string.sub(ARGV[3], -#epoch) ~= epoch then
    return 0
  end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('DEL', KEYS[2])
return 1
