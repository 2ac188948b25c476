-- park gives a turn back to wait for somebody's word. ARGV[8] turn, [9] token, [10] microseconds of patience, [11] why, [12…] records.
-- Answer: 1, 0 when it is lost, 2 when a message of it was amended.
local turn = ARGV[8]
local key, amended = hold(turn, ARGV[9], 'amended')
if not key then return 0 end
if amended then return 2 end
local t, ends = B .. 't:' .. turn, NOW + tonumber(ARGV[10])
call('HINCRBY', t, 'attempt', -1)
call('HDEL', t, 'decided', 'by', 'word')
call('HSET', t, 'why', ARGV[11], 'since', int(NOW), 'until', int(ends), 'holds', 1)
remember(12)
yield(key, turn, ends, turn)
return 1
