-- giveback gives a turn back, due after a time. ARGV[8] turn, [9] token, [10] microseconds, [11] retry, defer or release,
-- [12] cause of a retry, [13…] records. Answer: 1, or 0 when it is lost.
-- Keeps invariant 6: what is given back waits for the next claim.
local turn, kind = ARGV[8], ARGV[11]
local key, attempt = hold(turn, ARGV[9], 'attempt')
if not key then return 0 end
local t = B .. 't:' .. turn
if kind == 'retry' then
  fail(turn, attempt, ARGV[12])
else
  call('HINCRBY', t, 'attempt', -1)
  if kind == 'defer' then call('HINCRBY', t, 'deferred', 1) end
end
remember(13)
yield(key, turn, NOW + tonumber(ARGV[10]))
return 1
