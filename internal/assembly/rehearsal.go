package assembly

import (
	"cmp"
	"context"
	"log/slog"

	"tania/internal/bots"
	"tania/internal/config"
	"tania/internal/ledger"
	"tania/internal/queue"
	"tania/internal/reply"
	"tania/internal/tania"
)

// payer books what models cost that no turn asked; bot is the name of the assigned bot that had them asked, empty for the main one.
func payer(bot string, engine queue.Memory, log *slog.Logger) func(ctx context.Context, u tania.Usage) {
	return func(ctx context.Context, u tania.Usage) {
		if err := ledger.Pay(ctx, engine, bot, u); err != nil {
			log.Warn("a model call was not counted", "error", err)
		}
	}
}

// trial is the dashboard's try-out: it decides by what turns are decided by, with the cache where it is on.
type trial struct {
	settings *config.Config
	bots     *bots.Registry
	engine   queue.Memory
	// cached is nil where the cache is off.
	cached *cacheParts
	log    *slog.Logger
}

// try gives what a customer would get who wrote a text into a conversation now, from the bot that it is assigned to. In a new one the bot
// of that name answers, bot.Main or any unknown name for the main one.
func (t trial) try(ctx context.Context, key tania.ConversationKey, text, name string) (reply.Rehearsed, error) {
	by := cmp.Or(t.bots.Named(name), t.bots.Main())
	if key.Conversation != 0 {
		known, err := t.engine.Conversation(ctx, key)
		if err != nil {
			return reply.Rehearsed{}, err
		}
		by = t.bots.For(bots.Place{Account: key.Account, Inbox: known.Inbox, Channel: known.Channel, Labels: known.Labels})
	}
	r := reply.Rehearsal{
		Deps: reply.Deps{
			Bot: by.Bot, Governor: by.Governor, Dispatcher: by.Dispatcher, Scope: by.Scope, MaxAge: t.settings.Worker.ReplyMaxAge,
			Answerer: reply.Paid{Answerer: by.Answerer, Pay: payer(by.Name, t.engine, t.log)}, Log: t.log,
		},
		Timeout: t.settings.Worker.ProcessingTimeout, Memory: t.engine, Chatwoot: by.Chatwoot,
		Inbox: func() tania.InboxID { return t.inbox(by) },
	}
	if by.Governor.BotUser != 0 {
		r.Past = reply.ChatwootPast{Chatwoot: by.Chatwoot, BotUser: by.Governor.BotUser}
	}
	if t.cached != nil {
		r.Cached = t.cached.cache
	}
	if key.Conversation == 0 {
		key.Account = cmp.Or(by.When.Account, key.Account)
	}
	given, err := r.Try(ctx, key, text)
	given.Record.Bot, given.Record.BotVersion = by.Name, by.Version
	return given, err
}

// inbox is where somebody writes to a bot who has no conversation yet: the first that it serves, or the one with the most cached answers.
func (t trial) inbox(by *bots.Runtime) tania.InboxID {
	if served := by.Governor.Inboxes; len(served) > 0 {
		return served[0]
	}
	if t.cached != nil {
		for _, s := range t.cached.cache.Scopes() {
			return s.Inbox
		}
	}
	return 0
}
