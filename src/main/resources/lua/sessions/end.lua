-- Ends sessions, and notes it, so that a request that still holds one does not bring it back. Repeat-safe.
-- KEYS: per session its key and the note of its end
-- ARGV: 1 how long that is remembered, in ms
-- Answer: how many there were
local ended = 0
for i = 1, #KEYS, 2 do
  redis.call('SET', KEYS[i + 1], '1', 'PX', ARGV[1])
  ended = ended + redis.call('UNLINK', KEYS[i])
end
return ended
