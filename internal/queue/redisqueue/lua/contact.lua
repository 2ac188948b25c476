-- contact writes what is known of a contact, unless it was changed meanwhile.
-- ARGV[8] contact, [9] as it was read, '' for nothing, [10] new. Answer: nil when it was written, else as it is now.
local now = call('HGET', B .. 'K', ARGV[8]) or ''
if now ~= ARGV[9] then return now end
call('HSET', B .. 'K', ARGV[8], ARGV[10])
return false
