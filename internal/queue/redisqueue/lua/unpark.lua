-- unpark makes a parked turn due now. ARGV[8] turn, [9] by whom, [10] what was decided. Answer: 1, or 0 when there is no such parked turn
-- that nobody decided on yet.
local t = B .. 't:' .. ARGV[8]
local v = call('HMGET', t, 'key', 'holds', 'until', 'decided')
if not v[2] or v[4] or tonumber(v[3]) <= NOW then return 0 end
call('HSET', t, 'decided', int(NOW), 'by', ARGV[9], 'word', ARGV[10], 'due', int(NOW))
place(v[1], box(v[1]))
return 1
