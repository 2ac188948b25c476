package cache_test

import (
	"sync"
	"testing"

	"tania/internal/cache"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/tania"
)

func conversation(n int) tania.ConversationKey {
	return tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(n + 1)}
}

func TestAPoisonedAnswerIsDemotedAndReplaced(t *testing.T) {
	here, there := two(t, cache.Options{})
	id := tell(t, here, hours, "Cerramos siempre.")
	settle(t, here, there)
	serves(t, there, hours, "Cerramos siempre.")
	there.Feedback(id, conversation(0), cache.SignalRephrased)
	misses(t, there, hours) // at once
	there.Feedback(id, conversation(0), cache.SignalRephrased)
	there.Feedback(id, conversation(0), cache.SignalHuman)
	settle(t, there, here)
	misses(t, here, hours)
	if e := here.Entries()[id]; e.State != store.StateDemoted || e.Blame != 1 {
		t.Errorf("one conversation: %s, blame %d; want demoted by one", e.State, e.Blame)
	}
	if s := stats(t, here); s.Doubted != 1 {
		t.Errorf("%d are doubted, want 1", s.Doubted)
	}
	tell(t, here, hours, opens)
	settle(t, here, there)
	for _, c := range []*cache.Cache{here, there} {
		serves(t, c, hours, opens)
		if n := len(c.Entries()); n != 1 {
			t.Errorf("%d entries, want the new one alone", n)
		}
	}
}

func TestAnAnswerIsQuarantined(t *testing.T) {
	for name, blame := range map[string]func(here, there *cache.Cache, id string){
		"rephrased in two conversations": func(here, there *cache.Cache, id string) {
			here.Feedback(id, conversation(0), cache.SignalRephrased)
			there.Feedback(id, conversation(1), cache.SignalHuman)
		},
		"corrected": func(here, _ *cache.Cache, id string) {
			here.Feedback(id, conversation(0), cache.SignalCorrected)
		},
		"rephrased, and corrected in the same conversation": func(here, _ *cache.Cache, id string) {
			here.Feedback(id, conversation(0), cache.SignalRephrased)
			here.Feedback(id, conversation(0), cache.SignalCorrected)
		},
	} {
		t.Run(name, func(t *testing.T) {
			here, there := two(t, cache.Options{})
			id := tell(t, here, hours, "Cerramos siempre.")
			alias := tell(t, here, "¿A qué hora cierran los domingos de enero?", "Cerramos siempre.")
			settle(t, here, there)
			blame(here, there, id)
			settle(t, here, there)
			settle(t, here, there)
			for _, c := range []*cache.Cache{here, there} {
				for _, id := range []string{id, alias} {
					if e := c.Entries()[id]; e.State != store.StateQuarantined {
						t.Errorf("%s: %q, blame %d, want quarantine", id, e.State, e.Blame)
					}
				}
				l := misses(t, c, hours)
				if why := c.Keep(asked(hours), l, made(opens)); why != shareable.RefusalQuarantined {
					t.Errorf("another answer to the question is kept, or refused for %q", why)
				}
				// Nor is the answer stored again for the same question in other words.
				other := "¿Cuándo se puede visitar el almacén?"
				c.Keep(asked(other), misses(t, c, other), made("Cerramos siempre."))
				settle(t, here, there)
				misses(t, c, other)
			}
		})
	}
}

// Each of two processes knows of one signal only when it tells the store.
func TestDoubtsOfTwoProcessesAtOnceAddUp(t *testing.T) {
	here, there := two(t, cache.Options{})
	for round := range 20 {
		id := tell(t, here, hours, "Cerramos siempre.")
		settle(t, here, there)
		var wg sync.WaitGroup
		for i, c := range []*cache.Cache{here, there} {
			wg.Go(func() { c.Feedback(id, conversation(i), cache.SignalRephrased) })
		}
		wg.Wait()
		settle(t, here, there)
		settle(t, here, there)
		for _, c := range []*cache.Cache{here, there} {
			if e := c.Entries()[id]; e.State != store.StateQuarantined || e.Blame != 2 {
				t.Fatalf("round %d: %q, blame %d, want quarantine by two", round, e.State, e.Blame)
			}
		}
		if n, err := here.Invalidate(t.Context(), cache.Selection{ID: id}); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		settle(t, here, there)
	}
}
