-- complete ends a turn, with its records. ARGV[8] turn, [9] token, [10…] records. Answer: 1, 0 when it is lost, 2 when a message of it was
-- amended.
local key, amended, ids, again = hold(ARGV[8], ARGV[9], 'amended', 'ids', 'again')
if not key then return 0 end
if amended then return 2 end
if ARGV[10] then remember(10) end
leave(key, ARGV[8], split(ids), again)
call('HINCRBY', B .. 'n', 'completed', 1)
return 1
