-- touch adds hits to entries that are there, and moves their last use on. ARGV[3…] id, number and time, in turn.
for i = 3, #ARGV, 3 do
  local id, used = ARGV[i], ARGV[i + 2]
  if call('HEXISTS', B .. 'entries', id) == 1 then
    call('HINCRBY', B .. 'hits', id, ARGV[i + 1])
    if tonumber(used) > tonumber(call('HGET', B .. 'used', id) or 0) then call('HSET', B .. 'used', id, used) end
  end
end
keep()
return 1
