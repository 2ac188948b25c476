-- extend renews the lease. ARGV[8] turn, [9] token. Answer: 1, or 0 when it is lost.
local turn = ARGV[8]
if not hold(turn, ARGV[9]) then return 0 end
call('HSET', B .. 't:' .. turn, 'lease', int(NOW + LEASE))
call('ZADD', B .. 'a', int(NOW + LEASE), turn)
return 1
