-- What the scripts share. It stands before each of them.
--
-- KEYS[1]  the base of a partition's keys, {prefix:number}: all keys of a partition are in one slot
-- ARGV[1]  the time in microseconds; '' in production: then it is this server's
-- ARGV[2]  debounce, [3] longest debounce, [4] lease, [5] dedup time, all in microseconds
-- ARGV[6]  attempts, [7] channel to wake engines
-- ARGV[8…] what the script takes
--
-- A conversation's key is account:conversation, a message's name account:id. The keys of a partition, below the base:
--   m hash           messages that are not done, by name: sixteen digits of when it arrived, and the body
--   b hash           mailboxes of conversations that have such messages, packed
--   w:KEY list, ws set  ids of waiting messages that a mailbox has no room for, and whose these are: a mailbox is written again with each push
--   d zset, l:ACCOUNT zset  mailboxes delayed, and an account's that are ready, by due time
--   l:ACCOUNT:INBOX zset, i:ACCOUNT list, is:ACCOUNT set  those of l:ACCOUNT that are of an inbox, and the inboxes that have such a line, in the
--                    order they are served. What is in l:ACCOUNT alone was put there by an engine of an earlier version, which knows of no inboxes
--   p zset           those of d whose current turn is parked, by when its patience ends
--   la list, ls set  the accounts that have a line, in the order they are served
--   a zset           turns that workers have, by the end of their lease
--   t:TURN hash      a turn: key, ids, attempt, token, lease, restarts, deferred, due, failures, cp; amended: a message of it was changed
--                    since its claim; again: ids of those changed since its checkpoint, which wait again when it has ended; calls: how many
--                    entries its journal has, i:NUMBER and r:NUMBER their intents and results; why, since, until, decided, by,
--                    word: what it was parked for last; holds: it has not been claimed since
--   seen zset        names of messages that are done, by when they arrived, and of their revisions, account:id:revision
--   dead zset, x:TURN hash  dead letters by time of death
--   notes hash, reports hash  what processes tell each other, in the first partition
--   bots hash, v:BOT hash, V:BOT hash  there too: each bot's current version; what is known of its versions, and their contents
--   n hash, paused string, idle string, token string  counters; who paused; an engine waits; last fencing token
--   C hash, cu zset, R:KEY hash, ru zset  conversations and records, and when they were written
--   damaged string   a script missed a key that was lost alone, evicted or deleted by hand: engines check everything then
-- What waits has one entry in m and, for its conversation, one in b and one in d or l: memory is what these cost.

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

-- behind is how many messages wait in a mailbox, for the turns that follow those it has.
local function behind(b) return #b.ids + b.more end

local function empty(b) return #b.turns == 0 and behind(b) == 0 end

local function damaged() call('SET', B .. 'damaged', 1) end

-- box reads a mailbox: place (d delayed, p parked, r ready, a a worker has it), held (the turn that one has), parked (the turn that was and
-- holds its place until it is claimed), first (arrival of what waits)
-- and span (from it to the last), turns (ascending), ids of the waiting messages that came first and how many more are in w:KEY, and its
-- inbox, nil where that is not known. When it is due is its score where it is. Engines of an earlier version pack neither this number nor
-- the inbox, and drop what they read.
local function box(key)
  local packed = call('HGET', B .. 'b', key)
  if not packed then return {place = '', held = '', first = 0, span = 0, turns = {}, ids = {}, more = 0} end
  local v = cmsgpack.unpack(packed)
  return {place = v[1], held = v[2], first = v[3], span = v[4], turns = v[5], ids = v[6], more = v[7] or call('LLEN', B .. 'w:' .. key), parked = v[8] or nil,
    inbox = v[9]}
end

local function save(key, b)
  if empty(b) then
    call('HDEL', B .. 'b', key)
  else
    call('HSET', B .. 'b', key, cmsgpack.pack({b.place, b.held, b.first, b.span, b.turns, b.ids, b.more, b.parked or false, b.inbox}))
  end
end

