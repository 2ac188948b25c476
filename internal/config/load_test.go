package config

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/pii"
	"tania/internal/setting"
	"tania/internal/tania"
)

// write puts a file into a fresh directory and gives its path.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func mustLoad(t *testing.T, environ ...string) *Config {
	t.Helper()
	t.Chdir(t.TempDir())
	c, err := Load(environ, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// numbers are the cards, accounts and documents that models do not get to see by default.
var numbers = pii.SetOf(pii.Kinds...) &^ pii.SetOf(pii.Email, pii.Phone, pii.Address)

func TestAnEmptyEnvironmentGivesTheDefaults(t *testing.T) {
	c := mustLoad(t)
	got := *c
	got.Bot, got.Warnings, got.given, got.Governor.Hours.Location, got.Location = nil, nil, nil, nil, nil
	want := Config{
		Server: Server{Port: 8787, AsyncWebhook: true},
		OIDC:   OIDC{GroupsClaim: "groups", Scopes: []string{"openid", "email", "profile"}},
		Governor: Governor{
			ReplyStatuses: []tania.Status{tania.StatusPending}, HumanGating: true, HumanTimeout: 5 * time.Minute,
			RateLimit: true, MessagesPerMinute: 10, MaxLength: true, MaxChars: 4000, Blocklist: true,
			OptOut: []tania.Channel{tania.ChannelSMS, tania.ChannelWhatsApp}, LoopReplies: 3,
			Hours: Hours{Start: 9 * time.Hour, End: 18 * time.Hour, Days: [7]bool{false, true, true, true, true, true, false}},
		},
		Handoff:   Handoff{Label: "handoff", ReturnLabel: "bot"},
		Approvals: Approvals{Approve: "tania-approve", Reject: "tania-reject", Patience: 15 * time.Minute},
		Queue: Queue{
			Name: "tania-messages", MaxRetries: 3, RetryDelay: time.Second, Debounce: 1500 * time.Millisecond,
			DebounceMax: 8 * time.Second, Lease: 15 * time.Second, Partitions: 1,
		},
		Worker: Worker{
			Typing: true, TypingInterval: 3 * time.Second, ProcessingTimeout: 45 * time.Second, RestartOnNew: true, ThinkAhead: true,
			ReplyMaxAge: time.Hour,
		},
		Tools: Tools{Calls: 8, Tokens: 60_000},
		Model: Model{
			Name: "gpt-6-luna", Timeout: 20 * time.Second, Patience: time.Minute, MaxTokens: 2000, Context: 10_000, Hidden: numbers,
		},
		Vectors: Vectors{From: VectorSource{Auto: true}, Patience: 400 * time.Millisecond},
		Media:   Media{Speech: Beside{Timeout: 30 * time.Second}, Vision: Beside{Timeout: 30 * time.Second}, Documents: true},
		Redis:   Redis{Port: 6379},
		Cache: Cache{
			Enabled: true, FAQLife: 24 * time.Hour, GeneralLife: 4 * time.Hour, TransientLife: 30 * time.Minute, MaxEntries: 5000,
			MaxFalseHits: 0.01, Patience: 20 * time.Millisecond,
		},
		Watch:   Watch{AlertWaiting: 100, AlertOldest: 2 * time.Minute},
		DataDir: "./data", BotPath: "bot.yaml", BuiltinBot: true, Retention: 30 * 24 * time.Hour, DeadTurnAlert: 10,
		LogLevel: slog.LevelInfo, LogFormat: "text",
	}
	if got.Reader == nil {
		t.Error("the bot's files are read whole each time")
	}
	got.Reader = nil
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Config{})); diff != "" {
		t.Error(diff)
	}
	if c.Bot.Greeting.In(tania.Portuguese, "") == "" || c.Governor.Hours.Location != time.UTC {
		t.Errorf("bot %+v, location %v", c.Bot, c.Governor.Hours.Location)
	}
	if c.Model.Online() || c.Redis.Configured() {
		t.Error("a model or a Redis is configured without one being set")
	}
}

