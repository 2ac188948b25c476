-- amend changes a message that is not done. ARGV[8] conversation, [9] message id, [10] the body and [11] whether the message was
-- settled, as they were read ('' to read them), [12] the new body, [13] 1 where a settled message waits again. Answer: body and settled
-- (1: its turn has a checkpoint) when they differ from what was read, 1 when the body was changed, nil when the message is done.
local key, id = ARGV[8], ARGV[9]
local b, known, holder, held, settled = box(key), false, nil, false, '0'
for _, other in ipairs(b.ids) do
  if int(other) == id then known = true end
end
if not known and b.more > 0 then known = call('LPOS', B .. 'w:' .. key, id) end
for _, turn in ipairs(b.turns) do
  local v = call('HMGET', B .. 't:' .. turn, 'token', 'cp', 'ids')
  if v[3] and string.find(',' .. v[3] .. ',', ',' .. id .. ',', 1, true) then
    known, holder, held = true, B .. 't:' .. turn, v[1] and turn
    if v[2] then settled = '1' end
  end
end
if not known then return false end
local name = account(key) .. ':' .. id
local m = call('HGET', B .. 'm', name)
if not m then return false end
if bodyof(m) ~= ARGV[10] or settled ~= ARGV[11] then return {bodyof(m), settled} end
call('HSET', B .. 'm', name, arrived(m) .. ARGV[12])
if holder and settled == '1' then
  if ARGV[13] == '1' then
    local again = call('HGET', holder, 'again') or ''
    if not string.find(',' .. again .. ',', ',' .. id .. ',', 1, true) then
      call('HSET', holder, 'again', again == '' and id or again .. ',' .. id)
    end
  end
elseif held then
  call('HSET', holder, 'amended', 1)
  call('PUBLISH', ARGV[7], 'newer ' .. held)
end
return 1
