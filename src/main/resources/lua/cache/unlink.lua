-- One step of an invalidation: looks at about as many keys as told and drops those of the scope.
-- UNLINK frees their memory in another thread. Repeat-safe.
-- ARGV: 1 cursor, 2 pattern, 3 how many keys to look at
-- Answer: next cursor ('0': all were seen), how many were dropped
local found = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3])
local dropped = 0
for i = 1, #found[2], 500 do
  dropped = dropped + redis.call('UNLINK', unpack(found[2], i, math.min(i + 499, #found[2])))
end
return {found[1], tostring(dropped)}
