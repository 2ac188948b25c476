package assembly

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"tania/internal/answer/knowledge"
	"tania/internal/bot"
	"tania/internal/bots"
	"tania/internal/bots/meaning"
	"tania/internal/bots/pauses"
	"tania/internal/config"
	"tania/internal/ledger"
	"tania/internal/queue"
	"tania/internal/reply"
	"tania/internal/tania"
	"tania/internal/tool/call"
	"tania/internal/tool/mcpclient"
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
	// runtimes makes those of a version, or of a draft of one.
	runtimes func(b *bot.Bot, version int) (main *bots.Runtime, assigned []*bots.Runtime, err error)
	engine   queue.Memory
	// cached is nil where the cache is off, vectors where nothing makes any.
	cached  *cacheParts
	vectors *meaning.Vectors
	// paused is where bots are silent.
	paused *pauses.Board
	log    *slog.Logger
	// http and servers call tools that read.
	http    *call.HTTP
	servers *mcpclient.Servers
}

// try gives what a customer would get who wrote a text into a conversation now, from the bot that it is assigned to. In a new one the bot
// of that name answers, bot.Main or any unknown name for the main one.
func (t trial) try(ctx context.Context, key tania.ConversationKey, text, name string) (reply.Rehearsed, error) {
	by := cmp.Or(t.bots.Named(name), t.bots.Main())
	if key.Conversation != 0 {
		var err error
		if by, err = t.assigned(ctx, key, 0); err != nil {
			return reply.Rehearsed{}, err
		}
	} else {
		key.Account = cmp.Or(by.When.Account, key.Account)
	}
	given, err := t.rehearsal(by, true).Try(ctx, key, text)
	given.Record.Bot, given.Record.BotVersion = by.Name, by.Version
	return given, err
}

// at names the bot that answers in a conversation now, bot.Main for the main one. inbox is where it was.
func (t trial) at(ctx context.Context, key tania.ConversationKey, inbox tania.InboxID) (string, error) {
	by, err := t.assigned(ctx, key, inbox)
	if err != nil {
		return "", err
	}
	return by.Called(), nil
}

// assigned is the bot that a conversation is assigned to. inbox counts where it is not remembered.
func (t trial) assigned(ctx context.Context, key tania.ConversationKey, inbox tania.InboxID) (*bots.Runtime, error) {
	known, err := t.engine.Conversation(ctx, key)
	if err != nil {
		return nil, err
	}
	return t.bots.For(bots.Place{
		Account: key.Account, Inbox: cmp.Or(known.Inbox, inbox), Channel: known.Channel, Labels: known.Labels,
	}), nil
}

// explain gives what the bot of a name finds for a text, and why.
func (t trial) explain(ctx context.Context, name, text string, limit int, also string) ([]knowledge.Explained, bool) {
	return cmp.Or(t.bots.Named(name), t.bots.Main()).Answerer.Explain(ctx, text, limit, also)
}

// longestLearning bounds the wait for the vectors of what a draft has changed: without them it is tried by words alone.
const longestLearning = 5 * time.Second

// compare gives what customers would get who wrote texts for the first time to the bot of a name, from it as it is now and as it is in a
// draft.
func (t trial) compare(
	ctx context.Context, account tania.AccountID, name string, draft *bot.Bot, texts []string,
) ([]reply.Compared, error) {
	main, assigned, err := t.runtimes(draft, 0)
	if err != nil {
		return nil, err
	}
	live, then := t.bots.Named(name), bots.NewRegistry(main, assigned...).Named(name)
	if live == nil || then == nil {
		return nil, fmt.Errorf("assembly: there is no bot %s any more", name)
	}
	learning, done := context.WithTimeout(ctx, longestLearning)
	t.vectors.Learn(learning, then.Answerer)
	done()
	return reply.Compare(ctx, t.rehearsal(live, true), t.rehearsal(then, false), cmp.Or(live.When.Account, account), texts), nil
}

// rehearsal rehearses by a runtime, with the cache where it is on and wanted.
func (t trial) rehearsal(by *bots.Runtime, cached bool) reply.Rehearsal {
	r := reply.Rehearsal{
		Deps: reply.Deps{
			Bot: by.Bot, Governor: by.Governor, Dispatcher: by.Dispatcher, Scope: by.Scope, Knowledge: by.Answerer,
			MaxAge: t.settings.Worker.ReplyMaxAge, Personal: personal(t.settings.Model.Hidden),
			Answerer: reply.Paid{Answerer: by.Answerer, Pay: payer(by.Name, t.engine, t.log)}, Log: t.log, Name: by.Name,
			Location: by.Location, Understands: by.Answerer.Understands(),
		},
		Timeout: t.settings.Worker.ProcessingTimeout, Memory: t.engine, Chatwoot: by.Chatwoot,
		Inbox:    func() tania.InboxID { return t.inbox(by) },
		TryTools: t.tries(by),
	}
	r.Paused = func(key tania.ConversationKey, inbox tania.InboxID) string {
		if p, ok := t.paused.Covering(by.Called(), key, inbox); ok {
			return p.String()
		}
		return ""
	}
	if by.Governor.BotUser != 0 {
		r.Past = reply.ChatwootPast{Chatwoot: by.Chatwoot, BotUser: by.Governor.BotUser}
	}
	if cached && t.cached != nil {
		r.Cached = t.cached.cache
	}
	return r
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
