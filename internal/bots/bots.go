// Package bots says which bot answers where: every room that acts for one asks here, once for each turn or event, so that a version that is
// published meanwhile changes nothing under way.
package bots

import (
	"context"
	"sync/atomic"
	"time"

	"tania/internal/answer"
	"tania/internal/bot"
	"tania/internal/cache/store"
	"tania/internal/chatwoot"
	"tania/internal/dispatcher"
	"tania/internal/governor"
	"tania/internal/handoff"
	"tania/internal/tania"
	"tania/internal/tool/chatwoottool"
)

// Runtime is one version of a bot with all that works by it. It does not change: another version has a runtime of its own.
type Runtime struct {
	// Name is the bot's among those of the process; empty: it is the main one.
	Name string
	// When are the places that it answers in, which the main bot does not need. An account of 0 is the main bot's.
	When bot.When
	// Version is the version's number among the published ones, 0 for one that is not published.
	Version    int
	Bot        *bot.Bot
	Governor   *governor.Governor
	Dispatcher *dispatcher.Dispatcher
	Answerer   *answer.Answerer
	Handoff    *handoff.Handoff
	// Meant reports whether its texts may go to what makes the process's vectors.
	Meant bool
	// Chatwoot is the REST API with the bot's token; nil: with the process's.
	Chatwoot Chatwoot
	// Location is its time zone, nil: UTC.
	Location *time.Location
	// Scope says with which messages one shares cached answers; nil where nothing is cached.
	Scope func(m tania.Message, lang tania.Language) store.Scope
}

// Chatwoot is what a turn needs of the REST API.
type Chatwoot interface {
	SendMessage(ctx context.Context, key tania.ConversationKey, m chatwoot.OutgoingMessage) (chatwoot.Message, error)
	SetTyping(ctx context.Context, key tania.ConversationKey, on bool) error
	Conversation(ctx context.Context, key tania.ConversationKey) (chatwoot.Conversation, error)
	Messages(ctx context.Context, key tania.ConversationKey, q chatwoot.MessageQuery) ([]chatwoot.Message, error)
	chatwoottool.API
}

// Registry knows the runtimes that are current. It is safe for concurrent use.
type Registry struct{ current atomic.Pointer[published] }

// published are the runtimes of one version.
type published struct {
	main     *Runtime
	assigned []*Runtime
	byLabels bool
}

// NewRegistry gives a registry with the first runtimes.
func NewRegistry(main *Runtime, assigned ...*Runtime) *Registry {
	r := &Registry{}
	r.Publish(main, assigned...)
	return r
}

// Publish makes runtimes current, all at once: the main bot's, and those that are assigned to places, of which the first that fits
// answers. Who asked before goes on with what was given.
func (r *Registry) Publish(main *Runtime, assigned ...*Runtime) {
	next := &published{main: main, assigned: assigned}
	for _, a := range assigned {
		next.byLabels = next.byLabels || len(a.When.Labels) > 0
	}
	r.current.Store(next)
}

// For gives the runtime that answers in a place; it is never nil.
func (r *Registry) For(p Place) *Runtime {
	now := r.current.Load()
	for _, a := range now.assigned {
		if p.in(&a.When, now.main.Governor) {
			return a
		}
	}
	return now.main
}

// Attributes gives what the bot that answers in a conversation may know of its customer beside what they write. What it may not
// know is not kept.
func (r *Registry) Attributes(c *chatwoot.Conversation) []tania.Attribute {
	return c.Attributes(r.For(PlaceOfEvent(c)).Bot.Needed())
}

// Recalls names the bot that answers in a conversation, empty for the main one, and reports whether it remembers what episodes leave.
func (r *Registry) Recalls(c *chatwoot.Conversation) (name string, recalls bool) {
	by := r.For(PlaceOfEvent(c))
	return by.Name, by.Bot.Recalls
}

// Main gives the runtime that answers where no other is assigned.
func (r *Registry) Main() *Runtime { return r.current.Load().main }

// All gives the main runtime, and the others in the order in which they are asked.
func (r *Registry) All() []*Runtime {
	now := r.current.Load()
	return append([]*Runtime{now.main}, now.assigned...)
}

// Named gives the runtime of a name, bot.Main for the main one; nil where there is none.
func (r *Registry) Named(name string) *Runtime {
	for _, one := range r.All() {
		if one.Called() == name {
			return one
		}
	}
	return nil
}

// ByLabels reports whether the labels of a conversation decide.
func (r *Registry) ByLabels() bool { return r.current.Load().byLabels }

// Called is the bot's name for people.
func (r *Runtime) Called() string {
	if r.Name == "" {
		return bot.Main
	}
	return r.Name
}
