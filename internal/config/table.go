package config

import (
	"log/slog"
	"net/url"
	"time"

	"tania/internal/pii"
	"tania/internal/tania"
)

// entries is the table of all variables, section by section.
func entries() []entry {
	var all []entry
	for _, s := range []struct {
		section string
		entries []entry
	}{
		{"Server", serverEntries()},
		{"Sign-in by a provider", signInEntries()},
		{"Chatwoot", chatwootEntries()},
		{"When the bot may answer", governorEntries()},
		{"Handoff to humans", handoffEntries()},
		{"Ratings by agents", ratingEntries()},
		{"Approval of calls", approvalEntries()},
		{"Queue", queueEntries()},
		{"Worker", workerEntries()},
		{"Language model", modelEntries()},
		{"Vectors", vectorEntries()},
		{"Attachments", mediaEntries()},
		{"Bot and storage", storageEntries()},
		{"Redis", redisEntries()},
		{"Semantic cache", cacheEntries()},
		{"Metrics, traces and alerts", watchEntries()},
	} {
		for _, e := range s.entries {
			e.Section = s.section
			all = append(all, e)
		}
	}
	return all
}

func serverEntries() []entry {
	return []entry{
		row("PORT", "8787", whole(0, 65535), func(c *Config) *int { return &c.Server.Port },
			"Port to listen on; 0 lets the system choose one"),
		row("HOST", "", word("an address of this machine, 127.0.0.1 for example; unset: all addresses"),
			func(c *Config) *string { return &c.Server.Host },
			"Address to listen on"),
		row("USE_ASYNC_WEBHOOK", "true", yesNo(), func(c *Config) *bool { return &c.Server.AsyncWebhook },
			"Answer a webhook as soon as its message is stored; false replies to the customer within the request, as version 4 did"),
		row("ADMIN_TOKEN", "", secret("any text without spaces, 16 characters or more"), func(c *Config) *Secret { return &c.Server.AdminToken },
			"Opens the dashboard and the operators' routes from anywhere, as a bearer token or x-api-key; unset: the first start generates one in the file admin-token in TANIA_DATA_DIR"),
		row("PRIVACY_MASK", "false", yesNo(), func(c *Config) *bool { return &c.Server.PrivacyMask },
			"Hide what customers write, and their names, phones and e-mails, on the dashboard and in the operators' routes"),
		row("LOG_LEVEL", "info", logLevel(), func(c *Config) *slog.Level { return &c.LogLevel }, "Least severe log line to write"),
		row("LOG_FORMAT", "text", choice("text", "json"), func(c *Config) *string { return &c.LogFormat }, "Form of the log lines"),
	}
}

func chatwootEntries() []entry {
	return []entry{
		row("CHATWOOT_BASE_URL", "", address("Chatwoot's address, https://chat.example.com for example", chatwootPath),
			func(c *Config) **url.URL { return &c.Chatwoot.BaseURL },
			"Where Chatwoot is, without /app or /api"),
		row("CHATWOOT_ACCOUNT_ID", "", id[tania.AccountID]("account"), func(c *Config) *tania.AccountID { return &c.Chatwoot.Account },
			"The account the bot works in: the number after /accounts/ in the dashboard's address; tania doctor checks the token against it"),
		row("CHATWOOT_API_ACCESS_TOKEN", "", secret("the access token as Chatwoot shows it"),
			func(c *Config) *Secret { return &c.Chatwoot.Token },
			"Access token of the agent bot (recommended), or of a user"),
		row("CHATWOOT_WEBHOOK_SECRET", "", listOf(secret(""), "one or more secrets, separated by commas"),
			func(c *Config) *[]Secret { return &c.Chatwoot.WebhookSecrets },
			"Signs the webhooks (Chatwoot 4.13 and later show it with the bot); several for several bots. If set, unsigned webhooks are refused"),
		row("CHATWOOT_WEBHOOK_TOKEN", "", secret("any text without spaces"), func(c *Config) *Secret { return &c.Chatwoot.WebhookToken },
			"Expected as ?token= in the webhook's address or as a header, for a Chatwoot that does not sign. With neither token nor secret, only this machine may post"),
	}
}

