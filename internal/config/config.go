// Package config reads the environment, .env and bot.yaml into one validated Config. Every error names the variable
// or the place, what is allowed and the fix, and all of them are reported at once.
package config

import (
	"cmp"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tania/internal/bot"
	"tania/internal/pii"
	"tania/internal/tania"
)

// Config is everything that can be set. Load gives it, with every default filled in.
type Config struct {
	Server   Server
	OIDC     OIDC
	Chatwoot Chatwoot
	Governor Governor
	Handoff  Handoff
	Ratings  Ratings
	// Approvals are how the team decides on calls of tools that need it.
	Approvals Approvals
	Queue     Queue
	Worker    Worker
	Tools     Tools
	Model     Model
	Vectors   Vectors
	Media     Media
	Redis     Redis
	Cache     Cache
	Watch     Watch

	// DataDir holds the embedded store. BotPath is bot.yaml.
	DataDir, BotPath string
	// Location is where the bot's date and time of day are read; the service hours' where no other was set.
	Location *time.Location
	// Retention is how long conversations, decision records and dead letters are kept.
	Retention time.Duration
	// DeadTurnAlert is the number of dead letters that may be kept before the operators are told.
	DeadTurnAlert int
	LogLevel      slog.Level
	// LogFormat is text or json.
	LogFormat string

	// Bot is what bot.yaml says, bot.Default if there is none; never nil.
	Bot *bot.Bot
	// BuiltinBot is set when there was no bot.yaml.
	BuiltinBot bool

	// Warnings are things that do not stop the start and that the operator must hear of: settings without effect,
	// names that look mistyped. Each ends in "; " and the fix.
	Warnings []string

	// botFS holds BotPath, nil for the machine's files.
	botFS fs.FS
	// Reader reads the bot's files again, as far as they changed; nil: whole.
	Reader *bot.Reader

	// given holds names only: the values may be secret. secrets gives those, by a function because no way of
	// printing a Config shows what one captures.
	given   map[string]bool
	secrets func() []string
	// botSecret gives the value of a variable for an assigned bot's credentials, "" where it is not set.
	botSecret func(name string) string
	// toolSecrets gives the secrets of tools by name, nil where there are none.
	toolSecrets func() map[string]string
}

// Server is the HTTP side.
type Server struct {
	// Host is the address to listen on, empty for all; Port 0 lets the system choose.
	Host string
	Port int
	// AdminToken opens the operators' routes from anywhere. AdminTokenKept reports whether it was not configured and is the one that the
	// data directory keeps; the routes are then open to this machine's own people without it, too.
	AdminToken     Secret
	AdminTokenKept bool
	// PrivacyMask hides customers and what they write from the operators.
	PrivacyMask bool
	// AsyncWebhook answers 200 as soon as a message is stored; false waits for the answer inside the request.
	AsyncWebhook bool
}

// Chatwoot is the connection to Chatwoot, both ways.
type Chatwoot struct {
	// BaseURL is Chatwoot's own address without /app or /api, and without a slash at its end; nil if unset.
	BaseURL *url.URL
	// Account is 0 if unset.
	Account tania.AccountID
	// Token is the REST token, a bot's or a user's.
	Token Secret
	// WebhookToken is expected in the webhook's query or header; WebhookSecrets sign webhooks, any of them will do.
	WebhookToken   Secret
	WebhookSecrets []Secret
}

// Governor says when the bot may answer.
type Governor struct {
	// Inboxes are those served; empty: all.
	Inboxes []tania.InboxID
	// ReplyStatuses are the conversation statuses the bot answers in.
	ReplyStatuses []tania.Status
	// HumanGating keeps the bot silent while a human writes, until HumanTimeout after their last message.
	HumanGating  bool
	HumanTimeout time.Duration

	// RateLimit is a switch; MessagesPerMinute is the limit for one conversation.
	RateLimit         bool
	MessagesPerMinute int
	// MaxLength is a switch; MaxChars is the longest turn the bot reads, in characters.
	MaxLength bool
	MaxChars  int
	// Blocklist is a switch; Blocked holds contact ids ("123"), phones ("+5215512345678"), e-mails and identifiers
	// (lower case), and patterns of these with *.
	Blocklist bool
	Blocked   []string
	// Groups are patterns of the groups that the bot answers in; empty: none.
	Groups []string
	// OptOut are the channels on which opt-out words are obeyed, of tania.ChannelSMS and tania.ChannelWhatsApp.
	OptOut []tania.Channel
	// LoopReplies is how many replies in a row another machine may answer; 0: any number.
	LoopReplies int

	// ServiceHours is a switch; Hours are the hours.
	ServiceHours bool
	Hours        Hours
}

// Hours are the times the bot serves in.
type Hours struct {
	Location *time.Location
	// Start and End are times since midnight. End is later than Start, or earlier for a span over midnight, which then
	// belongs to the day it starts on. They are never equal; 0 and 24 h are the whole day.
	Start, End time.Duration
	// Days is indexed by time.Weekday.
	Days [7]bool
	// Holidays are closed all day.
	Holidays []Holiday
}

