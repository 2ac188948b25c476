-- report stores what a process says of itself, and forgets what is out of date. ARGV[8] process, [9] body, [10] for how many
-- microseconds. Answer: what all processes say.
local reports, all = B .. 'reports', {}
call('HSET', reports, ARGV[8], string.format('%016.0f', NOW + tonumber(ARGV[10])) .. ARGV[9])
local list = call('HGETALL', reports)
for i = 1, #list, 2 do
  if tonumber(string.sub(list[i + 1], 1, 16)) <= NOW then
    call('HDEL', reports, list[i])
  else
    all[#all + 1] = string.sub(list[i + 1], 17)
  end
end
call('PEXPIRE', reports, math.ceil(tonumber(ARGV[10]) / 1000))
return all
