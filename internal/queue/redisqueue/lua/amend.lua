-- amend changes a message that no worker has. ARGV[8] conversation, [9] message id, [10] the body as it was read ('' to read it),
-- [11] the new one. Answer: the body as it is when it differs from the one that was read, 1 when it was changed, nil when the
-- message does not wait.
local key, id = ARGV[8], ARGV[9]
local b, waits = box(key), false
for _, other in ipairs(b.ids) do
  if int(other) == id then waits = true end
end
for _, turn in ipairs(b.turns) do
  local v = call('HMGET', B .. 't:' .. turn, 'token', 'cp', 'ids')
  if v[3] and not v[1] and not v[2] and string.find(',' .. v[3] .. ',', ',' .. id .. ',', 1, true) then waits = true end
end
if not waits then return false end
local name = account(key) .. ':' .. id
local m = call('HGET', B .. 'm', name)
if not m then return false end
if bodyof(m) ~= ARGV[10] then return bodyof(m) end
call('HSET', B .. 'm', name, arrived(m) .. ARGV[11])
return 1
