package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tania/internal/bot"
	"tania/internal/setting"
)

// Load reads the environment (as os.Environ gives it), the .env file at dotenvPath (a missing one, and "", is none) and
// the bot.yaml they name. The environment wins over .env; an empty variable is an unset one.
//
// The error is of type setting.Problems and holds everything that is wrong. The Config is returned with it all the same, with
// the default in place of each wrong value, so that tania doctor can check the rest.
func Load(environ []string, dotenvPath string) (*Config, error) {
	c, problems, ofBot := load(environ, dotenvPath)
	return c, append(problems, ofBot...).OrNil()
}

// LoadSettings is Load for what does not answer customers: a bot.yaml with a mistake is none of its errors, for processes go on by the
// version before.
func LoadSettings(environ []string, dotenvPath string) (*Config, error) {
	c, problems, _ := load(environ, dotenvPath)
	return c, problems.OrNil()
}

// load gives what is wrong with the settings and with the bot apart.
func load(environ []string, dotenvPath string) (c *Config, problems, ofBot setting.Problems) {
	given, problems := readSettings(environ, dotenvPath)
	c = &Config{given: map[string]bool{}}
	var secrets []string
	for _, e := range entries() {
		s, ok := given[e.Name]
		if ok {
			c.given[e.Name] = true
			if e.Secret && e.Name != "REDIS_URL" { // of an address the password alone is one
				for _, one := range append(strings.Split(s.value, ","), s.value) {
					secrets = append(secrets, strings.TrimSpace(one))
				}
			}
			if p := e.apply(c, s); p != nil {
				problems = append(problems, *p)
				ok = false
			}
		}
		if !ok && e.Default != "" {
			if err := e.set(c, e.Default); err != nil {
				panic(fmt.Sprintf("config: the default of %s: %v", e.Name, err))
			}
		}
	}
	if c.Location == nil {
		c.Location = c.Governor.Hours.Location
	}
	secrets = append(secrets, otlpSecrets(given)...)
	own := map[string]string{}
	ofTools := map[string]string{}
	for name, s := range given {
		if short, is := strings.CutPrefix(name, toolPrefix); is && short != "" {
			ofTools[short] = s.value
			secrets = append(secrets, s.value)
		}
		if holdsBotSecret(name) {
			own[name] = s.value
			secrets = append(secrets, s.value)
		}
	}
	if len(own) > 0 {
		c.botSecret = func(name string) string { return own[name] }
	}
	if len(ofTools) > 0 {
		c.toolSecrets = func() map[string]string { return ofTools }
	}
	if len(secrets) > 0 {
		c.secrets = func() []string { return secrets }
	}
	c.Watch.OpenTelemetry = openTelemetry(given)
	problems = append(problems, c.crossCheck()...)
	ofBot = append(c.loadBot(), c.loadAssigned()...)
	c.warn(given)
	return c, problems, ofBot
}

// openTelemetry gives the OTEL_* variables of .env, nil if there are none.
func openTelemetry(given map[string]givenValue) map[string]string {
	var found map[string]string
	for name, s := range given {
		if s.file && strings.HasPrefix(name, otelPrefix) {
			if found == nil {
				found = map[string]string{}
			}
			found[name] = s.value
		}
	}
	return found
}

// otlpSecrets are the values of the headers by which an OTLP receiver knows Tania: as they are written, as they are sent, and what follows
// a scheme ("Bearer", "Basic").
func otlpSecrets(given map[string]givenValue) (secrets []string) {
	for _, name := range []string{"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"} {
		for header := range strings.SplitSeq(given[name].value, ",") {
			_, written, ok := strings.Cut(header, "=")
			if !ok {
				continue
			}
			written = strings.TrimSpace(written)
			sent, err := url.PathUnescape(written)
			if err != nil {
				sent = written
			}
			secrets = append(secrets, written, sent)
			if _, credential, schemed := strings.Cut(sent, " "); schemed {
				secrets = append(secrets, strings.TrimSpace(credential))
			}
		}
	}
	return secrets
}

// Require gives the error for a command that cannot run without the named variables.
func (c *Config) Require(names ...string) error {
	var missing setting.Problems
	for _, e := range entries() {
		for _, name := range names {
			if e.Name == name && !c.Given(name) && e.Default == "" {
				missing = append(missing, setting.Problem{
					Name: name, Text: "is not set", Allowed: e.Allowed,
					Fix: "set it in the environment or in .env: " + e.Help,
				})
			}
		}
	}
	return missing.OrNil()
}

