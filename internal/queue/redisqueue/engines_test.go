package redisqueue

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue/redisconn"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// patience is how long what must happen may take on a busy machine.
const patience = 30 * time.Second

// plain are options without debounce whose timers a test does not live to see: what happens, happens by a signal.
func plain() queue.Options {
	return queue.Options{Debounce: -1, DebounceMax: -1, Lease: time.Hour, MaxAttempts: 3}
}

// process is one of several engines on one queue, as the processes of an installation are.
func process(t *testing.T, s *redistest.Server, name string, change func(*Options)) *Engine {
	t.Helper()
	o := Options{Options: plain(), Redis: connection(t, s), Name: name}
	if change != nil {
		change(&o)
	}
	e, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func name() string { return fmt.Sprintf("test%d", stores.Add(1)) }

func key(account, conversation int) tania.ConversationKey {
	return tania.ConversationKey{Account: tania.AccountID(account), Conversation: tania.ConversationID(conversation)}
}

func push(t *testing.T, e *Engine, k tania.ConversationKey, id int) {
	t.Helper()
	if r, err := e.Push(t.Context(), tania.Message{ID: tania.MessageID(id), Key: k, Content: fmt.Sprint("message ", id)}); err != nil ||
		r.Duplicate {
		t.Fatalf("push of %d: %+v, %v", id, r, err)
	}
}

func claim(t *testing.T, e *Engine) *queue.Turn {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), patience)
	defer done()
	turn, err := e.Claim(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return turn
}

func happens(t *testing.T, what string, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(patience):
		t.Fatalf("%s: nothing came", what)
	}
}

func TestAClaimIsWokenByAnotherProcess(t *testing.T) {
	n := name()
	api, worker := process(t, server, n, nil), process(t, server, n, nil)
	for id := 1; id <= 200; id++ {
		claimed := make(chan *queue.Turn, 1)
		go func() { claimed <- claim(t, worker) }()
		push(t, api, key(1, id), id)
		select {
		case turn := <-claimed:
			if err := worker.Complete(t.Context(), turn); err != nil {
				t.Fatal(err)
			}
		case <-time.After(patience):
			t.Fatalf("the push of %d woke nobody", id)
		}
	}
}

func TestADebouncedTurnComesByItself(t *testing.T) {
	n := name()
	debounced := func(o *Options) { o.Debounce, o.DebounceMax = 50*time.Millisecond, time.Second }
	api, worker := process(t, server, n, debounced), process(t, server, n, debounced)
	claimed := make(chan *queue.Turn, 1)
	go func() { claimed <- claim(t, worker) }()
	push(t, api, key(1, 1), 1)
	push(t, api, key(1, 1), 2)
	if turn := <-claimed; len(turn.Messages) != 2 {
		t.Errorf("%d messages", len(turn.Messages))
	}
}

func TestAWorkerHearsOfMessagesTakenElsewhere(t *testing.T) {
	n := name()
	api, worker := process(t, server, n, nil), process(t, server, n, nil)
	push(t, api, key(1, 1), 1)
	turn := claim(t, worker)
	push(t, api, key(1, 1), 2)
	happens(t, "news of the second message", turn.Newer)
	if more, err := worker.Absorb(t.Context(), turn); err != nil || !more || len(turn.Messages) != 2 {
		t.Errorf("absorbed %v, %v", more, err)
	}
}

// TestAStalledWorkerIsRefused is a process that was stopped for longer than its lease and goes on as if nothing were.
func TestAStalledWorkerIsRefused(t *testing.T) {
	n := name()
	short := func(o *Options) { o.Lease = 50 * time.Millisecond }
	stalled, other := process(t, server, n, short), process(t, server, n, short)
	push(t, stalled, key(1, 1), 1)
	old := claim(t, stalled)
	turn := claim(t, other) // waits for the lease's end
	if turn.ID != old.ID || turn.Attempt != 2 || turn.Token <= old.Token {
		t.Errorf("%+v after %+v", turn, old)
	}
	happens(t, "the loss of the lease", old.Lost)
	for op, err := range map[string]error{
		"Extend": stalled.Extend(t.Context(), old), "Checkpoint": stalled.Checkpoint(t.Context(), old, []byte("stale")),
		"Complete": stalled.Complete(t.Context(), old), "Release": stalled.Release(t.Context(), old),
	} {
		if !errors.Is(err, queue.ErrLost) {
			t.Errorf("%s by the stalled worker: %v, want ErrLost", op, err)
		}
	}
}

