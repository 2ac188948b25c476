-- repair puts back what was lost, as far as what is left tells. ARGV[8] what the rest are, [9…] these. Answer: how much was put back.
--   lines                    accounts that have a line and are not served; the mark of a pause
--   mailboxes KEY…           mailboxes that are not where they belong
--   turns TURN…              turns that their mailbox does not name
--   messages KEY ID…         messages of a conversation that neither its mailbox nor its turns name
--   conversations KEY…, records KEY…  whose times of writing are not known: they are as of now
--   dead TURN…               dead letters that the list does not name
--   deadlist                 members of that list that are no more
local fixed = 0

local function add(zset, at, member) fixed = fixed + call('ZADD', B .. zset, 'NX', int(at), member) end

local function lines()
  if call('LLEN', B .. 'la') ~= call('SCARD', B .. 'ls') then
    call('DEL', B .. 'la')
    for _, a in ipairs(call('SMEMBERS', B .. 'ls')) do call('RPUSH', B .. 'la', a) end
    fixed = fixed + 1
  end
  local mark, by = call('GET', B .. 'paused'), call('HGET', B .. 'n', 'paused')
  if by then
    fixed = fixed + call('SETNX', B .. 'paused', by)
  elseif mark then
    call('HSET', B .. 'n', 'paused', mark)
  end
end

-- misplaced reports whether a mailbox is not where it says that it is.
local function misplaced(key, b)
  if b.place == 'd' then return not call('ZSCORE', B .. 'd', key) end
  if b.place == 'p' then return not call('ZSCORE', B .. 'd', key) or not call('ZSCORE', B .. 'p', key) end
  if b.place == 'r' then return not call('ZSCORE', B .. 'l:' .. account(key), key) end
  return b.held == '' or not call('ZSCORE', B .. 'a', b.held)
end

-- settle puts a mailbox where it belongs.
local function settle(key, b)
  if b.held ~= '' then
    local lease = call('HGET', B .. 't:' .. b.held, 'lease')
    if lease then
      call('ZADD', B .. 'a', lease, b.held)
    else
      b.held = ''
    end
  end
  place(key, b)
  fixed = fixed + 1
end

local function mailbox(key)
  local b = box(key)
  if empty(b) then return end
  if sound(b) or misplaced(key, b) then settle(key, b) end
end

local function turn(id)
  local v = call('HMGET', B .. 't:' .. id, 'key', 'token', 'lease', 'holds')
  local key = v[1]
  if not key then return end
  local b = box(key)
  for _, other in ipairs(b.turns) do
    if other == id then return end
  end
  lift(key, b)
  enter(b, id)
  if v[3] and b.held == '' then b.held = id end
  if v[4] and not b.parked then b.parked = id end
  settle(key, b)
end

local function orphans(key)
  local b, named = box(key), {}
  sound(b)
  for _, id in ipairs(waiting(key, b)) do named[id] = true end
  for _, t in ipairs(b.turns) do
    for _, id in ipairs(split(call('HGET', B .. 't:' .. t, 'ids'))) do named[id] = true end
  end
  local found = 0
  for i = 10, #ARGV do
    if not named[ARGV[i]] then
      put(key, b, ARGV[i])
      named[ARGV[i]], found = true, found + 1
    end
  end
  if found > 0 then
    fixed = fixed + found
    if b.held == '' then place(key, b) else save(key, b) end
  end
end

local function deadlist()
  for _, id in ipairs(call('ZRANGE', B .. 'dead', 0, -1)) do
    if call('EXISTS', B .. 'x:' .. id) == 0 then
      call('ZREM', B .. 'dead', id)
      call('HINCRBY', B .. 'n', 'lost', 1)
      fixed = fixed + 1
    end
  end
end

local each = {
  mailboxes = mailbox,
  turns = turn,
  conversations = function(key) add('cu', NOW, key) end,
  records = function(key)
    for _, id in ipairs(call('HKEYS', B .. 'R:' .. key)) do add('ru', NOW, key .. ':' .. id) end
  end,
  dead = function(id)
    local died = call('HGET', B .. 'x:' .. id, 'died')
    if died then add('dead', tonumber(died), id) end
  end,
}
local kind = ARGV[8]
if kind == 'lines' then
  lines()
elseif kind == 'deadlist' then
  deadlist()
elseif kind == 'messages' then
  orphans(ARGV[9])
else
  for i = 9, #ARGV do each[kind](ARGV[i]) end
end
if fixed > 0 then
  call('HINCRBY', B .. 'n', 'repaired', fixed)
  call('HSET', B .. 'n', 'repaired_at', int(NOW))
end
return fixed