// apply sets one given value.
func (e entry) apply(c *Config, s givenValue) *setting.Problem {
	p := &setting.Problem{Name: e.Name, Value: setting.Shown(s.value, e.Secret), Allowed: e.Allowed}
	if quoted(s.value) {
		p.Text = "has quotation marks around it"
		p.Fix = fmt.Sprintf("remove the quotation marks in %s (docker's --env-file keeps them as part of the value)", s.origin)
		return p
	}
	err := e.set(c, s.value)
	if err == nil {
		return nil
	}
	p.Text = err.Error()
	if w, ok := errors.AsType[wrong](err); ok && w.fix != "" {
		p.Fix = w.fix
	} else {
		p.Fix = "correct it in " + s.origin
		if e.Default != "" {
			p.Fix += ", or remove it for the default " + e.Default
		}
	}
	return p
}

// quoted reports whether a value still carries the quotation marks of the file it was read from.
func quoted(v string) bool {
	return len(v) >= 2 && (v[0] == '"' || v[0] == '\'') && v[len(v)-1] == v[0]
}

// loadBot reads bot.yaml, or takes the built-in bot where none was asked for and none is there.
func (c *Config) loadBot() setting.Problems {
	c.Reader = &bot.Reader{}
	loaded, err := c.Reader.Load(c.BotPath)
	switch {
	case err == nil:
		c.Bot = loaded
		c.Warnings = append(c.Warnings, loaded.Warnings...)
		return nil
	case errors.Is(err, fs.ErrNotExist) && !c.Given("TANIA_BOT"):
		c.Bot, c.BuiltinBot = c.Reader.BuiltIn(os.DirFS(filepath.Dir(c.BotPath))), true
		c.Warnings = append(append(c.Warnings, c.missingBot()), c.Bot.Warnings...)
		return nil
	}
	c.Bot, c.BuiltinBot = bot.Default(), true
	if found, ok := errors.AsType[setting.Problems](err); ok {
		return found
	}
	p := setting.Problem{Name: "TANIA_BOT", Value: setting.Shown(c.BotPath, false), Text: err.Error(), Fix: "make the file readable for Tania"}
	if errors.Is(err, fs.ErrNotExist) {
		p.Text, p.Fix = "there is no such file",
			"correct the path (it is relative to the working directory), or remove TANIA_BOT for the built-in bot"
	}
	return setting.Problems{p}
}

// UseBot takes the bot from a file in fsys in the place of bot.yaml. What was to be said of that one is taken back.
func (c *Config) UseBot(fsys fs.FS, name string) error {
	loaded, err := c.Reader.LoadFS(fsys, name)
	if err != nil {
		return err
	}
	missing := c.missingBot()
	c.Warnings = slices.DeleteFunc(c.Warnings, func(w string) bool { return w == missing })
	c.Bot, c.BotPath, c.BuiltinBot, c.botFS = loaded, name, false, fsys
	return nil
}

// ReloadBot reads the bot's file as it is now.
func (c *Config) ReloadBot() (*bot.Bot, error) {
	if c.botFS != nil {
		return c.Reader.LoadFS(c.botFS, c.BotPath)
	}
	return c.Reader.Load(c.BotPath)
}

// BotFiles is where the bot's file is, and its name there. Where optional, the built-in bot serves without it.
func (c *Config) BotFiles() (fsys fs.FS, name string, optional bool) {
	if c.botFS != nil {
		return c.botFS, c.BotPath, false
	}
	dir, name := filepath.Split(c.BotPath)
	return os.DirFS(filepath.Clean(dir)), name, !c.Given("TANIA_BOT")
}

// missingBot is the warning that there is no bot.yaml.
func (c *Config) missingBot() string {
	if c.BuiltinBot && len(c.Bot.Knowledge) > 0 {
		return c.BotPath + " is not there: the built-in bot serves, which knows of your business what tania learn has read; " +
			"write one after the example in examples/bot.yaml, or set TANIA_BOT"
	}
	return c.BotPath + " is not there: the built-in bot serves, which knows nothing of your business; " +
		"write one after the example in examples/bot.yaml, or set TANIA_BOT"
}

