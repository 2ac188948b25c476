package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tania/internal/bot"
	"tania/internal/setting"
)

// Prefixes of the variables that hold what assigned bots need of their own, CHATWOOT_API_ACCESS_TOKEN_SUPPORT for example. bot.yaml may
// name these alone: it cannot have any other secret sent somewhere.
const (
	tokenPrefix = "CHATWOOT_API_ACCESS_TOKEN_"
	keyPrefix   = "OPENAI_API_KEY_"
	// toolPrefix begins those that headers of tools name.
	toolPrefix = "TOOL_SECRET_"
)

// perBot are the variables, by the beginnings of their names, that an assigned bot may have other values of.
var perBot = []string{
	"GOVERNOR_", "BOT_", "HANDOFF_LABEL", "OPENAI_BASE_URL", "OPENAI_MODEL", "OPENAI_FALLBACK_MODELS", "OPENAI_TIMEOUT_MS",
	"OPENAI_MAX_TOKENS", "OPENAI_CONTEXT_TOKENS", "LLM_MONTHLY_BUDGET_USD",
}

func isPerBot(name string) bool {
	return slices.ContainsFunc(perBot, func(p string) bool { return strings.HasPrefix(name, p) })
}

// holdsBotSecret reports whether a variable is one that a bot may be given its credentials by.
func holdsBotSecret(name string) bool {
	return strings.HasPrefix(name, tokenPrefix) || strings.HasPrefix(name, keyPrefix)
}

// Assigned gives the settings of each bot that b assigns to places, in their order. The error is of type setting.Problems.
func (c *Config) Assigned(b *bot.Bot) ([]*Config, error) {
	var all []*Config
	var problems setting.Problems
	for i := range b.Assignments {
		one, more := c.assigned(&b.Assignments[i])
		all, problems = append(all, one), append(problems, more...)
	}
	return all, problems.OrNil()
}

// OwnModel reports whether a bot's model is not the main bot's.
func (c *Config) OwnModel(main *Config) bool {
	a, b := c.Model, main.Model
	return !c.SameServer(main) || a.Name != b.Name || !slices.Equal(a.Fallbacks, b.Fallbacks) || a.Timeout != b.Timeout ||
		a.MaxTokens != b.MaxTokens || a.MonthlyBudget != b.MonthlyBudget
}

// SameServer reports whether a bot's model is on the main bot's server, by the same key.
func (c *Config) SameServer(main *Config) bool {
	return c.Model.Key == main.Model.Key && fmt.Sprint(c.Model.BaseURL) == fmt.Sprint(main.Model.BaseURL)
}

// assigned is a copy of the settings with what an assignment changes.
func (c *Config) assigned(a *bot.Assignment) (*Config, setting.Problems) {
	own := *c
	own.Bot = a.Bot
	own.Chatwoot.Account = cmp.Or(a.When.Account, c.Chatwoot.Account)
	// What is assigned is served, whatever the main bot's inboxes are; of an account without a list, all are.
	switch {
	case len(a.When.Inboxes) > 0:
		own.Governor.Inboxes = a.When.Inboxes
	case a.When.Account != 0 && a.When.Account != c.Chatwoot.Account:
		own.Governor.Inboxes = nil
	}
	if a.Team != 0 {
		own.Handoff.Teams, own.Handoff.Team = nil, a.Team
	}
	ps := own.override(a)
	ps = append(ps, own.credential(a, "token_from", a.TokenFrom, tokenPrefix, &own.Chatwoot.Token)...)
	if _, moved := a.Settings["OPENAI_BASE_URL"]; moved {
		own.Model.Key = "" // which is for another server
	}
	ps = append(ps, own.credential(a, "key_from", a.KeyFrom, keyPrefix, &own.Model.Key)...)
	for _, p := range own.crossCheck() {
		if _, here := a.Settings[p.Name]; here {
			ps = append(ps, a.Problem("settings."+p.Name, p.Text, p.Fix))
		}
	}
	return &own, ps
}

// override sets the values that an assignment gives to variables.
func (c *Config) override(a *bot.Assignment) (ps setting.Problems) {
	var names []string
	for _, e := range entries() {
		if !isPerBot(e.Name) {
			continue
		}
		names = append(names, e.Name)
		value, given := a.Settings[e.Name]
		if !given {
			continue
		}
		if err := e.set(c, value); err != nil {
			p := a.Problem("settings."+e.Name, err.Error(), "write "+e.Allowed)
			p.Value = setting.Shown(value, false)
			ps = append(ps, p)
		}
	}
	for name := range a.Settings {
		if slices.Contains(names, name) {
			continue
		}
		fix := "remove it; the guide lists the variables that each bot may have its own values of"
		if meant := setting.Nearest(name, names); meant != "" {
			fix = fmt.Sprintf("did you mean %s?", meant)
		}
		ps = append(ps, a.Problem("settings."+name, "is not a variable that a bot has its own value of", fix))
	}
	slices.SortFunc(ps, func(x, y setting.Problem) int { return strings.Compare(x.Text, y.Text) })
	if _, zoned := a.Settings["GOVERNOR_SERVICE_HOURS_TIMEZONE"]; zoned && a.Settings["BOT_TIMEZONE"] == "" && !c.Given("BOT_TIMEZONE") {
		c.Location = c.Governor.Hours.Location
	}
	return ps
}

// credential reads a secret from the variable that an assignment names.
func (c *Config) credential(a *bot.Assignment, key, name, prefix string, into *Secret) setting.Problems {
	if name == "" {
		return nil
	}
	if !strings.HasPrefix(name, prefix) || name == prefix {
		return setting.Problems{a.Problem(key, "names no variable for it",
			"name one that begins with "+prefix+", and set it in the environment or in .env")}
	}
	value := ""
	if c.botSecret != nil {
		value = c.botSecret(name)
	}
	if value == "" {
		return setting.Problems{a.Problem(key, "names "+name+", which is not set", "set it in the environment or in .env of every process")}
	}
	*into = Secret(value)
	return nil
}

// loadAssigned checks the bots that are assigned to places.
func (c *Config) loadAssigned() setting.Problems {
	_, err := c.Assigned(c.Bot)
	problems, _ := err.(setting.Problems) //nolint:errorlint // it is of no other type
	return problems
}
