-- claim takes the next conversations that are due. Where there are fewer than asked for, the engine waits, and idle says so; it
-- looks again within a lease, so that idle, which ends by itself after two, never ends before.
-- ARGV[8] how many at most, [8+n] the sixteen random characters of the nth turn's id.
-- Answer: the time of the next event (0: none, or there were as many as asked for), the time now, and for each turn: id,
-- conversation, attempt, token, checkpoint or nil, restarts, deferred, due, how many messages wait behind it, its messages' bodies, and what it was parked for or nil.
-- Keeps invariant 3 (a conversation with a held turn is nowhere to be taken), 9 and 10 (accounts are served in turn, and the inboxes of each).
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

tick()
local out, most, lease = {}, tonumber(ARGV[8]), int(NOW + LEASE)

-- popped are mailboxes, and when they were due, taken out of their line at once: an inbox that is alone need not wait for others.
local popped, alone, at = {}, call('LLEN', B .. 'la') == 1, 1

-- line takes the first mailboxes out of the line of an account's next inbox, those first that were due first. What an engine of an earlier
-- version took out of the account's line is in its inbox's still, and not there any more; what it put in comes when nothing else does.
local function line(a)
  local inboxes = B .. 'i:' .. a
  while true do
    local inbox = call('LMOVE', inboxes, inboxes, 'LEFT', 'RIGHT')
    if not inbox then return call('ZPOPMIN', B .. 'l:' .. a) end
    local many = alone and most > 1 and call('LLEN', inboxes) == 1
    local first, list = call('ZPOPMIN', B .. 'l:' .. a .. ':' .. inbox, many and most - #out or 1), {}
    for i = 1, #first, 2 do
      if call('ZREM', B .. 'l:' .. a, first[i]) == 1 then
        list[#list + 1] = first[i]
        list[#list + 1] = first[i + 1]
      end
    end
    if list[1] then return list end
    if not first[1] then
      call('RPOP', inboxes)
      call('SREM', B .. 'is:' .. a, inbox)
    end
  end
end

-- pop gives the key of the next mailbox in the next account's line, and when it was due.
local function pop()
  at = at + 2
  if popped[at] then return popped[at], tonumber(popped[at + 1]) end
  while true do
    local a = call('LMOVE', B .. 'la', B .. 'la', 'LEFT', 'RIGHT')
    if not a then return nil end
    popped, at = line(a), 1
    if popped[1] then return popped[1], tonumber(popped[2]) end
    call('RPOP', B .. 'la')
    call('SREM', B .. 'ls', a)
  end
end

-- renew makes the next attempt at a turn that was begun before, and gives what the answer needs.
local function renew(key, b, turn, token)
  local t = B .. 't:' .. turn
  local v = call('HMGET', t, 'ids', 'cp', 'attempt', 'restarts', 'deferred', 'due', 'holds', 'why', 'since', 'until', 'decided', 'by', 'word')
  local ids = v[2] and split(v[1]) or take(key, b, v[1])
  local attempt = tonumber(v[3]) + 1
  call('HSET', t, 'ids', table.concat(ids, ','), 'attempt', attempt, 'token', token, 'lease', lease)
  if v[7] then
    call('HDEL', t, 'holds')
    b.parked = nil
  end
  return ids, attempt, v[2], v[4], v[5], v[6], v[8] and {unpack(v, 8)}
end

-- begin makes a turn of what waits.
local function begin(key, b, turn, token, due)
  local ids = take(key, b, '')
  enter(b, turn)
  call('HSET', B .. 't:' .. turn, 'key', key, 'ids', table.concat(ids, ','), 'attempt', 1, 'restarts', 0, 'deferred', 0,
    'due', int(due), 'failures', '', 'token', token, 'lease', lease)
  return ids, 1, false, '0', '0', int(due), false
end

-- tokens gives the first of as many fencing tokens as there may be turns. One that was lost goes on above all earlier ones, of which there
-- were fewer than microseconds.
local function tokens()
  local last = call('INCRBY', B .. 'token', most)
  if last == most then last = call('INCRBY', B .. 'token', int(NOW)) end
  return last - most + 1
end

if call('EXISTS', B .. 'paused') == 0 then
  local token
  while #out < most do
    local key, due = pop()
    if not key then break end
    local b = box(key)
    sound(b)
    local turn = current(b)
    if not turn and behind(b) == 0 then
      damaged()
      save(key, b)
    else
      token = token and token + 1 or tokens()
      local ids, attempt, cp, restarts, deferred, parked
      if turn then
        ids, attempt, cp, restarts, deferred, due, parked = renew(key, b, turn, token)
      else
        turn = ulid(ARGV[9 + #out])
        ids, attempt, cp, restarts, deferred, due, parked = begin(key, b, turn, token, due)
      end
      b.held, b.place = turn, 'a'
      save(key, b)
      call('ZADD', B .. 'a', lease, turn)
      local texts, found = bodies(key, ids)
      if #found < #ids then call('HSET', B .. 't:' .. turn, 'ids', table.concat(found, ',')) end
      if #texts == 0 then -- all of its messages were lost
        leave(key, turn, {})
      else
        out[#out + 1] = {turn, key, attempt, token, cp, restarts, deferred, due, behind(b), texts, parked}
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
