-- What the scripts share. It stands before each of them.
--
-- KEYS[1]  the base of the cache's keys, {name:cache}: all are in one slot
-- ARGV[1]  how many events the log keeps, about; [2] how long keys outlive the last write, in seconds
-- ARGV[3…] what the script takes
--
-- The keys, below the base:
--   state hash    epoch; ms and n, which make the id of the last event
--   entries hash  entries by id, as the client packs them
--   hits hash     hits by entry id
--   used hash     time of the last hit by entry id, in milliseconds
--   learnt hash   counts by scope and name, with a zero byte between
--   log stream    the events; the id of each is ms-n
--   lead:QUESTION string  who answers a question; it expires by itself
-- n counts events from 1 without gaps, so that who follows sees that one is missing; ms is the server's time, never going back, so that
-- the events of a Redis that lost its memory, or of a replica that became master before it had all, are not taken for those known.

local B = KEYS[1] .. ':'
local call = redis.call

local function int(n) return string.format('%.0f', n) end

local function milliseconds()
  local t = call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end

-- epoch gives the epoch. Without a state it begins one, higher than any before; entries that are left are then of unknown truth.
local function epoch()
  local e = call('HGET', B .. 'state', 'epoch')
  if e then return e end
  local now = int(milliseconds())
  call('DEL', B .. 'entries', B .. 'hits', B .. 'used', B .. 'log')
  call('HSET', B .. 'state', 'epoch', now, 'ms', now, 'n', 0)
  return now
end

-- say adds an event to the log, once epoch was called.
local function say(...)
  local ms = int(math.max(milliseconds(), tonumber(call('HGET', B .. 'state', 'ms'))))
  call('HSET', B .. 'state', 'ms', ms)
  call('XADD', B .. 'log', 'MAXLEN', '~', ARGV[1], ms .. '-' .. int(call('HINCRBY', B .. 'state', 'n', 1)), ...)
end

-- keep puts off the day on which keys that nobody writes to go.
local function keep()
  for _, key in ipairs({'state', 'entries', 'hits', 'used', 'learnt', 'log'}) do call('EXPIRE', B .. key, ARGV[2]) end
end
