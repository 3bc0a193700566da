-- Stores one prediction and ends its lease, unless it was invalidated or deleted since the token was given, or its
-- caller has been told by now that Redis does not answer.
-- KEYS: 1 prediction, 2 lease, 3 epoch of the model, 4 epoch of the version, 5 note of its deletion
-- ARGV: 1 value, 2 its life in ms, 3 token of a look-up, or '', 4 until when, in ms since 1970 by Redis' clock
-- Answer: 1 stored, 0 invalidated meanwhile, -1 too late
local time = redis.call('TIME')
if time[1] * 1000 + time[2] / 1000 > tonumber(ARGV[4]) then
  return -1
end
if ARGV[3] ~= '' then
  local epoch = ':' .. (redis.call('GET', KEYS[3]) or '0') .. ':' .. (redis.call('GET', KEYS[4]) or '0')
  local of, deletions = string.match(ARGV[3], '(:[^:]*:[^:]*):(%d+)$')
  local deleted = redis.call('GET', KEYS[5])
  if of ~= epoch or deleted and tonumber(deleted) > tonumber(deletions) then
    return 0
  end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('DEL', KEYS[2])
return 1
