package assembly

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/answer/offline"
	"tania/internal/bot"
	"tania/internal/bots"
	"tania/internal/bots/meaning"
	"tania/internal/bots/sources"
	"tania/internal/bots/versions"
	"tania/internal/chatwoot"
	"tania/internal/config"
	"tania/internal/dispatcher"
	"tania/internal/governor"
	"tania/internal/handoff"
	"tania/internal/knowledge/source/fetch"
	"tania/internal/queue"
	"tania/internal/tania"
)

// maker makes the runtimes of a bot's versions: what they share is made once.
type maker struct {
	settings *config.Config
	// engine is nil where nobody is handed over.
	engine queue.Engine
	// main is who the main bot is in Chatwoot; connect gives who a bot with another token is, and is nil where nobody is handed over.
	main    account
	connect func(*config.Config) account
	// model answers; nil: what bot.yaml says alone does. connectModel makes that of an assigned bot; nil: all have the main one's.
	model        *llm.OpenAI
	connectModel func(c *config.Config, bot string) *llm.OpenAI
	// guard is put around what answers; nil: nothing is. A model on a server of its own is guarded by itself.
	guard func(r llm.Responder, ownServer bool) llm.Responder

	// vectors are the process's, nil where nothing makes any.
	vectors *meaning.Vectors
	// libraries have what bots know where that is much; nil: all is in memory.
	libraries *libraries
	// known are those of assigned bots: a new version seldom changes them.
	known *known
	// shared reports whether other machines use the store too.
	shared bool
}

// known are what assigned bots have of their own, once it was made.
type known struct {
	mu       sync.Mutex
	accounts map[config.Secret]account
	models   map[string]ownModel
}

// ownModel is an assigned bot's model, and the settings that it was made by.
type ownModel struct {
	settings *config.Config
	model    *llm.OpenAI
}

// account is a token of Chatwoot's, and whose it is.
type account struct {
	client *chatwoot.Client
	// user is the user behind the token, 0 for an agent bot's, which self is then.
	user tania.UserID
	self *governor.Self
}

// runtimes makes the runtimes of a version: the main bot's, and those of the bots that are assigned to places.
func (m maker) runtimes(b *bot.Bot, version int) (main *bots.Runtime, assigned []*bots.Runtime, err error) {
	c := m.settings
	settings, err := c.Assigned(b)
	if err != nil {
		return nil, nil, err
	}
	main = m.runtime(c, b, "", version, m.main, m.model, false)
	for i, own := range settings {
		a := &b.Assignments[i]
		r := m.runtime(own, a.Bot, a.Name, version, m.accountOf(own), m.modelOf(own, a), !own.SameServer(c))
		r.When = a.When
		if own.Cache.Enabled {
			r.Scope = newScoper(own, a.Bot, a.Name, m.vectors).of
		}
		assigned = append(assigned, r)
	}
	return main, assigned, nil
}

// runtime makes one bot's; name is empty for the main bot.
func (m maker) runtime(
	c *config.Config, b *bot.Bot, name string, version int, as account, model *llm.OpenAI, ownServer bool,
) *bots.Runtime {
	o := answer.Options{
		Bot: b, Index: m.libraries.index(b, name), Translates: c.Model.Online(), Location: c.Location, ContextTokens: c.Model.Context,
	}
	// A bot with a server of its own tells nothing to the main bot's, unless the operator says that vectors are made there.
	meant := m.vectors != nil && !(ownServer && c.Vectors.From.Auto)
	if meant {
		o.Meaning = m.vectors.Vector
	}
	if model != nil {
		o.Responder, o.Context = hiding(model, m.settings.Model.Hidden), model.Context
	} else {
		o.Responder = offline.New(offline.Options{Bot: b, Index: o.Index, Meaning: o.Meaning})
	}
	if m.guard != nil {
		o.Responder = m.guard(o.Responder, ownServer)
	}
	r := &bots.Runtime{
		Name: name, Version: version, Bot: b, Governor: newGovernor(c, as.user, as.self), Dispatcher: newDispatcher(b), Answerer: answer.New(o),
		Meant: meant, Location: c.Location,
	}
	if c.Cache.Enabled {
		r.Scope = newScoper(c, b, "", m.vectors).of
	}
	if as.client != nil {
		r.Chatwoot = as.client
		r.Handoff = handoff.New(handoff.Options{
			Chatwoot: as.client, Memory: m.engine, Teams: c.Handoff.Teams, Team: c.Handoff.Team, Label: c.Handoff.Label, Bot: b,
		})
	}
	return r
}

