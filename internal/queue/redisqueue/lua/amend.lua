-- amend changes a message that no worker has. ARGV[8] conversation, [9] message id, [10] the body as it was read ('' to read it),
-- [11] the new one. Answer: the body as it is when it differs from the one that was read, 1 when it was changed, nil when the
-- message does not wait.
local key, id = ARGV[8], ARGV[9]
local waits = call('ZSCORE', B .. 'w:' .. key, id)
if not waits then
  for _, turn in ipairs(call('ZRANGE', B .. 'bt:' .. key, 0, -1)) do
    local v = call('HMGET', B .. 't:' .. turn, 'token', 'cp', 'ids')
    if not v[1] and not v[2] and string.find(',' .. v[3] .. ',', ',' .. id .. ',', 1, true) then waits = true end
  end
end
if not waits then return false end
local body = call('HGET', B .. 'm:' .. key, id)
if body ~= ARGV[10] then return body end
call('HSET', B .. 'm:' .. key, id, ARGV[11])
return 1
