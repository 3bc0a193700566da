-- Stores many predictions of one version in one step, unless it was invalidated, or one of them deleted, since the
-- token was given, or its caller has been told by now that Redis does not answer.
-- KEYS: 1 epoch of the model, 2 epoch of the version, then per prediction its key, its lease and the note of its deletion
-- ARGV: 1 life in ms, 2 token of a look-up, or '', 3 until when, in ms since 1970 by Redis' clock, 4… values
-- Answer: how many were stored: all, or none because of an invalidation; -1 too late
local time = redis.call('TIME')
if time[1] * 1000 + time[2] / 1000 > tonumber(ARGV[3]) then
  return -1
end
if ARGV[2] ~= '' then
  local epoch = ':' .. (redis.call('GET', KEYS[1]) or '0') .. ':' .. (redis.call('GET', KEYS[2]) or '0')
  local of, deletions = string.match(ARGV[2], '(:[^:]*:[^:]*):(%d+)$')
  if of ~= epoch then
    return 0
  end
  for i = 5, #KEYS, 3 do
    local deleted = redis.call('GET', KEYS[i])
    if deleted and tonumber(deleted) > tonumber(deletions) then
      return 0
    end
  end
end
for i = 4, #ARGV do
  redis.call('SET', KEYS[3 * i - 9], ARGV[i], 'PX', ARGV[1])
  redis.call('DEL', KEYS[3 * i - 8])
end
return #ARGV - 3
