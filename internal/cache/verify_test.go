package cache_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"tania/internal/cache"
	"tania/internal/cache/index"
	"tania/internal/cache/same"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/tania"
)

const always = 1

func TestAWrongHitIsFoundAndRaisesTheThreshold(t *testing.T) {
	log, shared := &book{}, &counters{}
	o := cache.Options{Verify: always, Log: log.log(), Fresh: func(_ context.Context, r shareable.Request) (shareable.Candidate, error) {
		if len(r.History) > 0 || r.Contact != (tania.Contact{}) {
			t.Errorf("verified with the conversation: %+v", r)
		}
		return made("Los festivos permanecemos cerrados."), nil
	}}
	shared.share(&o)
	here, there := two(t, o)
	tell(t, here, hours, opens)
	settle(t, here, there)
	r := asked(hours2)
	r.Contact.Name = "Ana"
	if l := here.Look(t.Context(), r); !l.Hit || l.Tier != index.TierSemantic || l.Answer != opens {
		t.Fatalf("%+v, want a semantic hit", l)
	}
	settle(t, here, there)
	for _, c := range []*cache.Cache{here, there} {
		if c.Raised(shop) <= 0 {
			t.Error("the threshold was not raised")
		}
		c.Flush(t.Context())
	}
	for _, c := range []*cache.Cache{here, there} {
		s := stats(t, c)
		if s.Verified != 1 || s.Verifications != 1 || s.WrongHits.Mean < 0.5 || s.WrongHits.Low <= 0 || s.Raised[shop.Key()] <= 0 {
			t.Errorf("the stats say %+v", s)
		}
		if l := serves(t, c, hours2, "Los festivos permanecemos cerrados."); l.Tier != index.TierExact {
			t.Errorf("the question's own answer is found by the %s tier", l.Tier)
		}
		serves(t, c, hours, opens)
	}
	if !log.says("a semantic hit was wrong") || !log.says("threshold moved") {
		t.Error("the log does not say so")
	}
}

func TestARightHitIsConfirmed(t *testing.T) {
	c := start(t, cache.Options{
		Store: memory(t), Verify: always,
		Fresh: func(context.Context, shareable.Request) (shareable.Candidate, error) { return made(opens), nil },
	})
	id := tell(t, c, hours, opens)
	serves(t, c, hours2, opens)
	settle(t, c)
	if s := stats(t, c); s.Verified != 1 || s.WrongHits.Mean > 0.5 || len(s.Raised) != 0 || s.Entries != 2 {
		t.Errorf("the stats say %+v", s)
	}
	for _, e := range c.Entries() {
		if e.Cluster != c.Entries()[id].Cluster {
			t.Error("the phrasing is no alias of the answer")
		}
	}
}

func TestAVerificationThatFailsProvesNothing(t *testing.T) {
	var handoffs atomic.Bool
	c := start(t, cache.Options{
		Store: memory(t), Verify: always,
		Fresh: func(context.Context, shareable.Request) (shareable.Candidate, error) {
			m := made(back)
			m.Handoff = handoffs.Load()
			if m.Handoff {
				return m, nil
			}
			return m, errors.New("the model is overloaded")
		},
	})
	tell(t, c, hours, opens)
	for range 2 {
		serves(t, c, hours2, opens)
		settle(t, c)
		handoffs.Store(true)
	}
	if s := stats(t, c); s.Verifications != 2 || s.Verified != 0 || s.WrongHits != (same.Interval{High: 1}) || s.Entries != 1 ||
		len(s.Raised) != 0 {
		t.Errorf("the stats say %+v", s)
	}
}

// What is in quarantine stays so, also when another answer was served to the question and is verified.
func TestAVerificationDoesNotEndAQuarantine(t *testing.T) {
	c := start(t, cache.Options{
		Store: memory(t), Verify: always,
		Fresh: func(context.Context, shareable.Request) (shareable.Candidate, error) { return made(opens), nil },
	})
	id := tell(t, c, hours2, "Cerramos siempre.")
	c.Feedback(id, conversation(0), cache.SignalCorrected)
	settle(t, c)
	tell(t, c, "horario de la tienda nueva", opens)
	look(t, c, hours2)
	settle(t, c)
	if e := c.Entries()[id]; e.State != store.StateQuarantined {
		t.Errorf("%q, want quarantine", e.State)
	}
	if l := look(t, c, hours2); l.Tier == index.TierExact && l.Hit {
		t.Errorf("an answer was stored for it: %+v", l)
	}
}

func TestTheModelJudgesWhatTextDoesNotShow(t *testing.T) {
	var said atomic.Value
	said.Store("same")
	c := start(t, cache.Options{
		Store: memory(t), Verify: never, Model: doubtful(),
		Judge: func(_ context.Context, _, a, b string) (bool, error) {
			switch said.Load() {
			case "fails":
				return false, errors.New("no")
			case "same":
				return true, nil
			}
			return false, nil
		},
	})
	first := tell(t, c, hours, opens)
	same := tell(t, c, hours2, "De lunes a viernes atendemos entre las nueve y las seis.")
	said.Store("other")
	other := tell(t, c, "el horario de la tienda grande", "Los domingos permanecemos cerrados.")
	said.Store("fails")
	unknown := tell(t, c, "el horario de la tienda nueva", "Pregunte en recepción.")
	e := c.Entries()
	if e[same].Cluster != e[first].Cluster || e[other].Cluster == e[first].Cluster || e[unknown].Cluster == e[first].Cluster {
		t.Errorf("clusters %s, %s, %s, %s; want the first two alike", e[first].Cluster, e[same].Cluster, e[other].Cluster, e[unknown].Cluster)
	}
	// Each is served with its own answer.
	serves(t, c, hours, opens)
	serves(t, c, hours2, "De lunes a viernes atendemos entre las nueve y las seis.")
	if s := stats(t, c); s.Judgements != 3 || s.Failures["judge"] != 1 || s.Aliases != 1 {
		t.Errorf("%d judgements, %d failed, %d aliases; want 3, 1, 1", s.Judgements, s.Failures["judge"], s.Aliases)
	}
}

// doubtful is a model that serves nothing but what is exact, and is not sure of anything either.
func doubtful() *same.Model {
	weights := make([]float64, len(same.FeatureNames))
	weights[0] = 0.5
	return same.NewModel(weights, 0.9)
}