func TestEveryVariableReachesItsPlace(t *testing.T) {
	c := mustLoad(
		t, "PORT=0", "HOST=127.0.0.1", "USE_ASYNC_WEBHOOK=false", "ADMIN_TOKEN=0123456789abcdef", "LOG_LEVEL=WARN", "LOG_FORMAT=json",
		"CHATWOOT_BASE_URL=https://chat.example.com/", "CHATWOOT_ACCOUNT_ID=3", "CHATWOOT_API_ACCESS_TOKEN=tok",
		"CHATWOOT_WEBHOOK_SECRET=one, two,one", "CHATWOOT_WEBHOOK_TOKEN=hook", "CHATWOOT_INBOX_ALLOWLIST=11, 12",
		`CHATWOOT_INBOX_TO_TEAM={"11":4,"12":5}`, "BOT_REPLY_STATUSES=pending,Open", "BOT_AGENT_TIMEOUT_MINUTES=15",
		"GOVERNOR_GROUPS=*@G.us,120363041234567890@g.us", "GOVERNOR_OPT_OUT_CHANNELS=none", "GOVERNOR_LOOP_REPLIES=0",
		"GOVERNOR_BLOCKED_CONTACTS=42, +52 (55) 5555-0142 ,Ana@Example.com,*@g.us,+52 155*",
		"GOVERNOR_SERVICE_HOURS_TIMEZONE=America/Mexico_City",
		"GOVERNOR_SERVICE_HOURS_START=22:00", "GOVERNOR_SERVICE_HOURS_END=6:30", "GOVERNOR_SERVICE_HOURS_DAYS=fri-mon",
		"GOVERNOR_SERVICE_HOURS_HOLIDAYS=2026-12-24,01-01,02-29", "WORKER_ON_NEW_MESSAGE=finish", "WORKER_THINK_AHEAD=false",
		"LLM_MONTHLY_BUDGET_USD=12.50",
		"OPENAI_BASE_URL=http://127.0.0.1:11434/v1/", "OPENAI_FALLBACK_MODELS=a,b", "RETENTION_DAYS=7", "QUEUE_DEBOUNCE_MS=0",
	)
	for _, x := range []struct {
		name      string
		want, got any
	}{
		{"PORT", 0, c.Server.Port},
		{"HOST", "127.0.0.1", c.Server.Host},
		{"USE_ASYNC_WEBHOOK", false, c.Server.AsyncWebhook},
		{"ADMIN_TOKEN", "0123456789abcdef", c.Server.AdminToken.Reveal()},
		{"LOG_LEVEL", slog.LevelWarn, c.LogLevel},
		{"CHATWOOT_BASE_URL without its last slash", "https://chat.example.com", c.Chatwoot.BaseURL.String()},
		{"CHATWOOT_ACCOUNT_ID", tania.AccountID(3), c.Chatwoot.Account},
		{"CHATWOOT_WEBHOOK_SECRET once each", 2, len(c.Chatwoot.WebhookSecrets)},
		{"CHATWOOT_WEBHOOK_SECRET", "two", c.Chatwoot.WebhookSecrets[1].Reveal()},
		{"CHATWOOT_INBOX_ALLOWLIST", []tania.InboxID{11, 12}, c.Governor.Inboxes},
		{"CHATWOOT_INBOX_TO_TEAM", map[tania.InboxID]tania.TeamID{11: 4, 12: 5}, c.Handoff.Teams},
		{"BOT_REPLY_STATUSES", []tania.Status{"pending", "open"}, c.Governor.ReplyStatuses},
		{"BOT_AGENT_TIMEOUT_MINUTES", 15 * time.Minute, c.Governor.HumanTimeout},
		{"GOVERNOR_BLOCKED_CONTACTS", []string{"42", "+525555550142", "ana@example.com", "*@g.us", "+52155*"}, c.Governor.Blocked},
		{"GOVERNOR_GROUPS", []string{"*@g.us", "120363041234567890@g.us"}, c.Governor.Groups},
		{"GOVERNOR_OPT_OUT_CHANNELS", 0, len(c.Governor.OptOut)},
		{"GOVERNOR_LOOP_REPLIES", 0, c.Governor.LoopReplies},
		{"GOVERNOR_SERVICE_HOURS_TIMEZONE", "America/Mexico_City", c.Governor.Hours.Location.String()},
		{"GOVERNOR_SERVICE_HOURS_END", 6*time.Hour + 30*time.Minute, c.Governor.Hours.End},
		{"GOVERNOR_SERVICE_HOURS_DAYS", [7]bool{true, true, false, false, false, true, true}, c.Governor.Hours.Days},
		{"GOVERNOR_SERVICE_HOURS_HOLIDAYS", []Holiday{{2026, 12, 24}, {0, 1, 1}, {0, 2, 29}}, c.Governor.Hours.Holidays},
		{"WORKER_ON_NEW_MESSAGE", false, c.Worker.RestartOnNew},
		{"WORKER_THINK_AHEAD", false, c.Worker.ThinkAhead},
		{"LLM_MONTHLY_BUDGET_USD in micro-USD", int64(12_500_000), c.Model.MonthlyBudget},
		{"OPENAI_BASE_URL", "http://127.0.0.1:11434/v1", c.Model.BaseURL.String()},
		{"OPENAI_FALLBACK_MODELS", []string{"a", "b"}, c.Model.Fallbacks},
		{"RETENTION_DAYS", 7 * 24 * time.Hour, c.Retention},
		{"QUEUE_DEBOUNCE_MS", time.Duration(0), c.Queue.Debounce},
		{"a model without a key is online", true, c.Model.Online()},
	} {
		if diff := cmp.Diff(x.want, x.got); diff != "" {
			t.Errorf("%s: %s", x.name, diff)
		}
	}
}

