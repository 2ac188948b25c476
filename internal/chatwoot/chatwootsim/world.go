// Package chatwootsim is a small Chatwoot in memory, for the demo and for tests, in process or as a process of its own: the other side of
// the wire, which knows nothing of Tania's own client. This room is its world: accounts, inboxes, people, conversations and messages, what
// customers and agents do, and how Chatwoot changes what it has. What happens is published as events. The rooms below it are its ways in
// and out, and server puts them together.
package chatwootsim

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tania/internal/tania"
)

// World is one installation with one account. What customers and agents do to it is safe for concurrent use. Its fields, and methods
// that say so, are for those who hold its lock.
type World struct {
	sync.Mutex
	Options Options
	Release Release

	Changes   int64
	Customers map[tania.ContactID]*Customer
	Threads   map[tania.ConversationID]*Thread
	Portals   []Portal

	ctx         context.Context
	stop        context.CancelFunc
	wake        chan struct{}
	watchers    []func(Event)
	lastContact tania.ContactID
	lastConv    tania.ConversationID
	lastMessage tania.MessageID
	lastFile    int64
}

// New gives an empty world, which must be closed.
func New(o Options) (*World, error) {
	o = o.withDefaults()
	v, err := parseVersion(o.Version)
	if err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	w := &World{
		Options: o, Release: v, ctx: ctx, stop: stop,
		wake:        make(chan struct{}),
		Customers:   map[tania.ContactID]*Customer{},
		Threads:     map[tania.ConversationID]*Thread{},
		lastContact: 500, lastConv: o.FirstConversation - 1, lastMessage: o.FirstMessage - 1, lastFile: 300,
	}
	w.Portals = filledPortals(o.Portals, w.Now())
	return w, nil
}

// Close ends all waiting.
func (w *World) Close() { w.stop() }

// Context ends when the world is closed.
func (w *World) Context() context.Context { return w.ctx }

// Changed gives the number of changes so far, and what is closed at the next one.
func (w *World) Changed() (changes int64, next <-chan struct{}) {
	w.Lock()
	defer w.Unlock()
	return w.Changes, w.wake
}

// WaitFor waits until the condition holds. It is looked at once now, and again after every change in the world: a call
// answered, a message, a status, a webhook delivered. The condition may call the world's methods.
func (w *World) WaitFor(ctx context.Context, condition func() bool) error {
	for {
		_, next := w.Changed()
		if condition() {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return fmt.Errorf("chatwootsim: the condition did not come to hold: %w", context.Cause(ctx))
		case <-w.ctx.Done():
			return fmt.Errorf("chatwootsim: closed before the condition held")
		}
	}
}

// Sleep reports whether the time passed before the world was closed.
func (w *World) Sleep(d time.Duration) bool {
	if d <= 0 {
		return w.ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-w.ctx.Done():
		return false
	}
}

// Touch wakes those who wait for a change. Callers hold the lock.
func (w *World) Touch() {
	w.Changes++
	close(w.wake)
	w.wake = make(chan struct{})
}

// Now is the time in messages and signatures.
func (w *World) Now() time.Time { return w.Options.Clock().UTC() }
