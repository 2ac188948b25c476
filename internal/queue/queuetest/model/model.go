// Package model does random things to an engine and to a simple model of it, and compares what can be seen after each.
package model

import (
	"cmp"
	"flag"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/tania"
	"tania/internal/testsize"
)

// inPart has rapid check a quarter of what it does by default under the race detector, unless it was told how often.
func inPart(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	all, err := strconv.Atoi(checks.DefValue)
	if err != nil {
		t.Fatal(err)
	}
	if checks.Value.String() != checks.DefValue {
		return
	}
	if err := checks.Value.Set(strconv.Itoa(testsize.Of(all, all/4))); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = checks.Value.Set(checks.DefValue) })
}

// Cases is the random test.
func Cases() []queuetest.Case { return []queuetest.Case{{Name: "Model", Test: model}} }

// model does random things to an engine and to a simple model of it, and compares what can be seen after each.
func model(t *testing.T, h queuetest.Harness) {
	o := queue.Options{
		Debounce: 2 * time.Second, DebounceMax: 5 * time.Second, Lease: 10 * time.Second, MaxAttempts: 2,
		DedupFor: time.Hour, KeepFor: 1000 * time.Hour, KeepDead: 1000 * time.Hour,
	}
	inPart(t)
	rapid.Check(t, func(r *rapid.T) {
		m := &machine{
			T: r, Store: h.Open(t, o), o: o, freedAtOpen: h.FreedAtOpen,
			boxes: map[tania.ConversationKey]*box{}, letters: map[messageName]*letter{},
			dead: map[tania.TurnID]*modelTurn{}, starved: map[tania.AccountID]int{},
			passed:        map[line]int{},
			conversations: map[tania.ConversationKey]tania.Language{}, records: map[tania.ConversationKey]map[tania.MessageID]string{},
		}
		defer m.Remove()
		steps := map[string]func(*rapid.T){
			"":             m.compare,
			"push":         m.push,
			"push again":   m.pushKnown,
			"claim":        m.claim,
			"extend":       m.extend,
			"absorb":       m.absorb,
			"checkpoint":   m.checkpoint,
			"intend":       m.intend,
			"settle":       m.settle,
			"park":         m.park,
			"unpark":       m.unpark,
			"complete":     m.complete,
			"retry":        m.retry,
			"defer":        m.deferTurn,
			"release":      m.release,
			"bury":         m.bury,
			"retry dead":   m.retryDead,
			"discard dead": m.discardDead,
			"amend":        m.amend,
			"pause":        m.pause,
			"old token":    m.oldToken,
			"advance":      m.advance,
			"crash":        m.crash,
			"remember":     m.remember,
		}
		// What makes work comes more often than what ends it, so that turns, messages and accounts meet.
		for often, step := range map[string]func(*rapid.T){"push": m.push, "claim": m.claim, "advance": m.advance, "retry dead": m.retryDead} {
			steps[often+", often"], steps[often+", very often"] = step, step
		}
		for range 3 {
			r.Repeat(steps)
		}
	})
}

// machine is the engine and its model.
type machine struct {
	*rapid.T
	queuetest.Store
	o           queue.Options
	freedAtOpen bool

	boxes   map[tania.ConversationKey]*box
	letters map[messageName]*letter
	dead    map[tania.TurnID]*modelTurn
	held    []*modelTurn
	old     []*queue.Turn
	token   uint64
	// starved counts the turns of others since an account last had one while it could have.
	starved map[tania.AccountID]int
	// passed counts an account's turns since one of its inboxes last had one while it could have.
	passed map[line]int

	conversations map[tania.ConversationKey]tania.Language
	records       map[tania.ConversationKey]map[tania.MessageID]string

	paused                          bool
	messages, duplicates, completed int64
}

type messageName struct {
	account tania.AccountID
	id      tania.MessageID
}

// letter is what is known of a message id. alive: it waits or is in a turn that is not dead.
type letter struct {
	key     tania.ConversationKey
	content string
	arrived time.Time
	alive   bool
}

// box is a conversation.
type box struct {
	waiting     []tania.MessageID
	first, last time.Time
	turns       []*modelTurn
}

type modelTurn struct {
	id                          tania.TurnID
	key                         tania.ConversationKey
	messages                    []tania.MessageID
	attempt, restarts, deferred int
	due, lease                  time.Time
	checkpoint                  string
	amended                     bool              // since its worker read it
	again                       []tania.MessageID // changed since the checkpoint
	failures                    []string
	view                        *queue.Turn // nil while nobody has it
	contents                    []string    // of a dead letter's messages
	calls                       []queue.Call
	parked                      *queue.Parked // what it was parked for last
	holds                       bool          // and has not been claimed since
}

func (b *box) current() *modelTurn {
	if len(b.turns) == 0 {
		return nil
	}
	return b.turns[0]
}

// order puts the turn that is held first, then one that is parked, then the oldest.
func (b *box) order() {
	slices.SortFunc(b.turns, func(x, y *modelTurn) int {
		if (x.view != nil) != (y.view != nil) {
			if x.view != nil {
				return -1
			}
			return 1
		}
		if x.holds != y.holds {
			if x.holds {
				return -1
			}
			return 1
		}
		return cmp.Compare(x.id, y.id)
	})
}

