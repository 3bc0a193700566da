-- Stores a session, unless one of that id was ended, or its caller has been told by now that Redis does not answer.
-- KEYS: 1 session, 2 note of its end
-- ARGV: 1 value, 2 its life in ms, 3 until when, in ms since 1970 by Redis' clock
-- Answer: 1 stored, 0 it was ended, -1 too late
local time = redis.call('TIME')
if time[1] * 1000 + time[2] / 1000 > tonumber(ARGV[3]) then
  return -1
end
if redis.call('EXISTS', KEYS[2]) == 1 then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