func governorEntries() []entry {
	return []entry{
		row("CHATWOOT_INBOX_ALLOWLIST", "", listOf(id[tania.InboxID]("inbox"), "inbox ids, separated by commas; unset: all"),
			func(c *Config) *[]tania.InboxID { return &c.Governor.Inboxes },
			"Inboxes the bot serves"),
		row("BOT_REPLY_STATUSES", "pending", statuses(), func(c *Config) *[]tania.Status { return &c.Governor.ReplyStatuses },
			"Conversation statuses in which the bot answers; use pending,open with a user's token"),
		row("BOT_AGENT_GATING_ENABLED", "true", yesNo(), func(c *Config) *bool { return &c.Governor.HumanGating },
			"Stay silent while a human is writing to the customer"),
		row("BOT_AGENT_TIMEOUT_MINUTES", "5", span(1, 10080, time.Minute, "minutes"),
			func(c *Config) *time.Duration { return &c.Governor.HumanTimeout },
			"How long the bot stays silent after the human's last message"),
		row("GOVERNOR_RATE_LIMIT_ENABLED", "true", yesNo(), func(c *Config) *bool { return &c.Governor.RateLimit },
			"Limit how many messages of one conversation are answered per minute"),
		row("GOVERNOR_MAX_MESSAGES_PER_MINUTE", "10", whole(1, 1000), func(c *Config) *int { return &c.Governor.MessagesPerMinute },
			"That limit; above it the conversation waits, and nothing is dropped"),
		row("GOVERNOR_MAX_LENGTH_ENABLED", "true", yesNo(), func(c *Config) *bool { return &c.Governor.MaxLength },
			"Refuse messages that are too long"),
		row("GOVERNOR_MAX_MESSAGE_CHARS", "4000", whole(100, 150000), func(c *Config) *int { return &c.Governor.MaxChars },
			"Longest message that is answered, in characters"),
		row("GOVERNOR_BLOCKLIST_ENABLED", "true", yesNo(), func(c *Config) *bool { return &c.Governor.Blocklist },
			"Stay silent towards blocked contacts: those in GOVERNOR_BLOCKED_CONTACTS and those blocked in Chatwoot"),
		row("GOVERNOR_BLOCKED_CONTACTS", "", listOf(contact(),
			"contact ids, phones with + and country code, e-mails and identifiers, with * for any characters in the last three, separated by commas"), func(c *Config) *[]string { return &c.Governor.Blocked },
			"Contacts the bot does not answer"),
		row("GOVERNOR_GROUPS", "", listOf(group(),
			"groups' addresses as the contact's identifier shows them, 120363…@g.us, with * for any characters, separated by commas"),
			func(c *Config) *[]string { return &c.Governor.Groups },
			"WhatsApp groups the bot answers in; *@g.us is all of them, unset: none"),
		row("GOVERNOR_OPT_OUT_CHANNELS", "sms,whatsapp", optOutChannels(), func(c *Config) *[]tania.Channel { return &c.Governor.OptOut },
			"Channels on which a message that is only STOP, BAJA, SAIR, UNSUBSCRIBE or the like gets no answer, nor does any later message until START, ALTA or SIM; on WhatsApp, words that a customer may say to a bot, such as CANCEL, do not count"),
		row("GOVERNOR_LOOP_REPLIES", "3", whole(0, 20), func(c *Config) *int { return &c.Governor.LoopReplies },
			"Consecutive replies that another machine may answer before the bot falls silent and a human is alerted; 0: any number"),
		row("GOVERNOR_SERVICE_HOURS_ENABLED", "false", yesNo(), func(c *Config) *bool { return &c.Governor.ServiceHours },
			"Answer only during service hours; outside them the customer is told once"),
		row("GOVERNOR_SERVICE_HOURS_TIMEZONE", "UTC", timezone(), func(c *Config) **time.Location { return &c.Governor.Hours.Location },
			"Time zone of the service hours"),
		row("GOVERNOR_SERVICE_HOURS_START", "09:00", clock(), func(c *Config) *time.Duration { return &c.Governor.Hours.Start },
			"When service begins"),
		row("GOVERNOR_SERVICE_HOURS_END", "18:00", clock(), func(c *Config) *time.Duration { return &c.Governor.Hours.End },
			"When service ends; a time before the start means past midnight"),
		row("GOVERNOR_SERVICE_HOURS_DAYS", "mon-fri", weekdays(), func(c *Config) *[7]bool { return &c.Governor.Hours.Days },
			"Days of service"),
		row("GOVERNOR_SERVICE_HOURS_HOLIDAYS", "", listOf(holiday(), "dates YYYY-MM-DD, or MM-DD for every year, separated by commas"),
			func(c *Config) *[]Holiday { return &c.Governor.Hours.Holidays },
			"Days without service"),
	}
}

