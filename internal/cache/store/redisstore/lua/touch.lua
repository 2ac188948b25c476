-- touch adds hits to entries that are there. ARGV[3…] id and number, in turn.
for i = 3, #ARGV, 2 do
  if call('HEXISTS', B .. 'entries', ARGV[i]) == 1 then call('HINCRBY', B .. 'hits', ARGV[i], ARGV[i + 1]) end
end
keep()
return 1