// accountOf is who a bot is in Chatwoot: Chatwoot is asked once for each token.
func (m maker) accountOf(c *config.Config) account {
	if m.connect == nil || c.Chatwoot.Token == m.settings.Chatwoot.Token {
		return m.main
	}
	m.known.mu.Lock()
	defer m.known.mu.Unlock()
	as, ok := m.known.accounts[c.Chatwoot.Token]
	if !ok {
		as = m.connect(c)
		m.known.accounts[c.Chatwoot.Token] = as
	}
	return as
}

// modelOf is the model of an assigned bot.
func (m maker) modelOf(c *config.Config, a *bot.Assignment) *llm.OpenAI {
	switch {
	case !c.Model.Online():
		return nil
	case !c.OwnModel(m.settings) || m.connectModel == nil:
		return m.model
	}
	m.known.mu.Lock()
	defer m.known.mu.Unlock()
	own, ok := m.known.models[a.Name]
	if !ok || c.OwnModel(own.settings) {
		own = ownModel{c, m.connectModel(c, a.Name)}
		m.known.models[a.Name] = own
	}
	own.model.UsePrices(c.Bot.Prices)
	return own.model
}

// follower has a registry follow the versions that are published in a store, and publishes those of the bot's files.
func (m maker) follower(registry *bots.Registry, store queue.Bots, log *slog.Logger) *versions.Follower {
	f := &versions.Follower{Store: store, Log: log, Dir: filepath.Dir(m.settings.BotPath), Shared: m.shared}
	f.Source = BotFiles(m.settings)
	f.Adopt = func(b *bot.Bot, number int) {
		before := registry.Main().Bot
		main, assigned, err := m.runtimes(b, number)
		if err != nil {
			log.Error("a version of the bot cannot answer here, and the one before goes on", "version", number, "error", err)
			return
		}
		registry.Publish(main, assigned...)
		m.vectors.Changed()
		if m.model != nil {
			m.model.UsePrices(b.Prices)
		}
		if b.Version == before.Version {
			return // what is strange in it was said before
		}
		for _, w := range b.Warnings {
			log.Warn(w)
		}
	}
	return f
}

// newSources reads the sources of the bot that answers, for all processes.
func newSources(
	c *config.Config, board queue.Board, registry *bots.Registry, follower *versions.Follower, w watch, log *slog.Logger,
) *sources.Reader {
	return &sources.Reader{
		Board: board, Process: w.process, Dir: follower.Dir, Now: time.Now, Log: log,
		Wanted:  func() []bot.Source { return registry.Main().Bot.Sources },
		Fetch:   fetch.Options{UserAgent: "Tania/" + w.version, Private: []string{c.Chatwoot.BaseURL.Host}},
		Restore: follower.BringLearned,
		Publish: func(ctx context.Context, why string) error {
			_, err := follower.ReloadAs(ctx, versions.FromSources, why)
			return err
		},
	}
}

// BotFiles are the bot's files, with what makes them wrong for these settings.
func BotFiles(c *config.Config) (s versions.Source) {
	s.FS, s.Name, s.Optional = c.BotFiles()
	s.Reader = c.Reader
	s.Check = func(b *bot.Bot) error {
		_, err := c.Assigned(b)
		return err
	}
	return s
}

func newDispatcher(bot *bot.Bot) *dispatcher.Dispatcher {
	o := dispatcher.Options{Handoff: bot.HandoffWords, Frustration: bot.FrustrationWords, Sensitive: bot.Sensitive}
	for _, f := range bot.FAQ {
		o.FAQ = append(o.FAQ, dispatcher.FAQ{ID: f.ID, Keywords: f.Keywords, About: f.Texts()})
	}
	return dispatcher.New(o)
}