func TestAWrongValueIsNamedWithWhatIsAllowedAndTheMend(t *testing.T) {
	for _, x := range []struct {
		setting string
		want    []string
	}{
		{"PORT=80a", []string{`PORT="80a"`, "not a whole number", "from 0 to 65535", "the environment", "default 8787"}},
		{"PORT=65536", []string{"too large"}},
		{"PORT=-1", []string{"too small"}},
		{"PORT=99999999999999999999", []string{"out of range"}},
		{`PORT="8787"`, []string{"quotation marks", "--env-file"}},
		{"WORKER_TYPING_ENABLED=si", []string{"neither true nor false"}},
		{"QUEUE_DEBOUNCE_MS=1.5s", []string{"has a unit", "milliseconds: 1500"}},
		{"QUEUE_DEBOUNCE_MAX_MS=100", []string{`"100"`, "less than QUEUE_DEBOUNCE_MS (1500)"}},
		{"BOT_AGENT_TIMEOUT_MINUTES=0", []string{"too small", "minutes, from 1"}},
		{"LOG_LEVEL=loud", []string{"debug or info"}},
		{"CHATWOOT_ACCOUNT_ID=9007199254740993", []string{"too large"}},
		{"CHATWOOT_ACCOUNT_ID=main", []string{"not a whole number"}},
		{"CHATWOOT_BASE_URL=chat.example.com", []string{"does not begin with https://", "begin it with https://"}},
		{"OPENAI_BASE_URL=localhost:11434/v1", []string{"begin it with http://"}},
		{"OPENAI_BASE_URL=192.168.1.5:8000/v1", []string{"begin it with http://"}},
		{"OPENAI_BASE_URL=ollama:11434/v1", []string{"begin it with http://"}},
		{"EMBEDDINGS=localhost:8080/v1", []string{"begin it with http://"}},
		{"EMBEDDINGS=embeddings.example.com/v1", []string{"begin it with https://"}},
		{"OPENAI_BASE_URL=ftp://example.com", []string{"begin it with https://"}},
		{"CHATWOOT_BASE_URL=https:///x", []string{"no host"}},
		{"CHATWOOT_BASE_URL=https://chat.example.com/app/accounts/3/dashboard", []string{"give the address alone: https://chat.example.com"}},
		{"CHATWOOT_BASE_URL=https://chat.example.com/api/v1", []string{"give the address alone"}},
		{"OPENAI_BASE_URL=http://localhost/v1/chat/completions", []string{"end it before /chat/completions: http://localhost/v1"}},
		{"CHATWOOT_INBOX_TO_TEAM={11:4}", []string{"not such a JSON object"}},
		{`CHATWOOT_INBOX_TO_TEAM={"web":4}`, []string{`"web": "4"`}},
		{`CHATWOOT_INBOX_TO_TEAM={"1":"sales"}`, []string{"not such a JSON object"}},
		{"CHATWOOT_INBOX_ALLOWLIST=1,web", []string{`"web" in the list is not a whole number`}},
		{"CHATWOOT_INBOX_ALLOWLIST=,", []string{"empty list"}},
		{"BOT_REPLY_STATUSES=pending,opne", []string{`"opne"`}},
		{"GOVERNOR_BLOCKED_CONTACTS=5215512345678", []string{"+5215512345678"}},
		{"GOVERNOR_BLOCKED_CONTACTS=juan", []string{"neither an id, a phone nor an e-mail"}},
		{"GOVERNOR_BLOCKED_CONTACTS=+12", []string{"6 to 15 digits"}},
		{"GOVERNOR_BLOCKED_CONTACTS=@g.us", []string{"matches nothing", "*@g.us"}},
		{"GOVERNOR_BLOCKED_CONTACTS=ana@", []string{"not an e-mail"}},
		{"GOVERNOR_BLOCKED_CONTACTS=ana@x@y", []string{"not an e-mail"}},
		{"GOVERNOR_BLOCKED_CONTACTS=*", []string{"everybody"}},
		{`GOVERNOR_BLOCKED_CONTACTS=.*@g\.us$`, []string{"regular expression", "*@g.us"}},
		{"GOVERNOR_BLOCKED_CONTACTS=5215*", []string{"matches nothing", "+"}},
		{"GOVERNOR_GROUPS=Familia", []string{"matches no group", "*@g.us"}},
		{"GOVERNOR_GROUPS=@g.us", []string{"matches no group"}},
		{"GOVERNOR_GROUPS=*@s.whatsapp.net", []string{"matches no group"}},
		{"GOVERNOR_OPT_OUT_CHANNELS=telegram", []string{"telegram"}},
		{"GOVERNOR_BLOCKED_CONTACTS=0", []string{"not an id"}},
		{"GOVERNOR_SERVICE_HOURS_TIMEZONE=Mexico", []string{"not a known time zone", "America/Mexico_City"}},
		{"GOVERNOR_SERVICE_HOURS_TIMEZONE=Local", []string{"depends on the machine"}},
		{"GOVERNOR_SERVICE_HOURS_START=24:01", []string{"not a time of day"}},
		{"GOVERNOR_SERVICE_HOURS_START=9", []string{"not a time of day"}},
		{"GOVERNOR_SERVICE_HOURS_END=09:00", []string{"leaves no hours", "00:00 and 24:00"}},
		{"GOVERNOR_SERVICE_HOURS_DAYS=mon-xyz", []string{`"mon-xyz"`}},
		{"GOVERNOR_SERVICE_HOURS_DAYS=0-5", []string{"1 is Monday"}},
		{"GOVERNOR_SERVICE_HOURS_HOLIDAYS=2026-02-29", []string{"not a date"}},
		{"HANDOFF_LABEL=With Space", []string{`has "W"`}},
		{"HANDOFF_LABEL=bot", []string{"same as BOT_LABEL"}},
		{"HANDOFF_LABEL=tania-approve", []string{"is the same as HANDOFF_LABEL"}},
		{"APPROVAL_PATIENCE=15", []string{"is no time with its unit", "write 15m"}},
		{"APPROVAL_PATIENCE=0s", []string{"APPROVAL_PATIENCE"}},
		{"LLM_MONTHLY_BUDGET_USD=NaN", []string{"not an amount"}},
		{"LLM_MONTHLY_BUDGET_USD=-1", []string{"too small"}},
		{"OPENAI_MODEL=gpt 6", []string{"has a space"}},
		{"REDIS_PORT=tcp://10.0.0.1:6379", []string{"Kubernetes", "enableServiceLinks"}},
		{"TANIA_BOT=nowhere.yaml", []string{`TANIA_BOT="nowhere.yaml"`, "no such file"}},
	} {
		t.Run(x.setting, func(t *testing.T) {
			t.Chdir(t.TempDir())
			_, err := Load([]string{x.setting}, "")
			problems, ok := errors.AsType[setting.Problems](err)
			if !ok || len(problems) != 1 {
				t.Fatalf("want one problem, got %v", err)
			}
			for _, part := range append(x.want, "fix: ") {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%v: want %q in it", err, part)
				}
			}
		})
	}
}

