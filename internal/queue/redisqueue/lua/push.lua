-- push stores a message that is not known yet, and schedules its conversation.
-- ARGV[8] conversation, [9] message id, [10] body, [11] revision. Answer: 1 stored, 0 a duplicate.
-- Keeps invariant 2, once in.
local key, id, body = ARGV[8], ARGV[9], ARGV[10]
local name = account(key) .. ':' .. id
local revised = ARGV[11] ~= '0'
local mark = revised and name .. ':' .. ARGV[11] or name
local before = call('ZSCORE', B .. 'seen', mark)
if before and tonumber(before) > NOW - DEDUP or call('HSETNX', B .. 'm', name, kept(body)) == 0 then
  call('HINCRBY', B .. 'n', 'duplicates', 1)
  return 0
end
call('HINCRBY', B .. 'n', 'messages', 1)
if revised then call('ZADD', B .. 'seen', int(NOW), mark) end
local b = box(key)
b.inbox = b.inbox or inboxof(body)
put(key, b, id)
if #b.turns == 0 then
  place(key, b)
else
  if b.held ~= '' then call('PUBLISH', ARGV[7], 'newer ' .. b.held) end
  save(key, b)
end
return 1
