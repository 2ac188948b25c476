-- checkpoint stores what the turn is about to send. ARGV[8] turn, [9] token, [10] data. Answer: 1, 0 when it is lost, 2 when a message of it
-- was amended.
-- Keeps invariant 7: a later attempt says the same.
local key, amended = hold(ARGV[8], ARGV[9], 'amended')
if not key then return 0 end
if amended then return 2 end
call('HSET', B .. 't:' .. ARGV[8], 'cp', ARGV[10])
return 1
