-- writenote replaces a note, by its writer. ARGV[8] name, [9] holder, [10] body. Answer: 1 when it was written, else 0.
local v = call('HMGET', B .. 'notes', 'h:' .. ARGV[8], 'u:' .. ARGV[8])
if v[1] ~= ARGV[9] or tonumber(v[2]) <= NOW then return 0 end
call('HSET', B .. 'notes', 'b:' .. ARGV[8], ARGV[10])
return 1
