-- unlead gives a lead back, if the holder has it. ARGV[3] the name of its key, [4] the holder, [5] the question.
local key = B .. 'lead:' .. ARGV[3]
if call('GET', key) ~= ARGV[4] then return 0 end
call('DEL', key)
epoch()
say('kind', 'unled', 'question', ARGV[5])
keep()
return 1
