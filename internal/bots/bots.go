// Package bots says which bot answers where: every room that acts for one asks here, once for each turn or event, so that a version that is
// published meanwhile changes nothing under way.
package bots

import (
	"sync/atomic"

	"tania/internal/answer"
	"tania/internal/bot"
	"tania/internal/cache/store"
	"tania/internal/dispatcher"
	"tania/internal/governor"
	"tania/internal/handoff"
	"tania/internal/tania"
)

// Runtime is one version of a bot with all that works by it. It does not change: another version has a runtime of its own.
type Runtime struct {
	// Version is the version's number among the published ones, 0 for one that is not published.
	Version    int
	Bot        *bot.Bot
	Governor   *governor.Governor
	Dispatcher *dispatcher.Dispatcher
	Answerer   *answer.Answerer
	Handoff    *handoff.Handoff
	// Scope says with which messages one shares cached answers; nil where nothing is cached.
	Scope func(m tania.Message, lang tania.Language) store.Scope
}

// Registry knows the runtimes that are current. It is safe for concurrent use.
type Registry struct{ current atomic.Pointer[Runtime] }

// NewRegistry gives a registry with a first runtime.
func NewRegistry(first *Runtime) *Registry {
	r := &Registry{}
	r.Publish(first)
	return r
}

// For gives the runtime that answers in an inbox of an account; it is never nil.
func (r *Registry) For(tania.AccountID, tania.InboxID) *Runtime { return r.current.Load() }

// Publish makes a runtime current. Who asked before goes on with what was given.
func (r *Registry) Publish(next *Runtime) { r.current.Store(next) }