// crossCheck finds values that are right alone and wrong together.
func (c *Config) crossCheck() setting.Problems {
	var ps setting.Problems
	if c.Queue.DebounceMax < c.Queue.Debounce {
		ps = append(ps, setting.Problem{
			Name: "QUEUE_DEBOUNCE_MAX_MS", Value: setting.Shown(fmt.Sprint(c.Queue.DebounceMax.Milliseconds()), false),
			Text:    fmt.Sprintf("is less than QUEUE_DEBOUNCE_MS (%d)", c.Queue.Debounce.Milliseconds()),
			Allowed: "QUEUE_DEBOUNCE_MS or more", Fix: "raise it, or lower QUEUE_DEBOUNCE_MS",
		})
	}
	ps = append(ps, c.OIDC.crossCheck()...)
	if h := c.Governor.Hours; h.Start == h.End {
		ps = append(ps, setting.Problem{
			Name: "GOVERNOR_SERVICE_HOURS_END", Value: setting.Shown(clockText(h.End), false),
			Text: "is the same as GOVERNOR_SERVICE_HOURS_START, which leaves no hours", Allowed: "another time than the start",
			Fix: "for the whole day set 00:00 and 24:00",
		})
	}
	if c.Handoff.Label == c.Handoff.ReturnLabel {
		ps = append(ps, setting.Problem{
			Name: "HANDOFF_LABEL", Value: setting.Shown(c.Handoff.Label, false),
			Text:    "is the same as BOT_LABEL, so that each handoff would be taken back at once",
			Allowed: "another label than BOT_LABEL", Fix: "change one of them",
		})
	}
	ps = append(ps, c.labelsApart()...)
	if c.Chatwoot.Token != "" {
		for _, s := range append([]Secret{c.Chatwoot.WebhookToken}, c.Chatwoot.WebhookSecrets...) {
			if s == c.Chatwoot.Token {
				ps = append(ps, setting.Problem{
					Name: "CHATWOOT_WEBHOOK_SECRET", Value: setting.Shown(s.Reveal(), true),
					Text: "(or CHATWOOT_WEBHOOK_TOKEN) is the same as CHATWOOT_API_ACCESS_TOKEN",
					Fix:  "a bot has two values in Chatwoot: its access token, and its webhook secret; copy the secret",
				})
				break
			}
		}
	}
	return ps
}

// warn collects what does not stop the start.
func (c *Config) warn(given map[string]givenValue) {
	c.Warnings = append(c.Warnings, unknownNames(given)...)
	c.Warnings = append(c.Warnings, c.missingToolSecrets()...)
	if c.Redis.URL != "" && c.Redis.Host != "" {
		c.Warnings = append(c.Warnings, "REDIS_URL and REDIS_HOST are both set: REDIS_URL is used; remove REDIS_HOST")
	}
	if (c.Given("REDIS_PASSWORD") || c.Given("REDIS_PORT")) && !c.Redis.Configured() {
		c.Warnings = append(c.Warnings, "REDIS_PORT and REDIS_PASSWORD have no effect without REDIS_HOST or REDIS_URL; set one of them")
	}
	if c.Model.Online() && c.Model.MonthlyBudget > 0 {
		for _, name := range append([]string{c.Model.Name}, c.Model.Fallbacks...) {
			if _, ok := c.Bot.Prices[name]; !ok {
				c.Warnings = append(c.Warnings, "LLM_MONTHLY_BUDGET_USD cannot count "+name+": bot.yaml has no price for it; add it under prices")
			}
		}
	}
	if c.Model.Online() && c.Model.Timeout > c.Worker.ProcessingTimeout {
		c.Warnings = append(c.Warnings,
			"OPENAI_TIMEOUT_MS is longer than WORKER_PROCESSING_TIMEOUT_MS: a slow model leaves no time for a second try; lower the first or raise the second")
	}
	if t := c.Server.AdminToken.Reveal(); t != "" && len(t) < 16 {
		c.Warnings = append(c.Warnings, "ADMIN_TOKEN is short enough to be guessed; make one with: openssl rand -hex 24")
	}
}

// labelsApart finds a label that would say two things.
func (c *Config) labelsApart() (ps setting.Problems) {
	taken := map[string]string{c.Handoff.Label: "HANDOFF_LABEL", c.Handoff.ReturnLabel: "BOT_LABEL"}
	for _, l := range []struct{ name, label string }{
		{"RATING_LABEL_BAD", c.Ratings.Bad},
		{"RATING_LABEL_GOOD", c.Ratings.Good},
		{"RATING_LABEL_FAQ", c.Ratings.FAQ},
		{"APPROVAL_LABEL_APPROVE", c.Approvals.Approve},
		{"APPROVAL_LABEL_REJECT", c.Approvals.Reject},
	} {
		if l.label == "" {
			continue
		}
		if other := taken[l.label]; other != "" {
			ps = append(ps, setting.Problem{
				Name: l.name, Value: setting.Shown(l.label, false), Text: "is the same as " + other, Allowed: "another label than " + other,
				Fix: "change one of them",
			})
		}
		taken[l.label] = l.name
	}
	return ps
}

// missingToolSecrets warns of secrets that tools name and nobody set: their calls are not made.
func (c *Config) missingToolSecrets() (warnings []string) {
	all := []*bot.Bot{c.Bot}
	if c.Bot == nil {
		return nil
	}
	for _, a := range c.Bot.Assignments {
		all = append(all, a.Bot)
	}
	missing := map[string]bool{}
	for _, b := range all {
		for i := range b.Tools {
			for _, name := range b.Tools[i].Secrets() {
				if _, set := c.ToolSecrets()[name]; !set {
					missing[fmt.Sprintf("the tool %s names a secret that is not set; set %s", b.Tools[i].Name, toolPrefix+name)] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(missing))
}
