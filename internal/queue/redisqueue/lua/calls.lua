-- calls gives a turn's journal. ARGV[8] turn, [9] token. Answer: nil when the turn is lost, else its entries: intent, and result or nil.
local key, number = hold(ARGV[8], ARGV[9], 'calls')
if not key then return false end
return journal(B .. 't:' .. ARGV[8], number)
