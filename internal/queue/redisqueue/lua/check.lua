-- check compares what must agree, by counts alone. Answer: 1 when keys may have been lost, else 0.
-- A mailbox is in one place: among the delayed, in its account's line, or a worker has it. ls needs no repair: la has the same.
for _, a in ipairs(call('LRANGE', B .. 'la', 0, -1)) do call('SADD', B .. 'ls', a) end
-- A mailbox that does not know of all that waits in w:KEY was emptied by an engine of an earlier version, which does not know of that list.
for _, key in ipairs(call('SMEMBERS', B .. 'ws')) do
  local b, there = box(key), call('LLEN', B .. 'w:' .. key)
  if there < b.more then damaged() end
  if there ~= b.more then
    if behind(b) == 0 then b.first = NOW end
    b.more = there
    if there == 0 then call('SREM', B .. 'ws', key) end
    place(key, b)
  end
end
-- regroup puts mailboxes of an account into their inboxes' lines that are in its own alone, the oldest first: an engine of an earlier version
-- put them there, or an inbox's keys were lost.
local function regroup(a, inboxes)
  if call('LLEN', B .. 'i:' .. a) ~= #inboxes then
    call('DEL', B .. 'i:' .. a, B .. 'is:' .. a)
  end
  local oldest = call('ZRANGE', B .. 'l:' .. a, 0, 999, 'WITHSCORES')
  for i = 1, #oldest, 2 do
    local b = box(oldest[i])
    if b.place == 'r' then
      enlist(a, oldest[i], b, tonumber(oldest[i + 1]))
      save(oldest[i], b)
    end
  end
end

for _, a in ipairs(call('SMEMBERS', B .. 'ls')) do
  local inboxes, listed = call('SMEMBERS', B .. 'is:' .. a), 0
  for _, inbox in ipairs(inboxes) do listed = listed + call('ZCARD', B .. 'l:' .. a .. ':' .. inbox) end
  if listed ~= call('ZCARD', B .. 'l:' .. a) or call('LLEN', B .. 'i:' .. a) ~= #inboxes then regroup(a, inboxes) end
end
local mailboxes = call('ZCARD', B .. 'd') + call('ZCARD', B .. 'a')
for _, a in ipairs(call('SMEMBERS', B .. 'ls')) do mailboxes = mailboxes + call('ZCARD', B .. 'l:' .. a) end
if call('DEL', B .. 'damaged') == 1
  or call('HLEN', B .. 'b') ~= mailboxes
  or call('LLEN', B .. 'la') ~= call('SCARD', B .. 'ls')
  or call('HLEN', B .. 'C') ~= call('ZCARD', B .. 'cu')
  or call('HEXISTS', B .. 'n', 'paused') ~= call('EXISTS', B .. 'paused') then
  return 1
end
return 0
