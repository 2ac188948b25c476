-- complete ends a turn, with its records. ARGV[8] turn, [9] token, [10…] records. Answer: 1, 0 when it is lost, 2 when a message of it was
-- amended.
local key = hold(ARGV[8], ARGV[9])
if not key then return 0 end
if call('HEXISTS', B .. 't:' .. ARGV[8], 'amended') == 1 then return 2 end
remember(10)
leave(key, ARGV[8])
call('HINCRBY', B .. 'n', 'completed', 1)
return 1