func handoffEntries() []entry {
	return []entry{
		row("CHATWOOT_INBOX_TO_TEAM", "", teams(), func(c *Config) *map[tania.InboxID]tania.TeamID { return &c.Handoff.Teams },
			"Team to which an inbox's conversations are assigned at a handoff"),
		row("HANDOFF_LABEL", "handoff", label(), func(c *Config) *string { return &c.Handoff.Label },
			"Label put on conversations that were handed over"),
		row("BOT_LABEL", "bot", label(), func(c *Config) *string { return &c.Handoff.ReturnLabel },
			"Label with which a human gives a conversation back to the bot"),
	}
}

func ratingEntries() []entry {
	const beside = "; unset: notes alone"
	return []entry{
		row("RATING_LABEL_BAD", "", label(), func(c *Config) *string { return &c.Ratings.Bad },
			"Label with which an agent says that the bot's last answer was bad, as the private note /bad does"+beside),
		row("RATING_LABEL_GOOD", "", label(), func(c *Config) *string { return &c.Ratings.Good },
			"Label with which an agent says that the bot's last answer was good, as the private note /good does"+beside),
		row("RATING_LABEL_FAQ", "", label(), func(c *Config) *string { return &c.Ratings.FAQ },
			"Label with which an agent wants the bot to be taught what was asked and answered, as the private note /faq does"+beside),
	}
}

func approvalEntries() []entry {
	const beside = "; the dashboard decides too"
	return []entry{
		row("APPROVAL_PATIENCE", "15m", lasting(time.Second, 7*24*time.Hour), func(c *Config) *time.Duration { return &c.Approvals.Patience },
			"How long a call that the team has to approve waits for its word; then a person gets the conversation"),
		row("APPROVAL_LABEL_APPROVE", "tania-approve", label(), func(c *Config) *string { return &c.Approvals.Approve },
			"Label with which an agent approves the call that waits, as the private note /approve does"+beside),
		row("APPROVAL_LABEL_REJECT", "tania-reject", label(), func(c *Config) *string { return &c.Approvals.Reject },
			"Label with which an agent rejects the call that waits, as the private note /reject does"+beside),
	}
}

func queueEntries() []entry {
	return []entry{
		row("QUEUE_MAX_RETRIES", "3", whole(1, 20), func(c *Config) *int { return &c.Queue.MaxRetries },
			"How often a turn is tried before it becomes a dead letter and a human gets the conversation"),
		row("QUEUE_RETRY_DELAY_MS", "1000", millis(10, 600_000), func(c *Config) *time.Duration { return &c.Queue.RetryDelay },
			"Delay after the first failure; it doubles with each further one"),
		row("QUEUE_DEBOUNCE_MS", "1500", millis(0, 60_000), func(c *Config) *time.Duration { return &c.Queue.Debounce },
			"Quiet time after which a burst of messages gets one answer; 0 answers each message immediately"),
		row("QUEUE_DEBOUNCE_MAX_MS", "8000", millis(0, 300_000), func(c *Config) *time.Duration { return &c.Queue.DebounceMax },
			"Longest time that a burst may delay the answer"),
		row("QUEUE_LEASE_MS", "15000", millis(1000, 600_000), func(c *Config) *time.Duration { return &c.Queue.Lease },
			"How soon another worker takes over a turn whose worker died"),
		row("QUEUE_NAME", "tania-messages", word("letters, digits, - and _"), func(c *Config) *string { return &c.Queue.Name },
			"Prefix of the queue's keys"),
		row("QUEUE_PARTITIONS", "1", whole(1, 1024), func(c *Config) *int { return &c.Queue.Partitions },
			"Number of partitions of the queue, each in one slot of a Redis Cluster"),
		row("DLQ_ALERT_THRESHOLD", "10", whole(1, 1_000_000), func(c *Config) *int { return &c.DeadTurnAlert },
			"Number of dead letters above which the operators are alerted"),
	}
}

