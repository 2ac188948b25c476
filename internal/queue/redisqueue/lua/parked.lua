-- parked lists parked turns that nobody decided on yet, those first whose patience ends first. ARGV[8] how many at most.
-- Answer: for each: id, conversation, bodies, and what it was parked for.
local out = {}
for _, key in ipairs(call('ZRANGEBYSCORE', B .. 'p', '(' .. int(NOW), '+inf', 'LIMIT', 0, ARGV[8])) do
  local turn = box(key).parked
  local t = turn and B .. 't:' .. turn
  local ids = t and call('HGET', t, 'ids')
  if ids then
    local texts = {}
    for _, m in ipairs(messages(names(key, split(ids)))) do
      if m then texts[#texts + 1] = bodyof(m) end
    end
    out[#out + 1] = {turn, key, texts, parking(t)}
  end
end
return out