// Holiday is a date; Year 0 means every year.
type Holiday struct {
	Year  int
	Month time.Month
	Day   int
}

// Handoff says how a conversation goes to humans and comes back.
type Handoff struct {
	// Teams gives the team to assign, by inbox.
	Teams map[tania.InboxID]tania.TeamID
	// Team is that of an assigned bot, whatever the inbox; 0: none.
	Team tania.TeamID
	// Label is put on a handed-over conversation; ReturnLabel, put on by a human, gives it back to the bot.
	Label, ReturnLabel string
}

// Approvals are the labels by which agents decide on a call, an empty one is none; and how long it waits for their word.
type Approvals struct {
	Approve, Reject string
	Patience        time.Duration
}

// Ratings are the labels by which agents rate answers; an empty one is none.
type Ratings struct{ Bad, Good, FAQ string }

// Queue is the conversation queue.
type Queue struct {
	// Name is the prefix of the queue's keys in Redis.
	Name string
	// MaxRetries is how often a turn is tried in all; RetryDelay is the wait after the first failure, and doubles.
	MaxRetries int
	RetryDelay time.Duration
	// Debounce is the quiet time that ends a burst (0: none), DebounceMax the longest a burst holds a turn back.
	Debounce, DebounceMax time.Duration
	Lease                 time.Duration
	Partitions            int
}

// Worker runs turns.
type Worker struct {
	// Concurrency is how many turns run at once; 0: as many as the servers bear.
	Concurrency    int
	Typing         bool
	TypingInterval time.Duration
	// ProcessingTimeout bounds the making of one answer.
	ProcessingTimeout time.Duration
	// ThinkAhead makes answers in the quiet time after a message, rather than after it.
	ThinkAhead bool
	// RestartOnNew starts a turn over when a newer message comes before the answer left.
	RestartOnNew bool
	// ReplyMaxAge is how old a message may be to be answered; 0: any age.
	ReplyMaxAge time.Duration
}

// QuietTime is how long workers hold an answer back that they made while the customer may still write on: the queue's debounce where
// answers are made ahead, else nothing, since the queue waits.
func (c *Config) QuietTime() (quiet, most time.Duration) {
	if !c.Worker.ThinkAhead || !c.Server.AsyncWebhook {
		return 0, 0
	}
	return c.Queue.Debounce, c.Queue.DebounceMax
}

// Tools are what bots may do beside talk: Calls and Tokens bound an answer.
type Tools struct{ Calls, Tokens int }

// Steers reports whether a label says to Tania who has a conversation, what an answer was worth, what the team approves, which answers may
// be shared or which bot of bot.yaml answers: such are for people to put on, and no tool changes them. Chatwoot compares labels without
// regard to case.
func (c *Config) Steers(label string) bool {
	own := append([]string{
		c.Handoff.Label, c.Handoff.ReturnLabel, c.Ratings.Bad, c.Ratings.Good, c.Ratings.FAQ, c.Approvals.Approve, c.Approvals.Reject,
	}, c.Cache.AudienceLabels...)
	if c.Bot != nil {
		for _, a := range c.Bot.Assignments {
			own = append(own, a.When.Labels...)
		}
	}
	return slices.ContainsFunc(own, func(l string) bool { return l != "" && strings.EqualFold(l, strings.TrimSpace(label)) })
}

// ToolSecrets are what tools may name as ${secret:NAME}: the variables TOOL_SECRET_NAME.
func (c *Config) ToolSecrets() map[string]string {
	if c.toolSecrets == nil {
		return nil
	}
	return c.toolSecrets()
}

// Model is the language model. Without Key and BaseURL the offline responder answers.
type Model struct {
	Key Secret
	// Hidden is the personal data that no model gets to see.
	Hidden pii.Set
	// BaseURL ends before /chat/completions; nil if unset, which is OpenAI's own.
	BaseURL   *url.URL
	Name      string
	Fallbacks []string
	Embedding string
	// Context is how much is read and written in one answer, in tokens.
	Context int
	// Timeout bounds one call; MaxTokens bounds one answer, reasoning included.
	Timeout   time.Duration
	MaxTokens int
	// Patience is how long a customer waits for a model that is away; 0: not at all.
	Patience time.Duration
	// MonthlyBudget is in micro-USD; 0: no limit.
	MonthlyBudget int64
}

// Vectors are what texts mean, by which passages and cached questions are found beside their words.
type Vectors struct {
	From VectorSource
	// Key is for a server of From's own.
	Key Secret
	// Patience is the longest that a turn waits for the vector of its question.
	Patience time.Duration
}

// VectorSource is what makes vectors; none where nothing is set.
type VectorSource struct {
	// Auto: the model's server, where it does.
	Auto bool
	// Server ends before /embeddings; nil for none. Table is a file or a folder.
	Server *url.URL
	Table  string
}

// VectorServer is the server that vectors are asked of, its address empty for OpenAI's, and its key; false where none is.
func (c *Config) VectorServer() (base string, key Secret, ok bool) {
	if c.Model.BaseURL != nil {
		base = c.Model.BaseURL.String()
	}
	switch from := c.Vectors.From; {
	case from.Auto:
		return base, c.Model.Key, c.Model.Online()
	case from.Server != nil && c.ownServer(from.Server):
		return base, c.VectorKey(from.Server), true
	case from.Server != nil:
		return from.Server.String(), c.VectorKey(from.Server), true
	}
	return "", "", false
}

