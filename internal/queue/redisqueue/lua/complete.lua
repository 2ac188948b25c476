-- complete ends a turn, with its records. ARGV[8] turn, [9] token, [10…] records. Answer: 1, or 0 when it is lost.
local key = hold(ARGV[8], ARGV[9])
if not key then return 0 end
remember(10)
leave(key, ARGV[8])
call('HINCRBY', B .. 'n', 'completed', 1)
return 1