// TestProcessesShareTheWork: many conversations, each worked by one process at a time, every message once and in order.
func TestProcessesShareTheWork(t *testing.T) {
	for _, partitions := range []int{1, 8} {
		t.Run(fmt.Sprint(partitions, " partitions"), func(t *testing.T) { shareTheWork(t, connection(t, server), partitions) })
	}
}

func shareTheWork(t *testing.T, redis rueidis.ClientOption, partitions int) {
	t.Helper()
	n := name()
	const conversations, each, processes, workers = 60, 10, 3, 4
	var mu sync.Mutex
	running, seen := map[tania.ConversationKey]bool{}, map[tania.ConversationKey][]tania.MessageID{}
	left := make(chan struct{}, conversations*each)
	ctx, end := context.WithCancel(t.Context())
	defer end()
	var group sync.WaitGroup
	var engines []*Engine
	for range processes {
		e := process(t, server, n, func(o *Options) { o.Partitions, o.Redis = partitions, redis })
		engines = append(engines, e)
		for range workers {
			group.Go(func() {
				for {
					turn, err := e.Claim(ctx)
					if err != nil {
						return
					}
					mu.Lock()
					if running[turn.Key] {
						t.Errorf("two turns of %s at once", turn.Key)
					}
					running[turn.Key] = true
					for _, m := range turn.Messages {
						seen[turn.Key] = append(seen[turn.Key], m.ID)
					}
					mu.Unlock()
					mu.Lock()
					running[turn.Key] = false
					mu.Unlock()
					if err := e.Complete(ctx, turn); err != nil {
						t.Error(err)
					}
					for range turn.Messages {
						left <- struct{}{}
					}
				}
			})
		}
	}
	for id := 1; id <= conversations*each; id++ {
		push(t, engines[id%processes], key(id%3+1, id%conversations+1), id)
	}
	for range conversations * each {
		happens(t, "the end of a message", left)
	}
	end()
	group.Wait()
	total := 0
	for k, ids := range seen {
		for i := 1; i < len(ids); i++ {
			if ids[i] <= ids[i-1] {
				t.Errorf("%s got %v", k, ids)
			}
		}
		total += len(ids)
	}
	if total != conversations*each {
		t.Errorf("%d messages were worked, want %d", total, conversations*each)
	}
	s, err := engines[0].Stats(t.Context())
	if err != nil || s.Waiting+s.Active+s.Delayed != 0 || s.Messages != conversations*each {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestPartitionsAreOneQueue(t *testing.T) {
	e := process(t, server, name(), func(o *Options) { o.Partitions = 8 })
	if changed, err := e.Pause(t.Context(), "ana"); err != nil || !changed {
		t.Fatal(changed, err)
	}
	for id := 1; id <= 40; id++ {
		push(t, e, key(1, id), id)
	}
	if s, err := e.Stats(t.Context()); err != nil || s.Waiting != 40 || !s.Paused || s.PausedBy != "ana" {
		t.Fatalf("%+v, %v", s, err)
	}
	if _, err := e.Resume(t.Context(), "ana"); err != nil {
		t.Fatal(err)
	}
	for range 40 {
		if err := e.Bury(t.Context(), claim(t, e), errors.New("no")); err != nil {
			t.Fatal(err)
		}
	}
	dead, err := e.Dead(t.Context(), 10)
	if err != nil || len(dead) != 10 {
		t.Fatalf("%d dead turns, %v", len(dead), err)
	}
	for i := 1; i < len(dead); i++ {
		if dead[i].Died.After(dead[i-1].Died) {
			t.Error("dead turns are not listed newest first")
		}
	}
	if err := errors.Join(e.RetryDead(t.Context(), dead[3].ID), e.DiscardDead(t.Context(), dead[4].ID)); err != nil {
		t.Fatal(err)
	}
	if turn := claim(t, e); turn.ID != dead[3].ID || turn.Attempt != 1 {
		t.Errorf("%+v", turn)
	}
	if s, _ := e.Stats(t.Context()); s.Failed != 38 {
		t.Errorf("%+v", s)
	}
}

// TestARestartedRedisHasWhatWasAcknowledged kills Redis (append-only file, fsync always) and starts it again.
func TestARestartedRedisHasWhatWasAcknowledged(t *testing.T) {
	s := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "always")
	e := process(t, s, name(), nil)
	for id := 1; id <= 50; id++ {
		push(t, e, key(1, id), id)
	}
	held := claim(t, e)
	if err := e.Checkpoint(t.Context(), held, []byte("plan")); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Intend(t.Context(), held, []byte("refund")); err != nil {
		t.Fatal(err)
	}
	parked := claim(t, e)
	if err := e.Park(t.Context(), parked, time.Hour, []byte("may it?")); err != nil {
		t.Fatal(err)
	}
	s.Kill()
	ctx, done := context.WithTimeout(t.Context(), patience)
	defer done()
	if _, err := e.Push(ctx, tania.Message{ID: 999, Key: key(2, 1)}); !errors.Is(err, queue.ErrUnavailable) {
		t.Errorf("a push without Redis: %v, want ErrUnavailable", err)
	}
	if err := s.Launch(); err != nil {
		t.Fatal(err)
	}
	seen := map[tania.MessageID]bool{}
	for n := range 49 {
		if n == 48 {
			if err := e.Unpark(t.Context(), parked.ID, "ana", []byte("yes")); err != nil {
				t.Errorf("the turn that was parked before the restart: %v", err)
			}
		}
		turn := claim(t, e)
		seen[turn.Messages[0].ID] = true
		if err := e.Complete(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 49 {
		t.Errorf("%d of 49 messages came back", len(seen))
	}
	if calls, err := e.Calls(t.Context(), held); err != nil || len(calls) != 1 || string(calls[0].Intent) != "refund" {
		t.Errorf("the journal across the restart: %+v, %v", calls, err)
	}
	if err := e.Complete(t.Context(), held); err != nil {
		t.Errorf("the turn that was held across the restart: %v", err)
	}
}

// TestRedisMayComeLater: an engine that was opened without it works when it is there.
func TestRedisMayComeLater(t *testing.T) {
	s := redistest.Start(t)
	s.Kill()
	e := process(t, s, name(), nil)
	if _, err := e.Push(t.Context(), tania.Message{ID: 1, Key: key(1, 1)}); !errors.Is(err, queue.ErrUnavailable) {
		t.Errorf("a push without Redis: %v, want ErrUnavailable", err)
	}
	claimed := make(chan *queue.Turn, 1)
	go func() { claimed <- claim(t, e) }()
	if err := s.Launch(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "Redis to be found", func() bool { return e.Ready(t.Context()) == nil })
	push(t, e, key(1, 1), 1)
	select {
	case turn := <-claimed:
		if err := e.Complete(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
	case <-time.After(patience):
		t.Fatal("the claim that waited got no turn")
	}
}

// TestCutConnectionsAreMadeUpFor: a claim that waits is woken though every connection was cut since.
func TestCutConnectionsAreMadeUpFor(t *testing.T) {
	n, own := name(), redistest.Start(t) // the other tests' connections are not to be cut
	api, worker := process(t, own, n, nil), process(t, own, n, nil)
	for id := 1; id <= 5; id++ {
		claimed := make(chan *queue.Turn, 1)
		go func() { claimed <- claim(t, worker) }()
		for _, kind := range []string{"normal", "pubsub"} {
			own.Do(t, "CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes")
		}
		ctx, done := context.WithTimeout(t.Context(), patience)
		for { // the first attempt may meet the cut connection
			_, err := api.Push(ctx, tania.Message{ID: tania.MessageID(id), Key: key(1, id)})
			if err == nil {
				break
			}
			if ctx.Err() != nil {
				t.Fatal(err)
			}
		}
		done()
		select {
		case turn := <-claimed:
			if err := worker.Complete(t.Context(), turn); err != nil && !errors.Is(err, queue.ErrUnavailable) {
				t.Fatal(err)
			}
		case <-time.After(patience):
			t.Fatalf("push %d woke nobody after the connections were cut", id)
		}
	}
}

func TestAServerThatAsksForAUser(t *testing.T) {
	s := redistest.Start(t, "--user", "default", "off", "--user", "tania", "on", ">s3cret", "~*", "&*", "+@all")
	for address, fails := range map[string]bool{
		"redis://tania:s3cret@" + s.Addr(): false, "redis://tania:wrong@" + s.Addr(): true, "redis://" + s.Addr(): true,
	} {
		o, err := redisconn.ParseURL(address)
		if err != nil {
			t.Fatal(err)
		}
		e, err := Open(t.Context(), Options{Options: plain(), Redis: o, Name: name()})
		if (err != nil) != fails {
			t.Errorf("%s: %v", address, err)
		}
		if err == nil {
			push(t, e, key(1, 1), 1)
			_ = e.Close()
		} else if !errors.Is(err, queue.ErrUnavailable) {
			t.Errorf("%s: %v, want ErrUnavailable", address, err)
		}
	}
}
