package assembly

import (
	"log/slog"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/answer/offline"
	"tania/internal/bot"
	"tania/internal/bots"
	"tania/internal/bots/versions"
	"tania/internal/chatwoot"
	"tania/internal/config"
	"tania/internal/dispatcher"
	"tania/internal/governor"
	"tania/internal/handoff"
	"tania/internal/queue"
)

// maker makes the runtimes of a bot's versions: what they share is made once.
type maker struct {
	settings *config.Config
	// engine and client are nil where nobody is handed over.
	engine   queue.Engine
	client   *chatwoot.Client
	governor *governor.Governor
	// model answers; nil: what bot.yaml says alone does.
	model *llm.OpenAI
	// guard is put around what answers; nil: nothing is.
	guard func(llm.Responder) llm.Responder
}

// runtime makes a version's runtime.
func (m maker) runtime(b *bot.Bot, version int) *bots.Runtime {
	c := m.settings
	var responder llm.Responder = m.model
	if m.model == nil {
		responder = offline.New(offline.Options{Bot: b})
	}
	if m.guard != nil {
		responder = m.guard(responder)
	}
	r := &bots.Runtime{
		Version: version, Bot: b, Governor: m.governor, Dispatcher: newDispatcher(b),
		Answerer: answer.New(answer.Options{Bot: b, Responder: responder, Translates: c.Model.Online(), Location: c.Location}),
	}
	if c.Cache.Enabled {
		r.Scope = newScoper(c, b).of
	}
	if m.client != nil {
		r.Handoff = handoff.New(handoff.Options{
			Chatwoot: m.client, Memory: m.engine, Teams: c.Handoff.Teams, Label: c.Handoff.Label, Bot: b,
		})
	}
	return r
}

// follower has a registry follow the versions that are published in a store, and publishes those of the bot's files.
func (m maker) follower(registry *bots.Registry, store queue.Bots, log *slog.Logger) *versions.Follower {
	f := &versions.Follower{Store: store, Log: log}
	f.Source.FS, f.Source.Name, f.Source.Optional = m.settings.BotFiles()
	f.Adopt = func(b *bot.Bot, number int) {
		before := registry.For(m.settings.Chatwoot.Account, 0).Bot
		registry.Publish(m.runtime(b, number))
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

func newDispatcher(bot *bot.Bot) *dispatcher.Dispatcher {
	o := dispatcher.Options{Handoff: bot.HandoffWords, Frustration: bot.FrustrationWords, Sensitive: bot.Sensitive}
	for _, f := range bot.FAQ {
		o.FAQ = append(o.FAQ, dispatcher.FAQ{ID: f.ID, Keywords: f.Keywords, About: f.Texts()})
	}
	return dispatcher.New(o)
}
