-- records stores decision records. ARGV[8…] conversation, message, time in microseconds, body.
remember(8)
return 1
