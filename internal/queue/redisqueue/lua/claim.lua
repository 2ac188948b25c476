-- claim takes the next conversations that are due. Where there are fewer than asked for, the engine waits, and idle says so; it
-- looks again within a lease, so that idle, which ends by itself after two, never ends before.
-- ARGV[8] how many at most, [8+n] the sixteen random characters of the nth turn's id.
-- Answer: the time of the next event (0: none), the time now, and for each turn: id, conversation, attempt, token, checkpoint or nil, restarts,
-- deferred, due, 1 when messages wait behind it, and its messages' bodies.
-- Keeps invariant 3 (a conversation with a held turn is nowhere to be taken), 9 and 10 (accounts are served in turn).
local digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

-- ulid's first ten characters are the time in milliseconds.
local function ulid(random)
  local ms, head = math.floor(NOW / 1000), ''
  for _ = 1, 10 do
    local d = ms % 32
    head = string.sub(digits, d + 1, d + 1) .. head
    ms = (ms - d) / 32
  end
  return head .. random
end

local function pop()
  while true do
    local a = call('LPOP', B .. 'la')
    if not a then return nil end
    local line = B .. 'l:' .. a
    local head = call('ZRANGE', line, 0, 0, 'WITHSCORES')
    local first = head[1]
    if first then
      call('ZREM', line, first)
      call('HINCRBY', B .. 'n', 'ready', -1)
    end
    if call('ZCARD', line) > 0 then
      call('RPUSH', B .. 'la', a)
    else
      call('SREM', B .. 'ls', a)
    end
    if first then return first, tonumber(head[2]) end
  end
end

tick()
local out, most = {}, tonumber(ARGV[8])
if call('EXISTS', B .. 'paused') == 0 then
  for n = 1, most do
    local key, due = pop()
    if not key then break end
    local b = box(key)
    local turn = current(b)
    if not turn then
      turn = ulid(ARGV[8 + n])
      call('HSET', B .. 't:' .. turn, 'key', key, 'ids', '', 'attempt', 0, 'restarts', 0, 'deferred', 0, 'due', int(due), 'failures', '')
      enter(b, turn)
    end
    local t = B .. 't:' .. turn
    local ids
    if call('HEXISTS', t, 'cp') == 1 then
      ids = split(call('HGET', t, 'ids'))
    else
      ids = take(b, call('HGET', t, 'ids'))
    end
    local token = call('INCR', B .. 'token')
    local attempt = call('HINCRBY', t, 'attempt', 1)
    call('HSET', t, 'ids', table.concat(ids, ','), 'token', token, 'lease', int(NOW + LEASE))
    b.held, b.place = turn, 'a'
    save(key, b)
    call('ZADD', B .. 'a', int(NOW + LEASE), turn)
    local v = call('HMGET', t, 'cp', 'restarts', 'deferred', 'due')
    out[#out + 1] = {turn, key, attempt, token, v[1], v[2], v[3], v[4], #b.ids, bodies(key, ids)}
  end
end
local next = 0
local d, a = call('ZRANGE', B .. 'd', 0, 0, 'WITHSCORES')[2], call('ZRANGE', B .. 'a', 0, 0, 'WITHSCORES')[2]
if d then next = tonumber(d) end
if a and (next == 0 or tonumber(a) < next) then next = tonumber(a) end
if #out < most then call('SET', B .. 'idle', 1, 'PX', math.ceil(LEASE / 500)) end
return {int(next), int(NOW), out}
