-- clear forgets all entries and begins the next epoch. Answer: the epoch, and how many there were.
epoch()
local cleared = call('HLEN', B .. 'entries')
call('UNLINK', B .. 'entries', B .. 'hits')
local e = int(call('HINCRBY', B .. 'state', 'epoch', 1))
say('kind', 'clear', 'epoch', e)
keep()
return {e, cleared}
