-- pause stops new turns, resume ends that. ARGV[8] pause or resume, [9] by whom. Answer: 1 when something changed.
-- Keeps invariant 9: the mark is in the store, where every engine's claim sees it.
if ARGV[8] == 'pause' then return call('SETNX', B .. 'paused', ARGV[9]) end
local changed = call('DEL', B .. 'paused')
wake()
return changed
