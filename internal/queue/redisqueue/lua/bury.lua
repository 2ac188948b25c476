-- bury moves a turn to the dead letters. ARGV[8] turn, [9] token, [10] cause, [11…] records. Answer: 1, or 0 when it is lost.
-- Keeps invariant 8: the conversation's later messages go on.
local turn = ARGV[8]
local key, attempt = hold(turn, ARGV[9], 'attempt')
if not key then return 0 end
fail(turn, attempt, ARGV[10])
remember(11)
bury(key, turn)
return 1
