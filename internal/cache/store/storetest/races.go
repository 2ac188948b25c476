package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/cache/store"
)

func testClearIsHeard(t *testing.T, r *rig) {
	r.put(r.here, Entries(100)...)
	f := r.follow(r.there, r.load(r.there).At)
	f.heartbeat() // it follows now
	for range 5 {
		began := time.Now()
		epoch, _, err := r.here.Clear(t.Context())
		r.must(err)
		got, last := f.events(1)
		r.same("the event", got, []store.Event{{Kind: store.EventClear, Epoch: epoch}})
		if took := last.when.Sub(began); took > time.Second {
			t.Errorf("it took %s", took)
		}
	}
}

// testEpochRace: answers are being made, and stored, on both handles while one of them clears.
func testEpochRace(t *testing.T, r *rig) {
	const rounds, putters, each = 10, 6, 15
	f := r.follow(r.there, r.load(r.there).At)
	for round := range rounds {
		epoch := r.load(r.here).Epoch
		var wg sync.WaitGroup
		var stored, refused atomic.Int64
		under := make(chan struct{})
		var once sync.Once
		for p := range putters {
			s := []store.Store{r.here, r.there}[p%2]
			wg.Go(func() {
				for i := range each {
					id := fmt.Sprintf("%d-%d-%d", round, p, i)
					switch err := s.Put(t.Context(), epoch, NewEntry(id+"x"), NewEntry(id+"y")); {
					case err == nil:
						stored.Add(1)
					case errors.Is(err, store.ErrEpoch):
						refused.Add(1)
					default:
						t.Error(err)
					}
					once.Do(func() { close(under) })
				}
			})
		}
		<-under
		next, cleared, err := r.there.Clear(t.Context())
		r.must(err)
		wg.Wait()
		if err := r.here.Put(t.Context(), epoch, NewEntry("late")); !errors.Is(err, store.ErrEpoch) {
			t.Errorf("a put of the epoch before: %v, want ErrEpoch", err)
		}
		if int64(cleared) != 2*stored.Load() || stored.Load()+refused.Load() != putters*each {
			t.Errorf("%d entries cleared, %d puts stored, %d refused", cleared, stored.Load(), refused.Load())
		}
		for _, s := range []store.Store{r.here, r.there} {
			if all := r.load(s); all.Epoch != next || len(all.Entries) != 0 {
				t.Errorf("%d entries of the epoch before are there", len(all.Entries))
			}
		}
		puts := int64(0)
		for over := false; !over; {
			for _, e := range f.next().events {
				switch {
				case over:
					t.Errorf("%+v behind the clear", e)
				case e.Kind == store.EventPut && e.Epoch == epoch:
					puts++
				case e.Kind == store.EventClear && e.Epoch == next:
					over = true
				default:
					t.Errorf("%+v", e)
				}
			}
		}
		if puts != stored.Load() {
			t.Errorf("%d puts were told of, %d stored", puts, stored.Load())
		}
	}
}

func testCounts(t *testing.T, r *rig) {
	r.put(r.here, NewEntry("a"), NewEntry("b"))
	f := r.follow(r.there, r.load(r.there).At)
	r.must(r.here.Learn(t.Context(), "none", nil)) // nothing to tell of
	r.must(r.here.Touch(t.Context(), nil))
	const callers, each = 8, 25
	var wg sync.WaitGroup
	for c := range callers {
		s := []store.Store{r.here, r.there}[c%2]
		wg.Go(func() {
			for range each {
				if err := s.Learn(t.Context(), fmt.Sprint("s", c%3), map[string]int64{"right": 2, "wrong": -1}); err != nil {
					t.Error(err)
				}
				if err := s.Touch(t.Context(), hits(map[string]int64{"a": 1, "b": 10, "unknown": 1})); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	want := map[string]map[string]int64{}
	for c := range callers {
		scope := fmt.Sprint("s", c%3)
		if want[scope] == nil {
			want[scope] = map[string]int64{}
		}
		want[scope]["right"] += 2 * each
		want[scope]["wrong"] -= each
	}
	all := r.load(r.here)
	r.same("learnt", all.Learnt, want)
	r.same("hits", hitsOf(all), map[string]int64{"a": callers * each, "b": 10 * callers * each})
	told := map[string]map[string]int64{}
	events, _ := f.events(callers * each) // Touch tells of nothing
	for _, e := range events {
		apply(&store.Snapshot{Learnt: told}, e)
	}
	r.same("told of", told, want)
}

func testReplica(t *testing.T, r *rig) {
	const writers, each = 4, 40
	var wg sync.WaitGroup
	under := make(chan struct{})
	for w := range writers {
		s := []store.Store{r.here, r.there}[w%2]
		wg.Go(func() {
			for i := range each {
				id := fmt.Sprintf("%d-%d", w, i%7)
				var err error
				switch i % 5 {
				case 3:
					err = s.Drop(t.Context(), id)
				case 4:
					err = s.Learn(t.Context(), "s", map[string]int64{"right": 1})
				default:
					var all store.Snapshot
					if all, err = s.Load(t.Context()); err == nil {
						err = s.Put(t.Context(), all.Epoch, NewEntry(id))
					}
				}
				switch {
				case w == 0 && i == each/4:
					close(under)
				case w == 0 && i == each/2:
					_, _, err = s.Clear(t.Context())
				}
				if err != nil && !errors.Is(err, store.ErrEpoch) {
					t.Error(err)
				}
			}
		})
	}
	<-under
	copied := r.load(r.there) // in the midst of it
	f := r.follow(r.there, copied.At)
	wg.Wait()
	want := r.load(r.here)
	for copied.At != want.At {
		c := f.next()
		for _, e := range c.events {
			apply(&copied, e)
		}
		copied.At = c.at
	}
	r.same("epoch", copied.Epoch, want.Epoch)
	r.same("learnt", copied.Learnt, want.Learnt)
	r.same("entries", byID(copied), byID(want))
}

func byID(s store.Snapshot) map[string]store.Entry {
	all := map[string]store.Entry{}
	for _, e := range s.Entries {
		all[e.ID] = e
	}
	return all
}

// apply does to a snapshot what an event tells of.
func apply(s *store.Snapshot, e store.Event) {
	all := byID(*s)
	switch e.Kind {
	case store.EventPut:
		for _, entry := range e.Entries {
			all[entry.ID] = entry
		}
	case store.EventDrop:
		for _, id := range e.IDs {
			delete(all, id)
		}
	case store.EventClear:
		s.Epoch = e.Epoch
		clear(all)
	case store.EventLearn:
		if s.Learnt[e.Scope] == nil {
			s.Learnt[e.Scope] = map[string]int64{}
		}
		for name, n := range e.Delta {
			s.Learnt[e.Scope][name] += n
		}
	}
	s.Entries = s.Entries[:0]
	for _, entry := range all {
		s.Entries = append(s.Entries, entry)
	}
}
