-- absorb moves messages that came since the claim into the running turn, unless it has a checkpoint.
-- ARGV[8] turn, [9] token. Answer: their bodies, or nil when the turn is lost.
local turn = ARGV[8]
local key = hold(turn, ARGV[9])
if not key then return false end
local b, t = box(key), B .. 't:' .. turn
if #b.ids == 0 or call('HEXISTS', t, 'cp') == 1 then return {} end
local ids = call('HGET', t, 'ids')
local more = {}
for i, id in ipairs(b.ids) do more[i] = int(id) end
call('HSET', t, 'ids', table.concat(take(b, ids), ','))
call('HINCRBY', t, 'restarts', 1)
save(key, b)
return bodies(key, more)
