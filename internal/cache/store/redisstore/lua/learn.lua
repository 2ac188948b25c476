-- learn adds to a scope's counts. ARGV[3] scope, [4…] name and number, in turn.
epoch()
local event = {'kind', 'learn', 'scope', ARGV[3]}
for i = 4, #ARGV, 2 do
  call('HINCRBY', B .. 'learnt', ARGV[3] .. '\0' .. ARGV[i], ARGV[i + 1])
  event[#event + 1] = 'name'
  event[#event + 1] = ARGV[i]
  event[#event + 1] = 'by'
  event[#event + 1] = ARGV[i + 1]
end
say(unpack(event))
keep()
return 1
