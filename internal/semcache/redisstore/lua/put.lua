-- put stores entries. ARGV[3] the epoch they were made in, [4] how many entries go into an event, [5…] id and entry, in turn.
-- Answer: 1 stored, 0 another epoch.
if epoch() ~= ARGV[3] then return 0 end
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
