-- stats counts. Answer: waiting, active, delayed, dead, dead within the hour, completed, messages, duplicates, microseconds that
-- the oldest has been due, who paused or nil,
-- repairs, messages that were lost, the time of the last of these, parked.
mature()
local n = call('HMGET', B .. 'n', 'completed', 'messages', 'duplicates', 'repaired', 'lost', 'repaired_at')
local ready, oldest, parked = 0, 0, call('ZCARD', B .. 'p')
for _, a in ipairs(call('SMEMBERS', B .. 'ls')) do
  ready = ready + call('ZCARD', B .. 'l:' .. a)
  local first = call('ZRANGE', B .. 'l:' .. a, 0, 0, 'WITHSCORES')[2]
  if first then oldest = math.max(oldest, NOW - tonumber(first)) end
end
return {
  ready, call('ZCARD', B .. 'a'), call('ZCARD', B .. 'd') - parked, call('ZCARD', B .. 'dead'),
  call('ZCOUNT', B .. 'dead', '(' .. int(NOW - 3600000000), '+inf'),
  tonumber(n[1] or 0), tonumber(n[2] or 0), tonumber(n[3] or 0), int(oldest), call('GET', B .. 'paused'),
  tonumber(n[4] or 0), tonumber(n[5] or 0), tonumber(n[6] or 0), parked,
}
