-- settle stores what came of an entry. ARGV[8] turn, [9] token, [10] number, [11] result. Answer: 1, 0 when the turn is lost, -1 when there is no
-- such entry.
local key, intent = hold(ARGV[8], ARGV[9], 'i:' .. ARGV[10])
if not key then return 0 end
if not intent then return -1 end
call('HSET', B .. 't:' .. ARGV[8], 'r:' .. ARGV[10], ARGV[11])
return 1
