package assembly

import (
	"context"
	"log/slog"

	"tania/internal/bots"
	"tania/internal/chatwoot"
	"tania/internal/config"
	"tania/internal/ledger"
	"tania/internal/queue"
	"tania/internal/reply"
	"tania/internal/tania"
)

// payer books what models cost that no turn asked.
func payer(engine queue.Memory, log *slog.Logger) func(ctx context.Context, u tania.Usage) {
	return func(ctx context.Context, u tania.Usage) {
		if err := ledger.Pay(ctx, engine, u); err != nil {
			log.Warn("a model call was not counted", "error", err)
		}
	}
}

// trial is the dashboard's try-out: it decides by what turns are decided by, with the cache where it is on.
type trial struct {
	settings *config.Config
	bots     *bots.Registry
	memory   queue.Memory
	client   *chatwoot.Client
	// cached is nil where the cache is off.
	cached *cacheParts
	pay    func(ctx context.Context, u tania.Usage)
	log    *slog.Logger
}

// try gives what a customer would get who wrote a text into a conversation now.
func (t trial) try(ctx context.Context, key tania.ConversationKey, text string) (reply.Rehearsed, error) {
	by := t.bots.For(key.Account, 0)
	r := reply.Rehearsal{
		Deps: reply.Deps{
			Bot: by.Bot, Governor: by.Governor, Dispatcher: by.Dispatcher, Scope: by.Scope, MaxAge: t.settings.Worker.ReplyMaxAge,
			Answerer: reply.Paid{Answerer: by.Answerer, Pay: t.pay}, Log: t.log,
		},
		Timeout: t.settings.Worker.ProcessingTimeout, Memory: t.memory, Chatwoot: t.client, Inbox: t.inbox,
	}
	if by.Governor.BotUser != 0 {
		r.Past = reply.ChatwootPast{Chatwoot: t.client, BotUser: by.Governor.BotUser}
	}
	if t.cached != nil {
		r.Cached = t.cached.cache
	}
	return r.Try(ctx, key, text)
}

// inbox is where somebody writes who has no conversation yet: the first that is served, or the one with the most cached answers.
func (t trial) inbox() tania.InboxID {
	if served := t.settings.Governor.Inboxes; len(served) > 0 {
		return served[0]
	}
	if t.cached != nil {
		for _, s := range t.cached.cache.Scopes() {
			return s.Inbox
		}
	}
	return 0
}
