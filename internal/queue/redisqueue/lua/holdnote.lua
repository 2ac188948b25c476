-- holdnote makes a holder the only writer of a note. ARGV[8] name, [9] holder, [10] for how many microseconds.
-- Answer: 1 when it is, else 0; the note's body or nil.
local v = call('HMGET', B .. 'notes', 'h:' .. ARGV[8], 'u:' .. ARGV[8], 'b:' .. ARGV[8])
local held = not v[1] or v[1] == ARGV[9] or tonumber(v[2]) <= NOW
if held then
  call('HSET', B .. 'notes', 'h:' .. ARGV[8], ARGV[9], 'u:' .. ARGV[8], int(NOW + tonumber(ARGV[10])))
end
return {held and 1 or 0, v[3]}
