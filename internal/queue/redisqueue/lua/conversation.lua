-- conversation writes what is known of a conversation, unless it was changed meanwhile.
-- ARGV[8] conversation, [9] as it was read, '' for nothing, [10] new. Answer: nil when it was written, else as it is now.
local now = call('HGET', B .. 'C', ARGV[8]) or ''
if now ~= ARGV[9] then return now end
call('HSET', B .. 'C', ARGV[8], ARGV[10])
call('ZADD', B .. 'cu', int(NOW), ARGV[8])
return false
