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

// TestChaos runs an API process and three workers on a Redis that keeps every write on disk, while customers write, and
// kills, stalls and restarts them at random. The simulator's log is the judge: no accepted message lost, none answered twice,
// order kept.
func TestChaos(t *testing.T) {
	rounds := disturbances
	if s := os.Getenv("TANIA_CHAOS_ROUNDS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		rounds = n
	}
	redis := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "always")
	in := newInstallation(t, "REDIS_URL="+redis.URL(), "QUEUE_PARTITIONS=4", "QUEUE_LEASE_MS=1000",
		"QUEUE_DEBOUNCE_MS=30", "QUEUE_DEBOUNCE_MAX_MS=200", "WORKER_CONCURRENCY=4", "WORKER_TYPING_ENABLED=false",
		// As in the crash test: a lost webhook opens the conversation, and whom the chaos kills is innocent.
		"BOT_REPLY_STATUSES=pending,open", "GOVERNOR_RATE_LIMIT_ENABLED=false", "QUEUE_MAX_RETRIES=20")
	in.tania.args = []string{"serve", "--worker=false", "--env", ""}
	in.tania.start()
	var workers []*process
	for range 3 {
		w := newProcess(t)
		w.args, w.env = []string{"worker", "--env", ""}, in.tania.env
		w.launch()
		workers = append(workers, w)
	}

	const customers = 24
	stop, stopped := context.WithCancel(t.Context())
	defer stopped()
	conversations := make([]tania.ConversationID, customers)
	var wg sync.WaitGroup
	for c := range customers {
		first, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: question(c, 0)})
		if err != nil {
			t.Fatal(err)
		}
		conversations[c] = first.Conversation
		wg.Go(func() { in.customer(stop, t, c, first.Conversation) })
	}
	happened := map[string]int{}
	for range rounds {
		pauseFor(t, 60*time.Millisecond+rand.N(400*time.Millisecond))
		worker := workers[rand.IntN(len(workers))]
		var what string
		switch n := rand.IntN(20); {
		case n < 10:
			what = "worker killed"
			worker.kill()
			worker.launch()
		case n < 14:
			what = "worker stalled for longer than its lease"
			worker.signal(syscall.SIGSTOP)
			pauseFor(t, 1500*time.Millisecond)
			worker.signal(syscall.SIGCONT)
		case n < 18:
			what = "API killed"
			in.tania.kill()
			in.tania.start()
		default:
			what = "Redis killed"
			redis.Kill()
			pauseFor(t, rand.N(300*time.Millisecond))
			if err := redis.Launch(); err != nil {
				t.Fatal(err)
			}
		}
		happened[what]++
	}
	stopped()
	wg.Wait()
	t.Logf("%v", happened)
	in.check(t, conversations)
}
