-- purge removes what has outlived its time, some of it. ARGV[8] microseconds that conversations and records are kept, [9] that
-- dead letters are, [10] how many of a kind at most. Answer: 1 when there may be more.
-- Keeps invariant 11. The counters of the work end 400 days after the last of it.
tick()
if call('EXISTS', B .. 'm', B .. 'seen', B .. 'C', B .. 'ru', B .. 'dead') > 0 then
  for _, lasting in ipairs({'n', 'token'}) do call('EXPIRE', B .. lasting, 34560000) end
end
for _, a in ipairs(call('SMEMBERS', B .. 'ls')) do
  if call('EXISTS', B .. 'l:' .. a) == 0 then
    call('SREM', B .. 'ls', a)
    call('LREM', B .. 'la', 0, a)
    for _, inbox in ipairs(call('SMEMBERS', B .. 'is:' .. a)) do call('DEL', B .. 'l:' .. a .. ':' .. inbox) end
    call('DEL', B .. 'i:' .. a, B .. 'is:' .. a)
  end
end
-- An engine of an earlier version may have moved a mailbox away and left its mark.
call('ZREMRANGEBYSCORE', B .. 'p', '-inf', int(NOW))
local most = tonumber(ARGV[10])
local function old(zset, age)
  return call('ZRANGEBYSCORE', B .. zset, '-inf', '(' .. int(NOW - age), 'LIMIT', 0, most)
end
local more = 0
local function each(zset, age, drop)
  local list = old(zset, age)
  for _, member in ipairs(list) do
    drop(member)
    call('ZREM', B .. zset, member)
  end
  if #list == most then more = 1 end
end
each('seen', DEDUP, function() end)
each('cu', tonumber(ARGV[8]), function(key) call('HDEL', B .. 'C', key) end)
each('ru', tonumber(ARGV[8]), function(name)
  local key, id = string.match(name, '^(.*):(%d+)$')
  call('HDEL', B .. 'R:' .. key, id)
end)
each('rm', tonumber(ARGV[8]), function() end)
each('dead', tonumber(ARGV[9]), function(turn) call('DEL', B .. 'x:' .. turn) end)
return more
