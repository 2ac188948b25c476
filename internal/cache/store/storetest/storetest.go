// Package storetest is what every store.Store must pass: each promise of the interface, with two handles on one store, as two
// processes have.
package storetest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tania/internal/cache/store"
)

// patience is how long what must happen may take on a busy machine.
const patience = 20 * time.Second

// Fixture is an empty store.
type Fixture struct {
	// Open gives a handle on it, another one each time where the store can be shared. The suite closes them.
	Open func(t testing.TB) store.Store
	// Overflow is a number of events after which the log no longer has the first of them.
	Overflow int
}

// Exercise runs the suite; fresh makes a store of its own for each test.
func Exercise(t *testing.T, fresh func(t *testing.T) Fixture) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *rig)
	}{
		{"what is put is loaded and followed", testPut},
		{"an entry that is put again is changed and keeps its hits", testChange},
		{"texts and vectors come back as they were", testTexts},
		{"many entries are put in one step", testMany},
		{"what is dropped is gone, and unknown ids are passed over", testDrop},
		{"clear forgets entries and hits, and keeps what was learnt", testClear},
		{"clear is heard of elsewhere within a second", testClearIsHeard},
		{"puts of the epoch before are refused while clear races with them", testEpochRace},
		{"the last use moves on, and never back", testUses},
		{"counts add up when many learn and touch", testCounts},
		{"one of many leads", testLeadIsExclusive},
		{"a lead that nobody gives back ends", testLeadEnds},
		{"a lead is given back by its holder alone", testUnlead},
		{"following hears heartbeats", testHeartbeats},
		{"following begins at any position", testPositions},
		{"who is behind the log is told so", testBehind},
		{"a change of what was changed or dropped meanwhile is refused", testRevisions},
		{"a snapshot and what follows make the same state", testReplica},
		{"following ends with its context", testCancel},
		{"nothing is done when the context has ended", testEnded},
		{"close ends everything", testClose},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := fresh(t)
			r := &rig{t: t, Fixture: f}
			r.here, r.there = r.open(), r.open()
			test.run(t, r)
		})
	}
}

// rig is a store in a test, with two handles.
type rig struct {
	Fixture
	t           *testing.T
	here, there store.Store
}

func (r *rig) open() store.Store {
	r.t.Helper()
	s := r.Open(r.t)
	r.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			r.t.Error("close:", err)
		}
	})
	return s
}

func (r *rig) load(s store.Store) store.Snapshot {
	r.t.Helper()
	all, err := s.Load(r.t.Context())
	if err != nil {
		r.t.Fatal("load:", err)
	}
	slices.SortFunc(all.Entries, func(x, y store.Entry) int { return cmp.Compare(x.ID, y.ID) })
	return all
}

func (r *rig) put(s store.Store, entries ...store.Entry) {
	r.t.Helper()
	if err := s.Put(r.t.Context(), r.load(s).Epoch, entries...); err != nil {
		r.t.Fatal("put:", err)
	}
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// same compares, and takes nothing and empty as one.
func (r *rig) same(what string, got, want any) {
	r.t.Helper()
	whole := gocmp.FilterValues(func(x, y []byte) bool { return len(x)+len(y) > 0 }, gocmp.Comparer(bytes.Equal)) // faster than byte by byte
	if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty(), whole); diff != "" {
		r.t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

// NewEntry makes an entry that has something in every field.
func NewEntry(id string) store.Entry {
	// The random numbers are the same for an id each time.
	seed := [32]byte{}
	copy(seed[:], id)
	vector := make([]byte, 1536)
	_, _ = rand.NewChaCha8(seed).Read(vector)
	made := time.Date(2026, 2, 3, 4, 5, 6, 789_000_000, time.UTC)
	return store.Entry{
		ID: id, Scope: store.Scope{Account: 1, Inbox: 2, Language: "es", Audience: "vip", Version: "v1"}, Question: "¿Qué vale la fibra de " +
			id + "?",
		Answer: "Vale 20 € al mes.", Cluster: "c" + id, Category: store.CategoryFAQ, Sources: []string{"tarifas.md", "faq"}, Created: made,
		Expires: made.Add(24 * time.Hour), Tokens: 321, Cost: 4567, Vector: vector, State: store.StateDemoted, Blame: 2,
		Blamers: []string{"1:7", "1:9"}, Warm: true,
	}
}

// Entries makes n of them.
func Entries(n int) []store.Entry {
	list := make([]store.Entry, n)
	for i := range list {
		list[i] = NewEntry(fmt.Sprintf("e%06d", i))
	}
	return list
}

// follower follows a store in a goroutine.
type follower struct {
	t     *testing.T
	calls chan call
	ended chan error
	stop  context.CancelFunc
}

type call struct {
	events []store.Event
	at     store.Position
	when   time.Time
}

func (r *rig) follow(s store.Store, after store.Position) *follower {
	ctx, stop := context.WithCancel(r.t.Context())
	f := &follower{t: r.t, calls: make(chan call, 100), ended: make(chan error, 1), stop: stop}
	go func() {
		f.ended <- s.Follow(ctx, after, func(events []store.Event, at store.Position) {
			select {
			case f.calls <- call{events, at, time.Now()}:
			case <-ctx.Done():
			}
		})
	}()
	r.t.Cleanup(stop)
	return f
}

// next is the next call, a heartbeat or not.
func (f *follower) next() call {
	f.t.Helper()
	select {
	case c := <-f.calls:
		return c
	case err := <-f.ended:
		f.t.Fatal("following ended: ", err)
	case <-time.After(patience):
		f.t.Fatal("nothing is heard")
	}
	return call{}
}

// heartbeat waits until nothing is behind the follower.
func (f *follower) heartbeat() call {
	f.t.Helper()
	for {
		if c := f.next(); len(c.events) == 0 {
			return c
		}
	}
}

// events waits for n events.
func (f *follower) events(n int) (list []store.Event, last call) {
	f.t.Helper()
	for len(list) < n {
		last = f.next()
		list = append(list, last.events...)
	}
	if len(list) > n {
		f.t.Fatalf("%d events, want %d: %+v", len(list), n, list)
	}
	return list, last
}

// end waits for the end.
func (f *follower) end() error {
	f.t.Helper()
	for {
		select {
		case <-f.calls:
		case err := <-f.ended:
			return err
		case <-time.After(patience):
			f.t.Fatal("following does not end")
		}
	}
}

func (f *follower) endsWith(want error) {
	f.t.Helper()
	if err := f.end(); !errors.Is(err, want) {
		f.t.Fatalf("following ended with %v, want %v", err, want)
	}
}
