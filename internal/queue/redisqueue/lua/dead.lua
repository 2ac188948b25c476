-- dead lists dead letters, newest first. ARGV[8] how many at most; [9] a turn, '' for the list.
-- Answer: for each: id, conversation, bodies, failures, time of death, checkpoint or nil, journal,
-- what it was parked for or nil.
local ids = {ARGV[9]}
if ARGV[9] == '' then
  ids = call('ZREVRANGE', B .. 'dead', 0, tonumber(ARGV[8]) - 1)
end
local out = {}
for _, id in ipairs(ids) do
  local v = call('HMGET', B .. 'x:' .. id, 'key', 'bodies', 'failures', 'died', 'cp', 'calls')
  if v[1] then out[#out + 1] = {id, v[1], v[2], v[3], v[4], v[5], journal(B .. 'x:' .. id, v[6]), parking(B .. 'x:' .. id)} end
end
return out
