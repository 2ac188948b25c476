package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/cache/store"
)

func (r *rig) lead(s store.Store, question, holder string, life time.Duration) bool {
	r.t.Helper()
	leads, err := s.Lead(r.t.Context(), question, holder, life)
	r.must(err)
	return leads
}

func testLeadIsExclusive(t *testing.T, r *rig) {
	for round := range 10 {
		var wg sync.WaitGroup
		var leaders atomic.Int64
		for c := range 16 {
			s := []store.Store{r.here, r.there}[c%2]
			wg.Go(func() {
				leads, err := s.Lead(t.Context(), fmt.Sprint("q", round), fmt.Sprint("h", c), time.Hour)
				if err != nil {
					t.Error(err)
				}
				if leads {
					leaders.Add(1)
				}
			})
		}
		wg.Wait()
		if leaders.Load() != 1 {
			t.Errorf("%d lead", leaders.Load())
		}
	}
	if !r.lead(r.here, "other", "h", time.Hour) || r.lead(r.there, "other", "h", time.Hour) {
		t.Error("the same holder leads twice, or a new question has no leader")
	}
}

func testLeadEnds(t *testing.T, r *rig) {
	const life = 80 * time.Millisecond
	began := time.Now()
	if !r.lead(r.here, "q", "a", life) {
		t.Fatal("nobody leads")
	}
	for deadline := time.After(patience); !r.lead(r.there, "q", "b", time.Hour); {
		select {
		case <-deadline:
			t.Fatal("the lead does not end")
		case <-time.After(life / 10):
		}
	}
	if took := time.Since(began); took < life-life/10 { // clocks of two machines, and Redis counts in milliseconds
		t.Errorf("it ended after %s", took)
	}
	// Who had it before has nothing to give back.
	r.must(r.here.Unlead(t.Context(), "q", "a"))
	if r.lead(r.here, "q", "c", time.Hour) {
		t.Error("the new leader's lead was given back by the old one")
	}
}

func testUnlead(t *testing.T, r *rig) {
	f := r.follow(r.there, r.load(r.there).At)
	question := "¿Qué vale\x00 la fibra? 日"
	if !r.lead(r.here, question, "a", time.Hour) {
		t.Fatal("nobody leads")
	}
	r.must(r.there.Unlead(t.Context(), question, "b"))
	r.must(r.there.Unlead(t.Context(), "another", "a"))
	if r.lead(r.there, question, "b", time.Hour) {
		t.Fatal("somebody else gave the lead back")
	}
	r.must(r.here.Unlead(t.Context(), question, "a"))
	r.must(r.here.Unlead(t.Context(), question, "a")) // it has nothing any more
	if !r.lead(r.there, question, "b", time.Hour) {
		t.Error("the lead was not given back")
	}
	r.put(r.here, NewEntry("behind"))
	got, _ := f.events(2)
	r.same("the event", got[0], store.Event{Kind: store.EventUnled, Question: question})
	r.same("what comes behind", got[1].Kind, store.EventPut)
}
