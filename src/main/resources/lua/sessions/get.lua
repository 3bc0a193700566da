-- Reads one session, and lets it live on when asked to.
-- KEYS: 1 session
-- ARGV: 1 most bytes, 2 life in ms from now, or '0' to leave it as it is
-- Answer: value or nil (none, too large, or no text), ms left (-1: no end)
local size = redis.pcall('STRLEN', KEYS[1])
if type(size) ~= 'number' or size == 0 or size > tonumber(ARGV[1]) then
  return {false, -2}
end
if ARGV[2] ~= '0' then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return {redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])}
