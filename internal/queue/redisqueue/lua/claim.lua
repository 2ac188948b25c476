-- claim takes the next conversations that are due. Where there are fewer than asked for, the engine waits, and idle says so; it
-- looks again within a lease, so that idle, which ends by itself after two, never ends before.
-- ARGV[8] how many at most, [8+n] the sixteen random characters of the nth turn's id.
-- Answer: the time of the next event (0: none, or there were as many as asked for), the time now, and for each turn: id,
-- conversation, attempt, token, checkpoint or nil, restarts, deferred, due, how many messages wait behind it, and its messages' bodies.
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

-- pop gives the key of the first mailbox in the next account's line, and when it was due.
local function pop()
  while true do
    local a = call('LMOVE', B .. 'la', B .. 'la', 'LEFT', 'RIGHT')
    if not a then return nil end
    local first = call('ZPOPMIN', B .. 'l:' .. a)
    if first[1] then return first[1], tonumber(first[2]) end
    call('RPOP', B .. 'la')
    call('SREM', B .. 'ls', a)
  end
end

-- renew makes the next attempt at a turn that was begun before, and gives what the answer needs.
local function renew(key, b, turn, token)
  local t = B .. 't:' .. turn
  local v = call('HMGET', t, 'ids', 'cp', 'attempt', 'restarts', 'deferred', 'due')
  local ids = v[2] and split(v[1]) or take(b, v[1])
  local attempt = tonumber(v[3]) + 1
  call('HSET', t, 'ids', table.concat(ids, ','), 'attempt', attempt, 'token', token, 'lease', int(NOW + LEASE))
  return ids, attempt, v[2], v[4], v[5], v[6]
end

-- begin makes a turn of what waits.
local function begin(key, b, turn, token, due)
  local ids = take(b, '')
  enter(b, turn)
  call('HSET', B .. 't:' .. turn, 'key', key, 'ids', table.concat(ids, ','), 'attempt', 1, 'restarts', 0, 'deferred', 0,
    'due', int(due), 'failures', '', 'token', token, 'lease', int(NOW + LEASE))
  return ids, 1, false, '0', '0', int(due)
end

tick()
local out, most = {}, tonumber(ARGV[8])
-- A fencing token that was lost goes on above all earlier ones, of which there were fewer than microseconds.
if call('EXISTS', B .. 'token') == 0 then call('SET', B .. 'token', int(NOW)) end
if call('EXISTS', B .. 'paused') == 0 then
  local token
  while #out < most do
    local key, due = pop()
    if not key then break end
    local b = box(key)
    sound(b)
    local turn = current(b)
    if not turn and #b.ids == 0 then
      damaged()
      save(key, b)
    else
      token = token and token + 1 or call('INCRBY', B .. 'token', most) - most + 1
      local ids, attempt, cp, restarts, deferred
      if turn then
        ids, attempt, cp, restarts, deferred, due = renew(key, b, turn, token)
      else
        turn = ulid(ARGV[9 + #out])
        ids, attempt, cp, restarts, deferred, due = begin(key, b, turn, token, due)
      end
      b.held, b.place = turn, 'a'
      save(key, b)
      call('ZADD', B .. 'a', int(NOW + LEASE), turn)
      local texts, found = bodies(key, ids)
      if #found < #ids then call('HSET', B .. 't:' .. turn, 'ids', table.concat(found, ',')) end
      if #texts == 0 then -- all of its messages were lost
        leave(key, turn)
      else
        out[#out + 1] = {turn, key, attempt, token, cp, restarts, deferred, due, #b.ids, texts}
      end
    end
  end
end
local next = 0
if #out < most then
  local d, a = call('ZRANGE', B .. 'd', 0, 0, 'WITHSCORES')[2], call('ZRANGE', B .. 'a', 0, 0, 'WITHSCORES')[2]
  if d then next = tonumber(d) end
  if a and (next == 0 or tonumber(a) < next) then next = tonumber(a) end
  call('SET', B .. 'idle', 1, 'PX', math.ceil(LEASE / 500))
end
return {int(next), int(NOW), out}