-- put adds a message to those that wait. ROOM is how many ids a mailbox has: enough for what a customer writes at once.
local ROOM = 16
local function put(key, b, id)
  if behind(b) == 0 then b.first = NOW end
  b.span = NOW - b.first
  if b.more == 0 and #b.ids < ROOM then
    b.ids[#b.ids + 1] = tonumber(id)
  else
    b.more = call('RPUSH', B .. 'w:' .. key, id)
    if b.more == 1 then call('SADD', B .. 'ws', key) end
  end
end

-- waiting gives the ids of the messages that wait.
local function waiting(key, b)
  local list = {}
  for i, id in ipairs(b.ids) do list[i] = int(id) end
  if b.more > 0 then
    for _, id in ipairs(call('LRANGE', B .. 'w:' .. key, 0, -1)) do list[#list + 1] = id end
    if #list < behind(b) then damaged() end
  end
  return list
end

-- vacate gives them too, and takes them out.
local function vacate(key, b)
  local list = waiting(key, b)
  if b.more > 0 then
    call('DEL', B .. 'w:' .. key)
    call('SREM', B .. 'ws', key)
  end
  b.ids, b.more, b.first, b.span = {}, 0, 0, 0
  return list
end

-- sound takes turns out of a mailbox whose hash was lost, and reports whether there were any. Their messages are still in m, where
-- repair finds them.
local function sound(b)
  local before = #b.turns
  for i = #b.turns, 1, -1 do
    if call('EXISTS', B .. 't:' .. b.turns[i]) == 0 then
      if b.held == b.turns[i] then b.held = '' end
      if b.parked == b.turns[i] then b.parked = nil end
      table.remove(b.turns, i)
      damaged()
    end
  end
  return #b.turns < before
end

local function current(b)
  if b.held ~= '' then return b.held end
  return b.parked or b.turns[1]
end

-- lift takes a mailbox from where it is.
local function lift(key, b)
  if b.place == 'd' then
    call('ZREM', B .. 'd', key)
  elseif b.place == 'p' then
    call('ZREM', B .. 'd', key)
    call('ZREM', B .. 'p', key)
  elseif b.place == 'r' then
    local a = account(key)
    call('ZREM', B .. 'l:' .. a, key)
    if b.inbox then call('ZREM', B .. 'l:' .. a .. ':' .. b.inbox, key) end
  end
  b.place = ''
end

-- inboxof is the inbox that a message's body names; what a customer wrote has no quote before a colon that is not escaped.
local function inboxof(body) return string.match(body or '', '"inbox":(%d+)') or '0' end

-- enlist puts a mailbox into its inbox's line. A mailbox that does not know its inbox looks for it in a message.
local function enlist(a, key, b, due)
  if not b.inbox then
    local id = b.ids[1] and int(b.ids[1]) or b.turns[1] and string.match(call('HGET', B .. 't:' .. b.turns[1], 'ids') or '', '^%d+')
    b.inbox = inboxof(id and call('HGET', B .. 'm', a .. ':' .. id))
  end
  call('ZADD', B .. 'l:' .. a .. ':' .. b.inbox, int(due), key)
  if call('SADD', B .. 'is:' .. a, b.inbox) == 1 then call('RPUSH', B .. 'i:' .. a, b.inbox) end
end

local function ready(key, b, due)
  local a = account(key)
  b.place = 'r'
  call('ZADD', B .. 'l:' .. a, int(due), key)
  enlist(a, key, b, due)
  if call('SADD', B .. 'ls', a) == 1 then call('RPUSH', B .. 'la', a) end
end

-- place puts a mailbox where it belongs now, and saves it.
local function place(key, b)
  sound(b)
  local before, t = b.place, current(b)
  if t and t == b.held then
    lift(key, b)
    b.place = 'a'
  elseif not t and behind(b) == 0 then
    lift(key, b)
  else
    local due
    if t then
      due = tonumber(call('HGET', B .. 't:' .. t, 'due'))
    else
      due = b.first + math.min(b.span + DEBOUNCE, MOST)
    end
    if due > NOW then
      local aside = b.parked and 'p' or 'd'
      if before ~= aside then lift(key, b) end
      b.place = aside
      call('ZADD', B .. 'd', int(due), key)
      if b.parked then call('ZADD', B .. 'p', int(due), key) end
    else
      if before ~= 'r' then lift(key, b) end
      ready(key, b, due)
    end
    wake()
  end
  save(key, b)
end

-- mature moves mailboxes whose time has come among the ready ones.
local function mature()
  local list = call('ZRANGEBYSCORE', B .. 'd', '-inf', int(NOW), 'WITHSCORES')
  for i = 1, #list, 2 do
    local key = list[i]
    local b = box(key)
    call('ZREM', B .. 'd', key)
    if b.place == 'p' then call('ZREM', B .. 'p', key) end
    if empty(b) then
      damaged()
    elseif b.held == '' then
      ready(key, b, tonumber(list[i + 1]))
      save(key, b)
    end
  end
end

local function split(ids)
  local list = {}
  for id in string.gmatch(ids, '[^,]+') do list[#list + 1] = id end
  return list
end

-- take moves the waiting messages into a turn and gives all its ids, ascending.
local function take(key, b, ids)
  local list = split(ids)
  for _, id in ipairs(vacate(key, b)) do list[#list + 1] = id end
  table.sort(list, function(x, y) return tonumber(x) < tonumber(y) end)
  return list
end

local function fail(turn, attempt, why)
  local t = B .. 't:' .. turn
  local list = call('HGET', t, 'failures') or ''
  if list ~= '' then list = list .. ',' end
  call('HSET', t, 'failures', list .. '[' .. int(NOW) .. ',' .. attempt .. ',' .. cjson.encode(why) .. ']')
end

local function names(key, ids)
  local a, list = account(key), {}
  for i, id in ipairs(ids) do list[i] = a .. ':' .. id end
  return list
end

-- kept is a message as m has it, arrived and bodyof its parts.
local function kept(body) return string.format('%016.0f', NOW) .. body end
local function arrived(message) return string.sub(message, 1, 16) end
local function bodyof(message) return string.sub(message, 17) end

-- messages gives what m has of them, in portions that fit on Lua's stack.
local function messages(all)
  local list = {}
  for from = 1, #all, 1000 do
    for _, m in ipairs(call('HMGET', B .. 'm', unpack(all, from, math.min(from + 999, #all)))) do list[#list + 1] = m end
  end
  return list
end

-- bodies gives messages' texts, and the ids of those; messages whose texts were lost are left out, and counted.
local function bodies(key, ids)
  local list, found = {}, {}
  for i, m in ipairs(messages(names(key, ids))) do
    if m then list[#list + 1], found[#found + 1] = bodyof(m), ids[i] end
  end
  if #list < #ids then
    call('HINCRBY', B .. 'n', 'lost', #ids - #list)
    call('HSET', B .. 'n', 'repaired_at', int(NOW))
  end
  return list, found
end

-- bulk calls a command with a list of arguments, in portions that fit on Lua's stack; PORTION is a multiple of what belongs together.
local PORTION = 1000
local function bulk(command, key, list)
  for from = 1, #list, PORTION do call(command, key, unpack(list, from, math.min(from + PORTION - 1, #list))) end
end

-- finish makes messages done: their texts go, their names are remembered.
local function finish(key, ids)
  local done, seen = names(key, ids), {}
  for i, m in ipairs(messages(done)) do
    seen[2 * i - 1], seen[2 * i] = m and arrived(m) or int(NOW), done[i]
  end
  bulk('HDEL', B .. 'm', done)
  bulk('ZADD', B .. 'seen', seen)
end

-- waitAgain puts messages of an ended turn among the waiting ones, and gives those of its ids that are done.
local function waitAgain(key, b, ids, again) -- lazy
  local back, done = {}, {}
  for _, id in ipairs(split(again)) do
    local name = account(key) .. ':' .. id
    local m = call('HGET', B .. 'm', name)
    if m then
      call('HSET', B .. 'm', name, kept(bodyof(m)))
      put(key, b, id)
      back[id] = true
    end
  end
  for _, id in ipairs(ids) do
    if not back[id] then done[#done + 1] = id end
  end
  return done
end

-- leave ends a turn with these ids: its messages are done, but those that were changed since its checkpoint.
local function leave(key, turn, ids, again) -- lazy
  local b = box(key)
  if again then ids = waitAgain(key, b, ids, again) end
  finish(key, ids)
  call('DEL', B .. 't:' .. turn)
  call('ZREM', B .. 'a', turn)
  b.held = ''
  for i, other in ipairs(b.turns) do
    if other == turn then
      table.remove(b.turns, i)
      break
    end
  end
  place(key, b)
end

-- yield gives a turn back, due at a time; parked is the turn when it holds its place until then.
local function yield(key, turn, due, parked)
  local b, t = box(key), B .. 't:' .. turn
  call('ZREM', B .. 'a', turn)
  call('HDEL', t, 'token', 'lease', 'amended')
  call('HSET', t, 'due', int(due))
  b.held, b.parked = '', parked
  place(key, b)
end

-- enter adds a turn to a mailbox.
local function enter(b, turn)
  b.turns[#b.turns + 1] = turn
  table.sort(b.turns)
end

-- journal gives as many entries of a turn's journal: intent, and result or nil.
local function journal(from, number)
  local list = {}
  for n = 1, tonumber(number or 0) do list[n] = call('HMGET', from, 'i:' .. n, 'r:' .. n) end
  return list
end

-- parking gives what a turn was parked for last: why, since, until, decided, by and word, the last three nil where nobody decided; false for
-- a turn that never was.
local function parking(of)
  local v = call('HMGET', of, 'why', 'since', 'until', 'decided', 'by', 'word')
  return v[1] and v
end

-- carry copies from one hash to another what a turn must not forget: its journal, and what it was parked for.
local function carry(from, to, number, parked)
  if parked then
    local v = parking(from)
    call('HSET', to, 'why', v[1], 'since', v[2], 'until', v[3])
    if v[4] then call('HSET', to, 'decided', v[4], 'by', v[5], 'word', v[6]) end
  end
  if number then call('HSET', to, 'calls', number) end
  for n, entry in ipairs(journal(from, number)) do
    call('HSET', to, 'i:' .. n, entry[1])
    if entry[2] then call('HSET', to, 'r:' .. n, entry[2]) end
  end
end

-- bury moves a turn to the dead letters.
local function bury(key, turn)
  local v = call('HMGET', B .. 't:' .. turn, 'ids', 'failures', 'cp', 'again', 'calls', 'why')
  local x, ids = B .. 'x:' .. turn, split(v[1])
  call('HSET', x, 'key', key, 'bodies', '[' .. table.concat(bodies(key, ids), ',') .. ']', 'failures', v[2], 'died', int(NOW))
  if v[3] then call('HSET', x, 'cp', v[3]) end
  carry(B .. 't:' .. turn, x, v[5], v[6])
  call('ZADD', B .. 'dead', int(NOW), turn)
  leave(key, turn, ids, v[4])
end

-- expire takes a turn from a worker whose lease has ended. One that was claimed more often than the attempts allow, the
-- last time for its apology alone, is buried.
local function expire(turn) -- lazy
  local v = call('HMGET', B .. 't:' .. turn, 'key', 'attempt', 'token')
  if not v[1] then
    call('ZREM', B .. 'a', turn)
    damaged()
    return
  end
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

-- hold gives the conversation of a turn that the caller, who knows its token, still has, and those of its fields that are asked for; else
-- nothing. A turn whose lease has ended is lost to the caller at once; the next claim takes it from it.
local function hold(turn, token, ...)
  local v = call('HMGET', B .. 't:' .. turn, 'key', 'token', 'lease', ...)
  if not v[2] or v[2] ~= token or tonumber(v[3]) <= NOW then return nil end
  return v[1], unpack(v, 4)
end

-- remember stores records: conversation, message, time, body, and 1 where the bot missed what the message wanted, else 0: five arguments
-- each. A turn's are of one conversation. A record that is no longer a miss stays among the missed, and who reads it sees that.
local function remember(from)
  local of, written, missed = {}, {}, {}
  for i = from, #ARGV, 5 do
    local key, id = ARGV[i], ARGV[i + 1]
    of[key] = of[key] or {}
    table.insert(of[key], id)
    table.insert(of[key], ARGV[i + 3])
    for _, list in ipairs(ARGV[i + 4] == '1' and {written, missed} or {written}) do
      table.insert(list, ARGV[i + 2])
      table.insert(list, key .. ':' .. id)
    end
  end
  for key, rows in pairs(of) do bulk('HSET', B .. 'R:' .. key, rows) end
  bulk('ZADD', B .. 'ru', written)
  bulk('ZADD', B .. 'rm', missed)
end
