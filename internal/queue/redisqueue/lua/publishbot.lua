-- publishbot stores a version of a bot and makes it current. ARGV[8] bot, [9] the version that it was made from, [10] who, why and of what,
-- [11] content, [12] how many are kept, [13]… the numbers of those that it replaces. Answer: its number and the time, or the number of the version that is current, and 0.
local bot = ARGV[8]
local number = tonumber(call('HGET', B .. 'bots', bot) or 0)
if number ~= tonumber(ARGV[9]) then return {number, 0} end
number = number + 1
call('HSET', B .. 'bots', bot, number)
call('HSET', B .. 'v:' .. bot, number, int(NOW) .. ' ' .. ARGV[10])
call('HSET', B .. 'V:' .. bot, number, ARGV[11])
local function drop(which)
  call('HDEL', B .. 'v:' .. bot, which)
  call('HDEL', B .. 'V:' .. bot, which)
end
for i = 13, #ARGV do
  if tonumber(ARGV[i]) < number then drop(ARGV[i]) end
end
local there = call('HKEYS', B .. 'v:' .. bot)
if #there > tonumber(ARGV[12]) then
  table.sort(there, function(x, y) return tonumber(x) < tonumber(y) end)
  for i = 1, #there - tonumber(ARGV[12]) do drop(there[i]) end
end
call('PUBLISH', ARGV[7], 'bot')
return {number, int(NOW)}
