-- One step through all sessions, whoever wrote them. Changes nothing.
-- ARGV: 1 cursor, 2 how many keys to look at, 3 most bytes of a session
-- Answer: next cursor ('0': all were seen), then per session key, value and ms left (-1: no end)
local found = redis.call('SCAN', ARGV[1], 'MATCH', 'session:*', 'COUNT', ARGV[2])
local answer = {found[1]}
for _, key in ipairs(found[2]) do
  local size = redis.pcall('STRLEN', key)
  if type(size) == 'number' and size > 0 and size <= tonumber(ARGV[3]) then
    answer[#answer + 1] = key
    answer[#answer + 1] = redis.call('GET', key)
    answer[#answer + 1] = redis.call('PTTL', key)
  end
end
return answer
