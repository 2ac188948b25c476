-- pause stops new turns, resume ends that. ARGV[8] pause or resume, [9] by whom. Answer: 1 when something changed.
-- Keeps invariant 9: the mark is in the store, where every engine's claim sees it. It is there twice, so that one that is lost is
-- put back by check: a queue does not go on by itself.
if ARGV[8] == 'pause' then
  call('HSETNX', B .. 'n', 'paused', ARGV[9])
  return call('SETNX', B .. 'paused', ARGV[9])
end
call('HDEL', B .. 'n', 'paused')
local changed = call('DEL', B .. 'paused')
wake()
return changed
