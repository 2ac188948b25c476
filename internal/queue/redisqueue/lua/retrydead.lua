-- retrydead puts a dead letter back, due now, with no attempts counted. ARGV[8] turn, then for each of its messages: id, body.
-- Answer: 1, or 0 when there is no such dead letter. A message that was delivered again and waits already is left out.
local turn = ARGV[8]
local x = B .. 'x:' .. turn
local v = call('HMGET', x, 'key', 'cp', 'calls', 'why')
local key = v[1]
if not key then return 0 end
local a, ids = account(key), {}
for i = 9, #ARGV, 2 do
  if call('HSETNX', B .. 'm', a .. ':' .. ARGV[i], kept(ARGV[i + 1])) == 1 then ids[#ids + 1] = ARGV[i] end
end
call('ZREM', B .. 'dead', turn)
if #ids > 0 then
  local b, t = box(key), B .. 't:' .. turn
  call('HSET', t, 'key', key, 'ids', table.concat(ids, ','), 'attempt', 0, 'restarts', 0, 'deferred', 0, 'due', int(NOW), 'failures', '')
  if v[2] then call('HSET', t, 'cp', v[2]) end
  carry(x, t, v[3], v[4])
  enter(b, turn)
  place(key, b)
end
call('DEL', x)
return 1
