-- drop removes entries and their use. ARGV[3…] ids.
epoch()
local event = {'kind', 'drop'}
for i = 3, #ARGV do
  if call('HDEL', B .. 'entries', ARGV[i]) == 1 then
    call('HDEL', B .. 'hits', ARGV[i])
    call('HDEL', B .. 'used', ARGV[i])
    event[#event + 1] = 'id'
    event[#event + 1] = ARGV[i]
  end
  if #event > 2 and (#event > 1000 or i == #ARGV) then
    say(unpack(event))
    event = {'kind', 'drop'}
  end
end
keep()
return 1
