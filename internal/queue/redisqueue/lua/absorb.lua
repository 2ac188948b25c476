-- absorb moves messages that came since the claim into the running turn, unless it has a checkpoint.
-- ARGV[8] turn, [9] token. Answer: their bodies, or nil when the turn is lost.
local turn = ARGV[8]
local key = hold(turn, ARGV[9])
if not key then return false end
local t = B .. 't:' .. turn
local waiting = call('ZRANGE', B .. 'w:' .. key, 0, -1)
if #waiting == 0 or call('HEXISTS', t, 'cp') == 1 then return {} end
local more = bodies(key, waiting)
call('HSET', t, 'ids', table.concat(take(key, call('HGET', t, 'ids')), ','))
call('HINCRBY', t, 'restarts', 1)
return more