func workerEntries() []entry {
	return []entry{
		row("WORKER_CONCURRENCY", "auto", orAuto(whole(1, 1000)), func(c *Config) *int { return &c.Worker.Concurrency },
			"Conversations answered at the same time; auto: as many as the model and Chatwoot bear, up to 256"),
		row("WORKER_THINK_AHEAD", "true", yesNo(), func(c *Config) *bool { return &c.Worker.ThinkAhead },
			"Make the answer within the quiet time, not after it; it leaves when that time is over, and is made anew when the customer writes on. The same in all processes"),
		row("WORKER_TYPING_ENABLED", "true", yesNo(), func(c *Config) *bool { return &c.Worker.Typing },
			"Show the customer that an answer is being written"),
		row("WORKER_TYPING_INTERVAL_MS", "3000", millis(500, 25_000), func(c *Config) *time.Duration { return &c.Worker.TypingInterval },
			"How often the typing indicator is renewed"),
		row("WORKER_PROCESSING_TIMEOUT_MS", "45000", millis(1000, 600_000), func(c *Config) *time.Duration { return &c.Worker.ProcessingTimeout },
			"Longest time that generating an answer may take"),
		row("REPLY_MAX_AGE_MINUTES", "60", span(0, 43_200, time.Minute, "minutes"),
			func(c *Config) *time.Duration { return &c.Worker.ReplyMaxAge },
			"Age up to which a message is answered; one that is older by the time it can be answered, after an outage for example, gets an apology and a human. 0: any age"),
		row("WORKER_ON_NEW_MESSAGE", "restart", restarts(), func(c *Config) *bool { return &c.Worker.RestartOnNew },
			"What happens when a message arrives while an answer is being generated: restart includes it and starts over, finish answers it afterwards"),
		row("TOOL_STEPS", "8", whole(1, 50), func(c *Config) *int { return &c.Tools.Calls },
			"Calls of tools that the model may make for one answer"),
		row("TOOL_TOKENS", "60000", whole(1000, 10_000_000), func(c *Config) *int { return &c.Tools.Tokens },
			"Tokens after which the model may call no more tools for an answer, counted over all of its requests"),
	}
}

func modelEntries() []entry {
	model := word("a model's name as its server lists it")
	return []entry{
		row("OPENAI_API_KEY", "", secret("the key as the provider shows it"), func(c *Config) *Secret { return &c.Model.Key },
			"Key of the model's server. With neither it nor OPENAI_BASE_URL, the offline responder answers from bot.yaml alone"),
		row("OPENAI_BASE_URL", "", address("the address of an OpenAI-compatible API, http://127.0.0.1:11434/v1 for example; unset: OpenAI's",
			modelPath), func(c *Config) **url.URL { return &c.Model.BaseURL },
			"Where the model is"),
		row("OPENAI_MODEL", "gpt-6-luna", model, func(c *Config) *string { return &c.Model.Name },
			"Model that answers"),
		row("PII_MASK", "cards,accounts,ids", personal(), func(c *Config) *pii.Set { return &c.Model.Hidden },
			"Personal data that models do not get to see: placeholders are sent in its place, and the data is put back into replies and the arguments of tools"),
		row("OPENAI_FALLBACK_MODELS", "", listOf(model, "model names, separated by commas, tried in this order"),
			func(c *Config) *[]string { return &c.Model.Fallbacks },
			"Models that answer when the first fails"),
		row("OPENAI_TIMEOUT_MS", "20000", millis(500, 600_000), func(c *Config) *time.Duration { return &c.Model.Timeout },
			"Longest time that one call to a model may take"),
		row("MODEL_PATIENCE_SECONDS", "60", span(0, 3600, time.Second, "seconds"), func(c *Config) *time.Duration { return &c.Model.Patience },
			"How long a customer waits, with the typing indicator, while no model is available; then Tania answers what is certain without one, or a human gets the conversation"),
		row("OPENAI_MAX_TOKENS", "2000", whole(16, 200_000), func(c *Config) *int { return &c.Model.MaxTokens },
			"Longest answer, in tokens, including the model's reasoning"),
		row("OPENAI_CONTEXT_TOKENS", "10000", whole(1000, 10_000_000), func(c *Config) *int { return &c.Model.Context },
			"Tokens that the model reads and writes in one answer; a quarter, at most 16,000, is for knowledge, and each of them is paid for. Less is used where the server says that it has less"),
		row("LLM_MONTHLY_BUDGET_USD", "0", dollars(), func(c *Config) *int64 { return &c.Model.MonthlyBudget },
			"Spending per calendar month (UTC), by the prices in bot.yaml, after which the model is no longer called; 0: no limit"),
	}
}

