package e2e

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// disturbances is how often something happens in the chaos test; TANIA_CHAOS_ROUNDS asks for more, as make chaos does.
const disturbances = 30

// fsyncAlways makes a Redis keep what it acknowledged, whatever happens to it.
var fsyncAlways = []string{"--appendonly", "yes", "--appendfsync", "always"}

// harm is something that happens to an installation, more or less often.
type harm struct {
	what  string
	often int
	do    func()
}

// TestChaos is an installation on one Redis, to which everything happens that happens in a year.
func TestChaos(t *testing.T) {
	redis := redistest.Start(t, fsyncAlways...)
	forAPIs, forWorkers := redistest.NewProxy(t, redis.Addr()), redistest.NewProxy(t, redis.Addr())
	f := newFleet(t, forAPIs.URL(), forWorkers.URL(), chaosSettings("QUEUE_PARTITIONS=4")...)
	either := func() *redistest.Proxy { return []*redistest.Proxy{forAPIs, forWorkers}[rand.IntN(2)] }
	f.chaos(t, rounds(t), append(f.harms(t),
		harm{"Redis killed", 2, func() {
			redis.Kill()
			pauseFor(t, rand.N(300*time.Millisecond))
			if err := redis.Launch(); err != nil {
				t.Fatal(err)
			}
		}},
		harm{"connections closed", 2, func() { either().Cut() }},
		harm{"connections reset", 2, func() { either().Reset() }},
		harm{"Redis out of reach", 2, func() {
			p := either()
			p.Refuse()
			pauseFor(t, rand.N(time.Second))
			p.Heal()
		}},
		harm{"nothing passes", 2, func() {
			p := either()
			p.Stall()
			pauseFor(t, rand.N(1500*time.Millisecond))
			p.Heal()
		}},
		harm{"everything is slow", 1, func() {
			p := either()
			p.Delay(15 * time.Millisecond)
			pauseFor(t, rand.N(time.Second))
			p.Heal()
		}},
	))
}

// TestChaosInACluster runs on three masters, with 8 partitions.
func TestChaosInACluster(t *testing.T) {
	nodes := redistest.StartCluster(t, 3, fsyncAlways...)
	url := nodes[0].URL() + "?addr=" + nodes[1].Addr() + "&addr=" + nodes[2].Addr()
	f := newFleet(t, url, url, chaosSettings("QUEUE_PARTITIONS=8")...)
	f.chaos(t, (rounds(t)+2)/3, append(f.harms(t), harm{"a master killed", 4, func() {
		node := nodes[rand.IntN(len(nodes))]
		node.Kill()
		pauseFor(t, rand.N(300*time.Millisecond))
		if err := node.Launch(); err != nil {
			t.Fatal(err)
		}
	}}))
}

// TestChaosWithSentinel kills the master halfway; the Sentinel makes its replica the master.
func TestChaosWithSentinel(t *testing.T) {
	s := redistest.StartSentinelled(t, fsyncAlways...)
	f := newFleet(t, s.URL(), s.URL(), chaosSettings()...)
	n := 0
	half := (rounds(t) + 5) / 6
	harms := f.harms(t)
	f.chaos(t, 2*half+1, []harm{{"this and that", 1, func() {
		if n++; n == half+1 {
			s.Master.Kill()
			return
		}
		harms[rand.IntN(len(harms))].do()
	}}})
	if !s.Promoted(t) {
		t.Error("the replica is not the master")
	}
}

func rounds(t *testing.T) int {
	t.Helper()
	asked := os.Getenv("TANIA_CHAOS_ROUNDS")
	if asked == "" {
		return disturbances
	}
	n, err := strconv.Atoi(asked)
	if err != nil {
		t.Fatal("TANIA_CHAOS_ROUNDS: ", err)
	}
	return n
}

// chaosSettings are shorter times than an installation's, so that more happens; and what the chaos itself does to Chatwoot is no
// reason to be silent.
func chaosSettings(more ...string) []string {
	return append(more, "QUEUE_LEASE_MS=1000", "QUEUE_DEBOUNCE_MS=400", "QUEUE_DEBOUNCE_MAX_MS=1200", "WORKER_CONCURRENCY=8",
		"WORKER_TYPING_ENABLED=false", "GOVERNOR_RATE_LIMIT_ENABLED=false",
		// A webhook that no process took opens the conversation to humans.
		"BOT_REPLY_STATUSES=pending,open",
		// A crash counts as an attempt, and whom the chaos kills is innocent.
		"QUEUE_MAX_RETRIES=20")
}

// harms are those that need no Redis.
func (f *fleet) harms(t *testing.T) []harm {
	worker := func() *process { return f.workers[rand.IntN(len(f.workers))] }
	return []harm{
		{"worker killed", 8, func() {
			w := worker()
			w.kill()
			w.launch()
		}},
		{"worker stopped for longer than its lease", 4, func() {
			w := worker()
			w.signal(syscall.SIGSTOP)
			pauseFor(t, 1500*time.Millisecond)
			w.signal(syscall.SIGCONT)
		}},
		{"API killed", 4, func() {
			a := f.apis[rand.IntN(len(f.apis))]
			a.kill()
			a.start()
		}},
	}
}

// chaos lets customers write, does harm so many times, and counts in the simulator's log: no accepted message lost, none
// answered twice, order kept, never two turns of a conversation at once.
func (f *fleet) chaos(t *testing.T, rounds int, harms []harm) {
	t.Helper()
	if err := f.sim.Inject(
		chatwootsim.Fault{Kind: chatwootsim.FaultWebhookDuplicate, Probability: 0.1},
		chatwootsim.Fault{Kind: chatwootsim.FaultWebhookReorder, Probability: 0.1, DelayMS: 100},
	); err != nil {
		t.Fatal(err)
	}
	const customers = 24
	stop, stopped := context.WithCancel(t.Context())
	defer stopped()
	conversations := make([]tania.ConversationID, customers)
	var wg sync.WaitGroup
	for c := range customers {
		first, err := f.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: question(c, 0)})
		if err != nil {
			t.Fatal(err)
		}
		conversations[c] = first.Conversation
		wg.Go(func() { f.customer(stop, t, c, first.Conversation) })
	}
	var lots []harm
	for _, h := range harms {
		for range h.often {
			lots = append(lots, h)
		}
	}
	happened := map[string]int{}
	for range rounds {
		pauseFor(t, 60*time.Millisecond+rand.N(400*time.Millisecond))
		h := lots[rand.IntN(len(lots))]
		h.do()
		happened[h.what]++
	}
	stopped()
	wg.Wait()
	t.Log(happened, f.sim.Faults())
	f.check(t, conversations)
}
