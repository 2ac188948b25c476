-- What the scripts share. It stands before each of them.
--
-- KEYS[1]  the base of a partition's keys, {prefix:number}: all keys of a partition are in one slot
-- ARGV[1]  the time in microseconds; '' in production: then it is this server's
-- ARGV[2]  debounce, [3] longest debounce, [4] lease, [5] dedup time, all in microseconds
-- ARGV[6]  attempts, [7] channel to wake engines
-- ARGV[8…] what the script takes
--
-- A conversation's key is account:conversation. Its keys, below the base:
--   w:KEY   zset   ids of the waiting messages
--   m:KEY   hash   bodies of the messages that are not done, by id
--   b:KEY   hash   its mailbox: first, last (arrivals), due, place (d delayed, r ready, a a worker has it), held (turn)
--   bt:KEY  zset   its turns, all with score 0: by id
--   t:TURN  hash   a turn: key, ids, attempt, token, lease, restarts, deferred, due, failures, cp
-- and of the partition:
--   d, r, a  zset  mailboxes delayed and ready by due time, turns that workers have by the end of their lease
--   l:ACCOUNT zset, la list, ls set  an account's ready mailboxes; the accounts that have a line, in the order they are served
--   live hash, seen zset  messages that are not done (ACCOUNT:ID to KEY), and when each message arrived
--   dead zset, x:TURN hash  dead turns by time of death
--   n hash, paused string, idle string, token string  counters; who paused; an engine waits; last fencing token
--   C hash, cu zset, R:KEY hash, ru zset  conversations and records, and when they were written

local B = KEYS[1] .. ':'
local DEBOUNCE, MOST, LEASE, DEDUP, ATTEMPTS = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local call = redis.call

local function int(n) return string.format('%.0f', n) end

local NOW
if ARGV[1] == '' then
  local t = call('TIME')
  NOW = tonumber(t[1]) * 1000000 + tonumber(t[2])
else
  NOW = tonumber(ARGV[1])
end

local function account(key) return string.match(key, '^[^:]+') end

-- wake tells engines that wait for a turn to look again.
local function wake()
  if call('DEL', B .. 'idle') == 1 then call('PUBLISH', ARGV[7], 'wake') end
end

local function current(key)
  local held = call('HGET', B .. 'b:' .. key, 'held')
  if held then return held end
  return call('ZRANGE', B .. 'bt:' .. key, 0, 0)[1]
end

-- lift takes a mailbox from where it is.
local function lift(key)
  local place = call('HGET', B .. 'b:' .. key, 'place')
  if place == 'd' then
    call('ZREM', B .. 'd', key)
  elseif place == 'r' then
    call('ZREM', B .. 'r', key)
    call('ZREM', B .. 'l:' .. account(key), key)
  end
end

local function ready(key, due)
  local a = account(key)
  call('HSET', B .. 'b:' .. key, 'place', 'r')
  call('ZADD', B .. 'r', int(due), key)
  call('ZADD', B .. 'l:' .. a, int(due), key)
  if call('SADD', B .. 'ls', a) == 1 then call('RPUSH', B .. 'la', a) end
end

-- place puts a mailbox where it belongs now.
local function place(key)
  lift(key)
  local b = B .. 'b:' .. key
  local t = current(key)
  if not t and call('ZCARD', B .. 'w:' .. key) == 0 then
    call('DEL', b)
    return
  end
  if t and t == call('HGET', b, 'held') then
    call('HSET', b, 'place', 'a')
    return
  end
  local due
  if t then
    due = tonumber(call('HGET', B .. 't:' .. t, 'due'))
  else
    local at = call('HMGET', b, 'first', 'last')
    due = math.min(tonumber(at[2]) + DEBOUNCE, tonumber(at[1]) + MOST)
  end
  call('HSET', b, 'due', int(due))
  if due > NOW then
    call('HSET', b, 'place', 'd')
    call('ZADD', B .. 'd', int(due), key)
  else
    ready(key, due)
  end
  wake()
end

-- mature moves mailboxes whose time has come among the ready ones.
local function mature()
  local list = call('ZRANGEBYSCORE', B .. 'd', '-inf', int(NOW), 'WITHSCORES')
  for i = 1, #list, 2 do
    call('ZREM', B .. 'd', list[i])
    ready(list[i], tonumber(list[i + 1]))
  end
end

