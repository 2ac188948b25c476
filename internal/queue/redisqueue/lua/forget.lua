-- forget erases a conversation. ARGV[8] conversation, [9…] its dead turns. Answer: how many messages, records and dead letters were erased.
-- What is left are the names of its messages, for as long as those of any other that is done.
local key = ARGV[8]
local b, erased = box(key), {0, 0, 0}
sound(b)
for _, turn in ipairs(b.turns) do
  local t = B .. 't:' .. turn
  local v = call('HMGET', t, 'ids', 'token')
  local ids = split(v[1])
  if v[2] then call('PUBLISH', ARGV[7], 'lost ' .. turn .. ' ' .. v[2]) end
  finish(key, ids)
  erased[1] = erased[1] + #ids
  call('ZREM', B .. 'a', turn)
  call('DEL', t)
end
local ids = vacate(key, b)
finish(key, ids)
erased[1] = erased[1] + #ids
lift(key, b)
call('HDEL', B .. 'b', key)
for _, id in ipairs(call('HKEYS', B .. 'R:' .. key)) do
  for _, list in ipairs({'ru', 'rm'}) do call('ZREM', B .. list, key .. ':' .. id) end
  erased[2] = erased[2] + 1
end
call('DEL', B .. 'R:' .. key)
call('HDEL', B .. 'C', key)
call('ZREM', B .. 'cu', key)
for i = 9, #ARGV do
  call('ZREM', B .. 'dead', ARGV[i])
  erased[3] = erased[3] + call('DEL', B .. 'x:' .. ARGV[i])
end
return erased