// due says when a conversation may be claimed; ok is false while it is held or has nothing.
func (m *machine) due(b *box) (at time.Time, ok bool) {
	switch t := b.current(); {
	case t != nil && t.view != nil:
		return at, false
	case t != nil:
		return t.due, true
	case len(b.waiting) > 0:
		at = b.last.Add(m.o.Debounce)
		if latest := b.first.Add(m.o.DebounceMax); latest.Before(at) {
			at = latest
		}
		return at, true
	}
	return at, false
}

// claimable gives the conversations that are due.
func (m *machine) claimable() map[tania.ConversationKey]time.Time {
	found := map[tania.ConversationKey]time.Time{}
	for k, b := range m.boxes {
		if at, ok := m.due(b); ok && !at.After(m.Now()) {
			found[k] = at
		}
	}
	return found
}

// compare checks everything that can be seen without a change.
func (m *machine) compare(*rapid.T) {
	want := queue.Stats{
		Active: int64(len(m.held)), Failed: int64(len(m.dead)), Completed: m.completed, Messages: m.messages, Duplicates: m.duplicates,
		Paused: m.paused,
	}
	claimable := m.claimable()
	want.Waiting = int64(len(claimable))
	m.forgetServed(claimable)
	var oldest time.Time
	for _, at := range claimable {
		if oldest.IsZero() || at.Before(oldest) {
			oldest = at
		}
	}
	if !oldest.IsZero() {
		want.OldestWaitingMS = m.Now().Sub(oldest).Milliseconds()
	}
	for _, b := range m.boxes {
		if at, ok := m.due(b); ok && at.After(m.Now()) {
			if b.current() != nil && b.current().holds {
				want.Parked++
			} else {
				want.Delayed++
			}
		}
	}
	m.sameParked()
	got, err := m.Engine().Stats(m.Context())
	m.try(err)
	got.Engine, got.Shared, got.PausedBy, got.FailedLastHour = "", false, "", 0
	if diff := gocmp.Diff(want, got); diff != "" {
		m.Fatalf("stats (-want +got):\n%s", diff)
	}
	listed, err := m.Engine().Dead(m.Context(), 0)
	m.try(err)
	for _, d := range listed {
		want := m.dead[d.ID]
		if want == nil {
			m.Fatalf("%s is among the dead", d.ID)
		}
		m.same("messages of dead turn "+string(d.ID), want.messages, ids(d.Messages))
		m.same("contents of dead turn "+string(d.ID), want.contents, queuetest.Contents(d.Messages))
		var history []string
		for _, f := range d.History {
			history = append(history, f.Error)
		}
		if len(history) != len(want.failures) || string(d.Checkpoint) != want.checkpoint {
			m.Fatalf("dead turn %s has %q, %q; want %q, %q", d.ID, history, d.Checkpoint, want.failures, want.checkpoint)
		}
		m.same("journal of dead turn "+string(d.ID), want.calls, d.Calls)
		m.same("parking of dead turn "+string(d.ID), want.parked, d.Parked)
	}
	if len(listed) != len(m.dead) {
		m.Fatalf("%d dead turns are listed, want %d", len(listed), len(m.dead))
	}
	for _, t := range m.held {
		select {
		case <-t.view.Lost:
			m.Fatalf("turn %s is held, but Lost is closed", t.id)
		default:
		}
	}
}

// end takes a turn from its worker in the model.
func (m *machine) end(t *modelTurn) {
	m.old = append(m.old, t.view)
	t.view, t.amended = nil, false
	m.held = slices.DeleteFunc(m.held, func(other *modelTurn) bool { return other == t })
	m.boxes[t.key].order()
}

func (m *machine) drop(t *modelTurn) {
	m.end(t)
	b := m.boxes[t.key]
	b.turns = slices.DeleteFunc(b.turns, func(other *modelTurn) bool { return other == t })
}

// die moves a turn to the dead letters in the model.
func (m *machine) die(t *modelTurn) {
	m.drop(t)
	t.contents = nil
	for _, id := range t.messages {
		l := m.letters[messageName{t.key.Account, id}]
		l.alive = false
		t.contents = append(t.contents, l.content)
	}
	m.waitAgain(t)
	m.dead[t.id] = t
}

// expire ends the leases that have ended, or all of them.
func (m *machine) expire(all bool) {
	for _, t := range slices.Clone(m.held) {
		if !all && t.lease.After(m.Now()) {
			continue
		}
		t.failures = append(t.failures, "died")
		if t.attempt > m.o.MaxAttempts {
			m.die(t)
			continue
		}
		t.due = m.Now()
		m.end(t)
	}
}

func (m *machine) try(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

func (m *machine) same(what string, want, got any) {
	m.Helper()
	if diff := gocmp.Diff(want, got); diff != "" {
		m.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

// anyHeld draws a turn that is held.
func (m *machine) anyHeld(r *rapid.T) *modelTurn {
	if len(m.held) == 0 {
		r.Skip()
	}
	return rapid.SampledFrom(m.held).Draw(r, "turn")
}

func (m *machine) anyDead(r *rapid.T) *modelTurn {
	if len(m.dead) == 0 {
		r.Skip()
	}
	return m.dead[rapid.SampledFrom(slices.Sorted(maps.Keys(m.dead))).Draw(r, "dead turn")]
}

func ids(messages []tania.Message) (list []tania.MessageID) {
	for _, m := range messages {
		list = append(list, m.ID)
	}
	return list
}
