package e2e

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/redistest"
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
	// outage reports whether Redis is away for a while. Webhooks overtake each other before and after, not then: one that comes
	// when Redis is away, behind a later one that Redis has, is late whatever is done.
	outage bool
}

// TestChaos is an installation on one Redis, to which everything happens that happens in a year.
func TestChaos(t *testing.T) {
	redis := redistest.Start(t, fsyncAlways...)
	forAPIs, forWorkers := redistest.NewProxy(t, redis.Addr()), redistest.NewProxy(t, redis.Addr())
	f := newFleet(t, forAPIs.URL(), forWorkers.URL(), chaosSettings("QUEUE_PARTITIONS=4")...)
	proxies := []*redistest.Proxy{forAPIs, forWorkers}
	either := func() *redistest.Proxy { return proxies[rand.IntN(2)] }
	both := func(harm func(*redistest.Proxy), long time.Duration) {
		for _, p := range proxies {
			harm(p)
		}
		pauseFor(t, rand.N(long))
		for _, p := range proxies {
			p.Heal()
		}
	}
	f.chaos(t, draw(rounds(t), append(f.harms(t),
		harm{what: "connections closed", often: 2, do: func() { either().Cut() }},
		harm{what: "connections reset", often: 2, do: func() { either().Reset() }},
		harm{what: "everything is slow", often: 1, do: func() {
			both(func(p *redistest.Proxy) { p.Delay(15 * time.Millisecond) }, time.Second)
		}},
		harm{what: "Redis out of reach", often: 2, outage: true, do: func() { both((*redistest.Proxy).Refuse, time.Second) }},
		harm{what: "nothing passes", often: 2, outage: true, do: func() { both((*redistest.Proxy).Stall, 1500*time.Millisecond) }},
		harm{what: "Redis killed", often: 2, outage: true, do: func() { restart(t, redis) }},
	)))
}

// restart kills a Redis, and starts it again after a moment.
func restart(t *testing.T, s *redistest.Server) {
	t.Helper()
	s.Kill()
	pauseFor(t, rand.N(300*time.Millisecond))
	if err := s.Launch(); err != nil {
		t.Fatal(err)
	}
}

// TestChaosInACluster runs on three masters, with 8 partitions.
func TestChaosInACluster(t *testing.T) {
	nodes := redistest.StartCluster(t, 3, fsyncAlways...)
	url := nodes[0].URL() + "?addr=" + nodes[1].Addr() + "&addr=" + nodes[2].Addr()
	f := newFleet(t, url, url, chaosSettings("QUEUE_PARTITIONS=8")...)
	f.chaos(t, draw((rounds(t)+2)/3, append(f.harms(t),
		harm{what: "a master killed", often: 4, outage: true, do: func() {
			restart(t, nodes[rand.IntN(len(nodes))])
			// A master that comes back takes no writes at first.
			await(t, 30*time.Second, "the cluster to be whole", func() bool { return redistest.Whole(nodes) })
		}})))
}

// TestChaosWithSentinel kills the master; the Sentinel makes its replica the master, and the chaos goes on.
func TestChaosWithSentinel(t *testing.T) {
	s := redistest.StartSentinelled(t, fsyncAlways...)
	f := newFleet(t, s.URL(), s.URL(), chaosSettings()...)
	half := (rounds(t) + 5) / 6
	failover := harm{what: "failover", often: 1, outage: true, do: func() {
		// How far a replica is behind is Redis's affair: what it never got is lost with the master, as docs/delivery.md says.
		await(t, 30*time.Second, "the replica to have what the master has", func() bool { return s.Replicated(t) })
		s.Master.Kill()
		await(t, 30*time.Second, "the replica to be the master", s.Promoted)
	}}
	f.chaos(t, slices.Concat(draw(half, f.harms(t)), []harm{failover}, draw(half, f.harms(t))))
	if !s.Promoted() {
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
	return append(more, "QUEUE_LEASE_MS=1000", "QUEUE_DEBOUNCE_MS=700", "QUEUE_DEBOUNCE_MAX_MS=2100", "WORKER_CONCURRENCY=8",
		"WORKER_TYPING_ENABLED=false", "GOVERNOR_RATE_LIMIT_ENABLED=false",
		// Who looks at the queue in the end is connected to others than Tania.
		"ADMIN_TOKEN=an-admin-token-of-tests",
		// A webhook that no process took opens the conversation to humans.
		"BOT_REPLY_STATUSES=pending,open",
		// A crash counts as an attempt, and whom the chaos kills is innocent.
		"QUEUE_MAX_RETRIES=20")
}

// harms are those that need no Redis.
func (f *fleet) harms(t *testing.T) []harm {
	worker := func() *process { return f.workers[rand.IntN(len(f.workers))] }
	return []harm{
		{what: "worker killed", often: 8, do: func() {
			w := worker()
			w.kill()
			w.launch()
		}},
		{what: "worker stopped for longer than its lease", often: 4, do: func() {
			w := worker()
			w.signal(syscall.SIGSTOP)
			pauseFor(t, 1500*time.Millisecond)
			w.signal(syscall.SIGCONT)
		}},
		{what: "API killed", often: 4, do: func() {
			a := f.apis[rand.IntN(len(f.apis))]
			a.kill()
			a.start()
		}},
	}
}

// draw makes a sequence of so many harms.
func draw(n int, harms []harm) (sequence []harm) {
	var lots []harm
	for _, h := range harms {
		for range h.often {
			lots = append(lots, h)
		}
	}
	for range n {
		sequence = append(sequence, lots[rand.IntN(len(lots))])
	}
	return sequence
}

// overtaking is how long a webhook may be held back so that others overtake it.
const overtaking = 100 * time.Millisecond

// disorder lets webhooks come twice, and overtake each other.
func (f *fleet) disorder(t *testing.T, overtake bool) {
	t.Helper()
	f.sim.Heal()
	faults := []chatwootsim.Fault{{Kind: chatwootsim.FaultWebhookDuplicate, Probability: 0.1}}
	if overtake {
		faults = append(faults, chatwootsim.Fault{Kind: chatwootsim.FaultWebhookReorder, Probability: 0.1, DelayMS: overtaking.Milliseconds()})
	}
	if err := f.sim.Inject(faults...); err != nil {
		t.Fatal(err)
	}
}

// chaos lets customers write, does one harm after the other, and counts in the simulator's log: no accepted message lost, none
// answered twice, order kept, never two turns of a conversation at once.
func (f *fleet) chaos(t *testing.T, harms []harm) {
	t.Helper()
	f.disorder(t, true)
	conversations, leave := f.customers(t)
	happened := map[string]int{}
	for _, h := range harms {
		pauseFor(t, 60*time.Millisecond+rand.N(400*time.Millisecond))
		if h.outage {
			f.disorder(t, false)
			f.await(t, 30*time.Second, "the webhooks that are overtaken", func() bool { return !f.sim.Overtaking() })
		}
		h.do()
		happened[h.what]++
		if h.outage {
			pauseFor(t, rand.N(time.Second))
			f.disorder(t, true)
		}
	}
	leave()
	t.Log(happened)
	f.check(t, conversations, slices.Concat(f.apis, f.workers)...)
}
