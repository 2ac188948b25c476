-- records stores decision records. ARGV[8…] conversation, message, time in microseconds, body, whether it is a miss.
remember(8)
return 1
