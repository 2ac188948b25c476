-- put stores entries. ARGV[3] the epoch they were made in, [4] how many entries go into an event, [5…] id and entry, in turn.
-- Answer: 1 stored, 0 another epoch, 2 an entry that is changed is no longer as it was before, or not there.
if epoch() ~= ARGV[3] then return 0 end
local function rev(entry) return cjson.decode(entry:match('^[^\n]*')).rev or 0 end
for i = 5, #ARGV, 2 do
  local new = rev(ARGV[i + 1])
  if new > 0 then
    local old = call('HGET', B .. 'entries', ARGV[i])
    if not old or rev(old) ~= new - 1 then return 2 end
  end
end
for first = 5, #ARGV, 2 * ARGV[4] do
  local event = {'kind', 'put', 'epoch', ARGV[3]}
  for i = first, math.min(first + 2 * ARGV[4], #ARGV) - 1, 2 do
    call('HSET', B .. 'entries', ARGV[i], ARGV[i + 1])
    event[#event + 1] = 'entry'
    event[#event + 1] = ARGV[i + 1]
  end
  say(unpack(event))
end
keep()
return 1