local function split(ids)
  local list = {}
  for id in string.gmatch(ids, '[^,]+') do list[#list + 1] = id end
  return list
end

-- take moves the waiting messages into a turn and gives all its ids, ascending.
local function take(key, ids)
  local list = split(ids)
  for _, id in ipairs(call('ZRANGE', B .. 'w:' .. key, 0, -1)) do list[#list + 1] = id end
  table.sort(list, function(x, y) return tonumber(x) < tonumber(y) end)
  call('DEL', B .. 'w:' .. key)
  call('HDEL', B .. 'b:' .. key, 'first', 'last')
  return list
end

local function fail(turn, attempt, why)
  local t = B .. 't:' .. turn
  local list = call('HGET', t, 'failures') or ''
  if list ~= '' then list = list .. ',' end
  call('HSET', t, 'failures', list .. '[' .. int(NOW) .. ',' .. attempt .. ',' .. cjson.encode(why) .. ']')
end

-- bodies gives messages' bodies, in portions that fit on Lua's stack.
local function bodies(key, ids)
  local list = {}
  for from = 1, #ids, 1000 do
    for _, body in ipairs(call('HMGET', B .. 'm:' .. key, unpack(ids, from, math.min(from + 999, #ids)))) do list[#list + 1] = body end
  end
  return list
end

-- letgo ends a worker's claim.
local function letgo(key, turn)
  local t = B .. 't:' .. turn
  call('ZREM', B .. 'a', turn)
  call('HDEL', t, 'token', 'lease')
  call('HDEL', B .. 'b:' .. key, 'held')
end

-- leave ends a turn: its messages are done.
local function leave(key, turn)
  local t = B .. 't:' .. turn
  letgo(key, turn)
  local a = account(key)
  for _, id in ipairs(split(call('HGET', t, 'ids'))) do
    call('HDEL', B .. 'm:' .. key, id)
    call('HDEL', B .. 'live', a .. ':' .. id)
  end
  call('DEL', t)
  call('ZREM', B .. 'bt:' .. key, turn)
  place(key)
end

-- yield gives a turn back, due at a time.
local function yield(key, turn, due)
  letgo(key, turn)
  call('HSET', B .. 't:' .. turn, 'due', int(due))
  place(key)
end

-- bury moves a turn to the dead letters.
local function bury(key, turn)
  local v = call('HMGET', B .. 't:' .. turn, 'ids', 'failures', 'cp')
  local ids = split(v[1])
  local x = B .. 'x:' .. turn
  call('HSET', x, 'key', key, 'bodies', '[' .. table.concat(bodies(key, ids), ',') .. ']', 'failures', v[2], 'died', int(NOW))
  if v[3] then call('HSET', x, 'cp', v[3]) end
  call('ZADD', B .. 'dead', int(NOW), turn)
  leave(key, turn)
end

-- expire takes a turn from a worker whose lease has ended. One that was claimed more often than the attempts allow, the
-- last time for its apology alone, is buried.
local function expire(turn)
  local v = call('HMGET', B .. 't:' .. turn, 'key', 'attempt', 'token')
  call('PUBLISH', ARGV[7], 'lost ' .. turn .. ' ' .. v[3])
  fail(turn, v[2], "the worker's lease ended")
  if tonumber(v[2]) > ATTEMPTS then
    bury(v[1], turn)
  else
    yield(v[1], turn, NOW)
  end
end

-- tick is what time brings about: leases end, mailboxes come due.
local function tick()
  for _, turn in ipairs(call('ZRANGEBYSCORE', B .. 'a', '-inf', int(NOW))) do expire(turn) end
  mature()
end

-- hold gives the conversation of a turn that the caller, who knows its token, still has; else nothing.
local function hold(turn, token)
  local v = call('HMGET', B .. 't:' .. turn, 'key', 'token', 'lease')
  if not v[2] or v[2] ~= token then return nil end
  if tonumber(v[3]) <= NOW then
    expire(turn)
    return nil
  end
  return v[1]
end

-- remember stores records: conversation, message, time, body, four arguments each.
local function remember(from)
  for i = from, #ARGV, 4 do
    call('HSET', B .. 'R:' .. ARGV[i], ARGV[i + 1], ARGV[i + 3])
    call('ZADD', B .. 'ru', ARGV[i + 2], ARGV[i] .. ':' .. ARGV[i + 1])
  end
end