func vectorEntries() []entry {
	return []entry{
		row("EMBEDDINGS", "auto", vectorSource(), func(c *Config) *VectorSource { return &c.Vectors.From },
			"What makes vectors, by which knowledge and cached questions are found by meaning beside words: the model's server where it has a model of embeddings (auto), another server, a table in model2vec's format, or nothing (off)"),
		row("OPENAI_EMBEDDING_MODEL", "", word("a model's name as its server lists it"), func(c *Config) *string { return &c.Model.Embedding },
			"Model of the server that makes vectors; unset: one that it lists"),
		row("EMBEDDINGS_API_KEY", "", secret("the key as the provider shows it"), func(c *Config) *Secret { return &c.Vectors.Key },
			"Key of the server of EMBEDDINGS, where that is not the model's"),
		row("EMBEDDINGS_PATIENCE_MS", "400", millis(1, 10_000), func(c *Config) *time.Duration { return &c.Vectors.Patience },
			"Longest time that an answer waits for the vector of its question; after that words alone decide"),
	}
}

func mediaEntries() []entry {
	return []entry{
		row("TRANSCRIPTION_BASE_URL", "", address("the address of a server of /audio/transcriptions, http://127.0.0.1:8000/v1 for example", modelPath),
			func(c *Config) **url.URL { return &c.Media.Speech.BaseURL },
			"Where voice messages are written down, to be answered like text; unset: the model's server where TRANSCRIPTION_MODEL is set, else nowhere"),
		row("TRANSCRIPTION_MODEL", "", word("a model's name as its server lists it"), func(c *Config) *string { return &c.Media.Speech.Model },
			"Model that writes them down; unset: whisper-1"),
		row("TRANSCRIPTION_API_KEY", "", secret("the key as the provider shows it"), func(c *Config) *Secret { return &c.Media.Speech.Key },
			"Key of the server of TRANSCRIPTION_BASE_URL, where that is not the model's"),
		row("TRANSCRIPTION_TIMEOUT_MS", "30000", millis(500, 600_000), func(c *Config) *time.Duration { return &c.Media.Speech.Timeout },
			"Longest time that one try to write a voice message down may take"),
		row("VISION_MODEL", "", word("a model's name as its server lists it"), func(c *Config) *string { return &c.Media.Vision.Model },
			"Model that describes customers' pictures to the one that answers; unset: OPENAI_MODEL where VISION_BASE_URL is set, else none does"),
		row("VISION_BASE_URL", "", address("the address of an OpenAI-compatible API, http://127.0.0.1:11434/v1 for example", modelPath),
			func(c *Config) **url.URL { return &c.Media.Vision.BaseURL },
			"Where the model of VISION_MODEL is; unset: with the model that answers"),
		row("VISION_API_KEY", "", secret("the key as the provider shows it"), func(c *Config) *Secret { return &c.Media.Vision.Key },
			"Key of the server of VISION_BASE_URL, where that is not the model's"),
		row("VISION_TIMEOUT_MS", "30000", millis(500, 600_000), func(c *Config) *time.Duration { return &c.Media.Vision.Timeout },
			"Longest time that one try to describe a picture may take"),
		row("READ_DOCUMENTS", "true", yesNo(), func(c *Config) *bool { return &c.Media.Documents },
			"Give the text of customers' documents (PDF, Word, Excel, text) to the model that answers; without a model none is read"),
		row("CHATWOOT_STORAGE_HOSTS", "", listOf(word(""), "hosts, host:port, addresses or networks, separated by commas"),
			func(c *Config) *[]string { return &c.Media.Storage },
			"Where the files are stored that Chatwoot redirects to, if that is a private address (MinIO in the same network); public ones need no entry"),
	}
}

func storageEntries() []entry {
	return []entry{
		row("TANIA_BOT", "bot.yaml", phrase("a path, relative to the working directory"), func(c *Config) *string { return &c.BotPath },
			"File that says who the bot is and what it knows"),
		row("BOT_TIMEZONE", "", timezone(), func(c *Config) **time.Location { return &c.Location },
			"Time zone of the date and time given to the model; unset: GOVERNOR_SERVICE_HOURS_TIMEZONE"),
		row("TANIA_DATA_DIR", "./data", phrase("a directory on a local disk"), func(c *Config) *string { return &c.DataDir },
			"Where messages and conversations are stored; with Redis, where webhooks are spooled while it is down"),
		row("RETENTION_DAYS", "30", span(1, 3650, 24*time.Hour, "days"), func(c *Config) *time.Duration { return &c.Retention },
			"How long conversations, decision records and dead letters are kept"),
	}
}

