package assembly

import (
	"context"
	"log/slog"

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

// rehearsal is the dashboard's try-out: it decides by what turns are decided by, with the cache where it is on.
func (p *cacheParts) rehearsal(c *config.Config, d reply.Deps, engine queue.Memory, client *chatwoot.Client) reply.Rehearsal {
	d.MaxAge = c.Worker.ReplyMaxAge
	if d.Governor.BotUser != 0 {
		d.Past = reply.ChatwootPast{Chatwoot: client, BotUser: d.Governor.BotUser}
	}
	r := reply.Rehearsal{Deps: d, Timeout: c.Worker.ProcessingTimeout, Memory: engine, Chatwoot: client}
	r.Inbox = func() tania.InboxID {
		if len(c.Governor.Inboxes) > 0 {
			return c.Governor.Inboxes[0]
		}
		if p != nil {
			for _, s := range p.cache.Scopes() {
				return s.Inbox // the one with the most entries
			}
		}
		return 0
	}
	if p != nil {
		r.Cached, r.Scope = p.cache, p.scope.of
	}
	return r
}
