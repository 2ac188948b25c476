-- absorb moves messages that came since the claim into the running turn, unless it has a checkpoint, and reads it again when one of its own was
-- amended. ARGV[8] turn, [9] token. Answer: nil when the turn is lost, nothing when there is nothing new, else 1 and the bodies of all its
-- messages, or 0 and those of the ones that came.
local turn = ARGV[8]
local key, amended, before = hold(turn, ARGV[9], 'amended', 'ids')
if not key then return false end
local b, t = box(key), B .. 't:' .. turn
if call('HEXISTS', t, 'cp') == 1 or behind(b) == 0 and not amended then return {} end
local more = waiting(key, b)
local ids = take(key, b, before)
call('HSET', t, 'ids', table.concat(ids, ','))
call('HDEL', t, 'amended')
call('HINCRBY', t, 'restarts', 1)
save(key, b)
local list = bodies(key, amended and ids or more)
table.insert(list, 1, amended and '1' or '0')
return list
