-- Looks many predictions of one version up, in one step.
-- KEYS: 1 epoch of the model, 2 epoch of the version, 3 count of the version's deletions, 4… predictions
-- ARGV: 1 most bytes of one, 2 most bytes of all
-- Answer: token, then per prediction value (nil: none; false and -3: no room left) and ms left
local answer = {':' .. (redis.call('GET', KEYS[1]) or '0') .. ':' .. (redis.call('GET', KEYS[2]) or '0')
                .. ':' .. (redis.call('GET', KEYS[3]) or '0')}
local most, room = tonumber(ARGV[1]), tonumber(ARGV[2])
for i = 4, #KEYS do
  local size = redis.pcall('STRLEN', KEYS[i])
  local value, left = false, -2
  if type(size) == 'number' and size > 0 and size <= most then
    if size <= room then
      room = room - size
      value = redis.call('GET', KEYS[i])
      left = redis.call('PTTL', KEYS[i])
    else
      left = -3
    end
  end
  answer[#answer + 1] = value
  answer[#answer + 1] = left
end
return answer