func TestAllWrongValuesAreToldTogetherAndTheRestIsKept(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := Load([]string{"PORT=x", "QUEUE_MAX_RETRIES=x", "WORKER_CONCURRENCY=7", "LOG_FORMAT=xml"}, "")
	problems, _ := errors.AsType[setting.Problems](err)
	var names []string
	for _, p := range problems {
		names = append(names, p.Name)
	}
	if diff := cmp.Diff([]string{"PORT", "LOG_FORMAT", "QUEUE_MAX_RETRIES"}, names); diff != "" {
		t.Error(diff)
	}
	if c.Server.Port != 8787 || c.Worker.Concurrency != 7 || c.Bot == nil {
		t.Errorf("port %d, concurrency %d, bot %v", c.Server.Port, c.Worker.Concurrency, c.Bot)
	}
	if !strings.HasPrefix(err.Error(), "config: 3 problems:\n  - PORT=") {
		t.Errorf("%v", err)
	}
}

func TestRequireNamesWhatIsMissing(t *testing.T) {
	c := mustLoad(t, "CHATWOOT_BASE_URL=http://localhost:3000")
	if err := c.Require("CHATWOOT_BASE_URL", "PORT"); err != nil {
		t.Error(err)
	}
	err := c.Require("CHATWOOT_BASE_URL", "CHATWOOT_API_ACCESS_TOKEN")
	if err == nil || !strings.Contains(err.Error(), "CHATWOOT_API_ACCESS_TOKEN: is not set") {
		t.Errorf("%v", err)
	}
}

func TestEveryDefaultIsValidAndEveryNameUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range entries() {
		if seen[e.Name] {
			t.Errorf("%s is there twice", e.Name)
		}
		seen[e.Name] = true
		if e.Help == "" || e.Allowed == "" || e.Section == "" {
			t.Errorf("%s is not described: %+v", e.Name, e.Variable)
		}
		if err := e.set(&Config{}, e.Default); e.Default != "" && err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
	}
}

func TestASignInByAProviderNeedsWhatGoesWithIt(t *testing.T) {
	t.Chdir(t.TempDir())
	set := []string{
		"OIDC_ISSUER=https://login.example.com/", "OIDC_CLIENT_ID=tania", "OIDC_REDIRECT_URL=https://tania.example.com/sign-in/oidc/callback",
		"OIDC_ROLES=ana@example.com=operator, @example.com=viewer",
	}
	c := mustLoad(t, set...)
	if o := c.OIDC; o.Issuer != "https://login.example.com/" || o.Redirect.Path != "/sign-in/oidc/callback" || len(o.Roles) != 2 ||
		o.Roles[0].To != "ana@example.com" || o.Roles[0].Role != tania.Operator {
		t.Errorf("%+v", o)
	}
	for i := 1; i < len(set); i++ {
		name, _, _ := strings.Cut(set[i], "=")
		if _, err := Load(slices.Delete(slices.Clone(set), i, i+1), ""); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	for _, wrong := range []string{"OIDC_ROLES=a=admin", "OIDC_REDIRECT_URL=https://tania.example.com/", "OIDC_ISSUER=login.example.com"} {
		if _, err := Load([]string{wrong}, ""); err == nil {
			t.Errorf("%s is taken", wrong)
		}
	}
}
