-- discarddead removes a dead turn. ARGV[8] turn. Answer: 1, or 0 when there is no such dead letter.
call('ZREM', B .. 'dead', ARGV[8])
return call('DEL', B .. 'x:' .. ARGV[8])
