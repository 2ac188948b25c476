-- intend stores what the turn is about to do outside of the store. ARGV[8] turn, [9] token, [10] intent. Answer: the entry's number, 0 when the
-- turn is lost, -1 when a message of it was amended.
local key, amended = hold(ARGV[8], ARGV[9], 'amended')
if not key then return 0 end
if amended then return -1 end
local t = B .. 't:' .. ARGV[8]
local number = call('HINCRBY', t, 'calls', 1)
call('HSET', t, 'i:' .. number, ARGV[10])
return number
