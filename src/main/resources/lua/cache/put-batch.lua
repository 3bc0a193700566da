-- Stores many predictions of one version in one step, unless it was invalidated since the token.
-- KEYS: 1 epoch of the model, 2 epoch of the version, then per prediction its key and its lease
-- ARGV: 1 life in ms, 2 token of a look-up, or '', 3… values
-- Answer: how many were stored: all, or none because of an invalidation
if ARGV[2] ~= '' then
  local epoch = ':' .. (redis.call('GET', KEYS[1]) or '0') .. ':' .. (redis.call('GET', KEYS[2]) or '0')
  if string.sub(ARGV[2], -#epoch) ~= epoch then
    return 0
  end
end
for i = 3, #ARGV do
  redis.call('SET', KEYS[2 * i - 3], ARGV[i], 'PX', ARGV[1])
  redis.call('DEL', KEYS[2 * i - 2])
end
return #ARGV - 2
