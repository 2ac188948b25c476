-- bot gives a version of a bot, the current one for number 0. ARGV[8] bot, [9] number. Answer: number, when, who and why, content; nil when there
-- is none.
local number = ARGV[9]
if number == '0' then number = call('HGET', B .. 'bots', ARGV[8]) end
if not number then return false end
local about, content = call('HGET', B .. 'v:' .. ARGV[8], number), call('HGET', B .. 'V:' .. ARGV[8], number)
if not about or not content then return false end
return {number, about, content}
