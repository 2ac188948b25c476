-- clear forgets all entries and begins the next epoch. Answer: the epoch, and how many there were.
epoch()
local cleared = call('HLEN', B .. 'entries')
call('UNLINK', B .. 'entries', B .. 'hits', B .. 'used')
local e = int(call('HINCRBY', B .. 'state', 'epoch', 1))
-- Trimming would leave the texts in the stream's nodes.
if ARGV[3] == 'erase' then call('UNLINK', B .. 'log') end
say('kind', 'clear', 'epoch', e)
keep()
return {e, cleared}