func redisEntries() []entry {
	return []entry{
		row("REDIS_URL", "", redisURL(), func(c *Config) *Secret { return &c.Redis.URL },
			"Redis 6.2 or newer, or Valkey, for more than one process; unset: everything is in TANIA_DATA_DIR. More nodes of a Cluster as ?addr=host:port, Sentinel as ?master_set=name"),
		row("REDIS_HOST", "", word("a host name or address"), func(c *Config) *string { return &c.Redis.Host }, "The same in parts: host"),
		row("REDIS_PORT", "6379", redisPort(), func(c *Config) *int { return &c.Redis.Port }, "The same in parts: port"),
		row("REDIS_PASSWORD", "", secret("any text without spaces"), func(c *Config) *Secret { return &c.Redis.Password },
			"The same in parts: password"),
	}
}

func watchEntries() []entry {
	return []entry{
		row("METRICS_PORT", "", whole(1, 65535), func(c *Config) *int { return &c.Watch.MetricsPort },
			"Port of tania worker for /metrics, /healthz and /readyz, on HOST; unset: none. tania serve has them on PORT"),
		row("OTEL_EXPORTER_OTLP_ENDPOINT", "", address("the address of an OTLP receiver's HTTP port, http://collector:4318 for example", anyPath),
			func(c *Config) **url.URL { return &c.Watch.Traces },
			"Where traces are sent, by OTLP over HTTP; unset: no traces. The other OTEL_* variables have their usual meaning"),
		row("ALERT_WEBHOOK_URL", "", secretAddress(), func(c *Config) *Secret { return &c.Watch.AlertWebhook },
			"Where Tania posts its alerts, in the format of Slack (also accepted by Mattermost, Rocket.Chat, and Discord with /slack); unset: nowhere"),
		row("ALERT_WAITING", "100", whole(1, 1_000_000), func(c *Config) *int { return &c.Watch.AlertWaiting },
			"Number of waiting conversations above which the operators are alerted"),
		row("ALERT_OLDEST_WAITING_SECONDS", "120", span(1, 86_400, time.Second, "seconds"),
			func(c *Config) *time.Duration { return &c.Watch.AlertOldest },
			"How long a conversation may wait before the operators are alerted"),
	}
}

func cacheEntries() []entry {
	life := millis(1000, 2_147_483_647)
	return []entry{
		row("SEMANTIC_CACHE_ENABLED", "true", yesNo(), func(c *Config) *bool { return &c.Cache.Enabled },
			"Answer a question that was asked before from the cache"),
		row("CACHE_TTL_FAQ_MS", "86400000", life, func(c *Config) *time.Duration { return &c.Cache.FAQLife },
			"How long an answer of the category faq is kept"),
		row("CACHE_TTL_GENERAL_MS", "14400000", life, func(c *Config) *time.Duration { return &c.Cache.GeneralLife },
			"How long an answer of the category general is kept"),
		row("CACHE_TTL_TRANSIENT_MS", "1800000", life, func(c *Config) *time.Duration { return &c.Cache.TransientLife },
			"How long an answer of the category transient is kept"),
		row("CACHE_MAX_ENTRIES", "5000", whole(1, 10_000_000), func(c *Config) *int { return &c.Cache.MaxEntries },
			"Largest number of answers kept"),
		row("CACHE_MAX_FALSE_HITS", "0.01", fraction(0.0001, 0.2), func(c *Config) *float64 { return &c.Cache.MaxFalseHits },
			"Tolerated share of wrong answers among semantic hits; a smaller one makes the cache stricter"),
		row("CACHE_PATIENCE_MS", "20", millis(1, 2000), func(c *Config) *time.Duration { return &c.Cache.Patience },
			"Longest time that a cache lookup may delay an answer; a remote server of EMBEDDINGS may need 300"),
		row("CACHE_AUDIENCE_LABELS", "", listOf(label(), "labels, comma-separated"), func(c *Config) *[]string { return &c.Cache.AudienceLabels },
			"Conversation labels whose customers get answers of their own: each label has a separate cache"),
	}
}
