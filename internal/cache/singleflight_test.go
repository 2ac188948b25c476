package cache_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/cache"
)

// waitingTurns has a question asked by twenty turns of two processes at once. The first to lead ends as end says; answers are what the
// others got and how many of them lead too.
type waitingTurns struct {
	answered, alone, leads atomic.Int64
	wg                     sync.WaitGroup
	// waiting is closed when all others wait.
	waiting chan struct{}
}

const turns = 20

func askTogether(
	t *testing.T, caches []*cache.Cache, text string, most time.Duration, lead func(c *cache.Cache, l cache.Look, f *waitingTurns),
) *waitingTurns {
	t.Helper()
	f := &waitingTurns{waiting: make(chan struct{})}
	var looked sync.WaitGroup
	looked.Add(turns)
	for i := range turns {
		c := caches[i%len(caches)]
		f.wg.Go(func() {
			l := c.Look(t.Context(), asked(text))
			looked.Done()
			looked.Wait() // nobody asks before all have looked
			l = c.Await(t.Context(), asked(text), l, most)
			if l.Waited == cache.Leads(l) {
				t.Errorf("a turn that leads: %v, says that it waited: %v", cache.Leads(l), l.Waited)
			}
			switch {
			case l.Hit:
				f.answered.Add(1)
			case cache.Leads(l):
				f.leads.Add(1)
				lead(c, l, f)
			default:
				f.alone.Add(1)
			}
		})
	}
	eventually(t, "all but one wait", 5*time.Second, func() bool {
		n := 0
		for _, c := range caches {
			n += c.Waiting()
		}
		return n == turns-1
	})
	close(f.waiting)
	return f
}

func (f *waitingTurns) ends(t *testing.T, answered, alone, leads int64) {
	t.Helper()
	f.wg.Wait()
	if f.answered.Load() != answered || f.alone.Load() != alone || f.leads.Load() != leads {
		t.Errorf("%d got the answer, %d went on alone, %d led; want %d, %d, %d", f.answered.Load(), f.alone.Load(), f.leads.Load(), answered,
			alone, leads)
	}
}

func processes(t *testing.T) []*cache.Cache {
	here, there := two(t, cache.Options{Patience: 2 * time.Second, Verify: never})
	return []*cache.Cache{here, there}
}

func TestOneTurnAnswersForAllOfTwoProcesses(t *testing.T) {
	caches := processes(t)
	f := askTogether(t, caches, hours, time.Minute, func(c *cache.Cache, l cache.Look, f *waitingTurns) {
		<-f.waiting
		if why := c.Keep(asked(hours), l, made(opens)); why != "" {
			t.Error(why)
		}
	})
	f.ends(t, turns-1, 0, 1)
	settle(t, caches...)
	var hits, misses int64
	for _, c := range caches {
		s := stats(t, c)
		hits, misses = hits+s.Hits, misses+s.Misses
	}
	if hits != turns-1 || misses != 1 {
		t.Errorf("%d hits and %d misses are counted, want %d and 1", hits, misses, turns-1)
	}
}

func TestTheOthersGoOnAtOnceWhenNoAnswerComes(t *testing.T) {
	for name, end := range map[string]func(c *cache.Cache, l cache.Look){
		"the leader fails": func(c *cache.Cache, l cache.Look) { c.Abandon(l) },
		"the answer is not to be stored": func(c *cache.Cache, l cache.Look) {
			m := made("Le comunico con un asesor.")
			m.Handoff = true
			c.Keep(asked(hours), l, m)
		},
		"the cache was cleared meanwhile": func(c *cache.Cache, l cache.Look) {
			_, _ = c.Clear(t.Context())
			c.Keep(asked(hours), l, made(opens))
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := askTogether(t, processes(t), hours, time.Minute, func(c *cache.Cache, l cache.Look, f *waitingTurns) {
				<-f.waiting
				end(c, l)
			})
			began := time.Now()
			f.ends(t, 0, turns-1, 1)
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func TestTheOthersGoOnInTheEndWhenTheLeadersProcessDies(t *testing.T) {
	const most = 400 * time.Millisecond
	began := time.Now()
	f := askTogether(t, processes(t), hours, most, func(*cache.Cache, cache.Look, *waitingTurns) {})
	f.ends(t, 0, turns-1, 1)
	if took := time.Since(began); took < most || took > most+3*time.Second {
		t.Errorf("it took %s, want about %s", took, most)
	}
}

// The answer may be the one that the turn began itself, in a process that has died since.
func TestATurnMayDeclineToWait(t *testing.T) {
	caches := processes(t)
	first := caches[0].Await(t.Context(), asked(hours), misses(t, caches[0], hours), time.Minute)
	if !cache.Leads(first) {
		t.Fatal("a new question has no leader")
	}
	l := caches[1].Await(t.Context(), asked(hours), misses(t, caches[1], hours), 0)
	if l.Waited || cache.Leads(l) || caches[1].Waiting() != 0 {
		t.Errorf("%+v, want a turn that neither leads nor waited", l)
	}
}

// A turn that looked before the answer was stored, and asks to lead afterwards, gets the answer.
func TestAwaitFindsWhatCameSinceTheLook(t *testing.T) {
	c := start(t, cache.Options{Store: memory(t)})
	late := misses(t, c, hours)
	tell(t, c, hours, opens)
	if l := c.Await(t.Context(), asked(hours), late, time.Minute); !l.Hit || l.Answer != opens {
		t.Errorf("%+v, want the answer", l)
	}
	settle(t, c)
	// The lead was given back.
	if l := c.Await(t.Context(), asked(password), misses(t, c, password), time.Minute); !cache.Leads(l) {
		t.Error("a new question has no leader")
	}
	if s := stats(t, c); s.Hits != 1 || s.Misses != 2 {
		t.Errorf("%d hits and %d misses are counted, want 1 and 2", s.Hits, s.Misses)
	}
}

func TestALeadIsGivenBackAtTheEndOfTheProcess(t *testing.T) {
	kept := memory(t)
	dying, stop := process(t, cache.Options{Store: kept})
	led := dying.Await(t.Context(), asked(hours), misses(t, dying, hours), time.Minute)
	stop()
	if why := dying.Keep(asked(hours), led, made(opens)); why == "" {
		t.Error("an answer is kept by a process that has ended")
	}
	c := start(t, cache.Options{Store: kept})
	if l := c.Await(t.Context(), asked(hours), misses(t, c, hours), time.Minute); !cache.Leads(l) {
		t.Error("the question still has a leader")
	}
}
