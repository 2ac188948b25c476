-- push stores a message that is not known yet, and schedules its conversation.
-- ARGV[8] conversation, [9] message id, [10] body. Answer: 1 stored, 0 a duplicate.
-- Keeps invariant 2, once in, and 4: the waiting messages are a zset by id.
local key, id, body = ARGV[8], ARGV[9], ARGV[10]
local name = account(key) .. ':' .. id
local arrived = call('ZSCORE', B .. 'seen', name)
if call('HEXISTS', B .. 'live', name) == 1 or arrived and tonumber(arrived) > NOW - DEDUP then
  call('HINCRBY', B .. 'n', 'duplicates', 1)
  return 0
end
call('HSET', B .. 'live', name, key)
call('ZADD', B .. 'seen', int(NOW), name)
call('HSET', B .. 'm:' .. key, id, body)
call('ZADD', B .. 'w:' .. key, id, id)
call('HSETNX', B .. 'b:' .. key, 'first', int(NOW))
call('HSET', B .. 'b:' .. key, 'last', int(NOW))
call('HINCRBY', B .. 'n', 'messages', 1)
local held = call('HGET', B .. 'b:' .. key, 'held')
if held then
  call('PUBLISH', ARGV[7], 'newer ' .. held)
elseif not current(key) then
  place(key)
end
return 1