// ownServer reports whether a server is the model's.
func (c *Config) ownServer(server *url.URL) bool {
	return sameServer(server, cmp.Or(c.Model.BaseURL, openAI))
}

// VectorKey is the key for a server that is asked for vectors: that of EMBEDDINGS_API_KEY where it is the server of EMBEDDINGS, or where
// that names none and it is not the model's; else the model's where it is the model's.
func (c *Config) VectorKey(server *url.URL) (key Secret) {
	from, own := c.Vectors.From.Server, c.ownServer(server)
	if from == nil && !own || from != nil && sameServer(from, server) {
		key = c.Vectors.Key
	}
	if own {
		key = cmp.Or(key, c.Model.Key)
	}
	return key
}

// Media are what reads the files that customers attach.
type Media struct {
	// Speech writes voice messages down, Vision describes pictures.
	Speech, Vision Beside
	// Documents has the model given the text of documents.
	Documents bool
	// Storage are the private hosts, addresses and networks of Chatwoot's storage.
	Storage []string
}

// Beside is a server that is asked beside the model's, or a model of that server. It is not used where neither BaseURL nor Model is set.
type Beside struct {
	BaseURL *url.URL
	Model   string
	Key     Secret
	Timeout time.Duration
}

// Server is the server's address and its key; false where none is set.
func (b *Beside) Server(c *Config) (base string, key Secret, ok bool) {
	switch {
	case b.BaseURL == nil && b.Model == "":
		return "", "", false
	case b.BaseURL == nil || c.ownServer(b.BaseURL):
		return cmp.Or(c.Model.BaseURL, openAI).String(), cmp.Or(b.Key, c.Model.Key), true
	}
	return b.BaseURL.String(), b.Key, true
}

// openAI is the server of models where no other is set.
var openAI = &url.URL{Scheme: "https", Host: "api.openai.com", Path: "/v1"}

// sameServer reports whether two addresses are one, however they are written.
func sameServer(x, y *url.URL) bool {
	port := func(u *url.URL) string {
		standard := map[string]string{"http": "80", "https": "443"}
		return cmp.Or(u.Port(), standard[u.Scheme])
	}
	return x.Scheme == y.Scheme && strings.EqualFold(x.Hostname(), y.Hostname()) && port(x) == port(y) &&
		strings.TrimSuffix(x.Path, "/") == strings.TrimSuffix(y.Path, "/")
}

// Online reports whether a model is configured at all.
func (m Model) Online() bool { return m.Key != "" || m.BaseURL != nil }

// Redis is where the Redis engine connects to.
type Redis struct {
	URL      Secret
	Host     string
	Port     int
	Password Secret
}

// Configured reports whether Redis is asked for.
func (r Redis) Configured() bool { return r.URL != "" || r.Host != "" }

// Address is URL, else the parts as one.
func (r Redis) Address() Secret {
	if r.URL != "" {
		return r.URL
	}
	u := url.URL{Scheme: "redis", Host: net.JoinHostPort(r.Host, strconv.Itoa(r.Port))}
	if r.Password != "" {
		u.User = url.UserPassword("", r.Password.Reveal())
	}
	return Secret(u.String())
}

// Cache is the semantic cache.
type Cache struct {
	Enabled                             bool
	FAQLife, GeneralLife, TransientLife time.Duration
	MaxEntries                          int
	// MaxFalseHits is the share of wrong answers among semantic hits that is put up with.
	MaxFalseHits float64
	// Patience is the longest that a look-up holds a turn up.
	Patience time.Duration
	// AudienceLabels are conversation labels whose customers are told something of their own.
	AudienceLabels []string
}

// Watch says how Tania is watched.
type Watch struct {
	// MetricsPort is that of a process without a web side; 0: none.
	MetricsPort int
	// Traces is where traces go, nil if unset. OpenTelemetry holds the OTEL_* variables of .env, which its libraries want to
	// find in the process's environment.
	Traces        *url.URL
	OpenTelemetry map[string]string
	// AlertWebhook takes alerts, empty: none does. It is a secret: who knows it may post there.
	AlertWebhook Secret
	// AlertWaiting conversations, or one for AlertOldest, may wait before the operators are told.
	AlertWaiting int
	AlertOldest  time.Duration
}

// Secrets are all values that nobody may read: those of the secret variables, and the password in Redis's address. Other addresses have
// none.
func (c *Config) Secrets() (all []string) {
	if c.secrets != nil {
		all = slices.Clone(c.secrets())
	}
	all = append(all, c.Server.AdminToken.Reveal())
	if u, err := url.Parse(c.Redis.URL.Reveal()); err == nil {
		password, _ := u.User.Password()
		all = append(all, password)
	}
	return all
}

// Given reports whether a variable was set, in the environment or in .env, rather than left to its default.
func (c *Config) Given(name string) bool {
	return c.given[name]
}
