-- begin gives what a snapshot begins with: epoch, position, the learnt counts, the hits, the times of the last uses.
local e = epoch()
keep()
local at = call('HMGET', B .. 'state', 'ms', 'n')
return {e, at[1] .. '-' .. at[2], call('HGETALL', B .. 'learnt'), call('HGETALL', B .. 'hits'), call('HGETALL', B .. 'used')}
