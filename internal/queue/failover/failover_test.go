package failover_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tania/internal/queue"
	"tania/internal/queue/failover"
	"tania/internal/queue/queuetest"
	"tania/internal/queue/redisqueue"
	"tania/internal/queue/redisqueue/redisconn"
	"tania/internal/redistest"
	"tania/internal/tania"
)

func TestMain(m *testing.M) {
	// A dial that Close no longer waits for ends by its own time-out.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/redis/rueidis.(*call).DelayDo.func1"),
		goleak.IgnoreAnyFunction("github.com/redis/rueidis.NewClient"))
}

// patience is how long what must happen may take on a busy machine.
const patience = time.Minute

// api is what one process has to take webhooks with.
type api struct {
	*failover.Failover
	engine *redisqueue.Engine
	run    chan error
	end    context.CancelFunc
}

func newEngine(t *testing.T, url string) *redisqueue.Engine {
	t.Helper()
	connect, err := redisconn.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	e, err := redisqueue.Open(t.Context(), redisqueue.Options{
		Options: queue.Options{Debounce: -1, DebounceMax: -1, Lease: 2 * time.Second}, Redis: connect, Name: "q", Partitions: 3,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func newAPI(t *testing.T, url, dir string) *api {
	t.Helper()
	a := &api{engine: newEngine(t, url), run: make(chan error, 1)}
	var err error
	if a.Failover, err = failover.Open(t.Context(), dir, a.engine, slog.New(slog.NewTextHandler(t.Output(), nil))); err != nil {
		t.Fatal(err)
	}
	var ctx context.Context
	ctx, a.end = context.WithCancel(t.Context())
	go func() { a.run <- a.Run(ctx, a.push) }()
	t.Cleanup(func() { a.stop(t) })
	return a
}

// stop is safe to repeat.
func (a *api) stop(t *testing.T) {
	t.Helper()
	a.end()
	if err := <-a.run; err != nil {
		t.Error(err)
	}
	a.run <- nil
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

func (a *api) push(ctx context.Context, d failover.Delivery) error {
	var id tania.MessageID
	if err := json.Unmarshal(d.Body, &id); err != nil {
		return err
	}
	_, err := a.engine.Push(ctx, tania.Message{ID: id, Key: d.Key, Content: string(d.Body), Received: d.Received})
	return err
}

// deliver is a webhook with a message.
func (a *api) deliver(t *testing.T, conversation, id int) (kept bool) {
	t.Helper()
	d := failover.Delivery{Key: key(conversation), Body: fmt.Append(nil, id), Received: time.Now()}
	kept, err := a.Take(t.Context(), d, a.push)
	if err != nil {
		t.Errorf("message %d: %v", id, err)
	}
	return kept
}

func key(conversation int) tania.ConversationKey {
	return tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(conversation)}
}

// received claims and completes until so many messages came, and gives them by conversation, in order of their first coming: a
// claim that Redis made and could not tell of comes again.
func received(t *testing.T, e queue.Engine, n int) map[tania.ConversationKey][]tania.MessageID {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), patience)
	defer done()
	got := map[tania.ConversationKey][]tania.MessageID{}
	for n > 0 {
		turn, err := e.Claim(ctx)
		if err != nil {
			t.Fatalf("%d messages did not come: %v", n, err)
		}
		for _, m := range turn.Messages {
			if !slices.Contains(got[turn.Key], m.ID) {
				got[turn.Key] = append(got[turn.Key], m.ID)
				n--
			}
		}
		for err := queue.ErrUnavailable; errors.Is(err, queue.ErrUnavailable); err = e.Complete(ctx, turn) {
			if ctx.Err() != nil {
				t.Fatal(err)
			}
		}
	}
	return got
}

// inOrder checks that every conversation got the ids from to to, each once, in order.
func inOrder(t *testing.T, got map[tania.ConversationKey][]tania.MessageID, conversations, each int) {
	t.Helper()
	for c := range conversations {
		var want []tania.MessageID
		for n := range each {
			want = append(want, tania.MessageID(c*each+n+1))
		}
		if have := got[key(c+1)]; !slices.Equal(have, want) {
			t.Errorf("conversation %d got %v, want %v", c+1, have, want)
		}
	}
}

func TestRedisIsAwayAtTheStart(t *testing.T) {
	redis := redistest.Start(t)
	redis.Kill()
	a := newAPI(t, redis.URL(), t.TempDir())
	for n := range 30 {
		for c := range 5 {
			if !a.deliver(t, c+1, c*30+n+1) {
				t.Fatal("a delivery was not kept, and there is no Redis")
			}
		}
	}
	if a.Spooled() != 150 {
		t.Errorf("%d deliveries are kept, want 150", a.Spooled())
	}
	if err := redis.Launch(); err != nil {
		t.Fatal(err)
	}
	inOrder(t, received(t, newEngine(t, redis.URL()), 150), 5, 30)
	await(t, "nothing to be kept", func() bool { return a.Spooled() == 0 })
	if a.deliver(t, 9, 1000) {
		t.Error("Redis is back and a delivery is kept")
	}
}

func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), patience)
	defer done()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// TestNothingIsLostTwiceOrOutOfOrder: two processes take webhooks of a conversation each in turn, while what is between them and
// Redis is cut, reset, delayed, stalled and refused, and Redis is killed.
func TestNothingIsLostTwiceOrOutOfOrder(t *testing.T) {
	const conversations, each = 24, 60
	redis := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "always")
	proxy := redistest.NewProxy(t, redis.Addr())
	dir := t.TempDir() // of both
	apis := []*api{newAPI(t, proxy.URL(), dir), newAPI(t, proxy.URL(), dir)}

	// On a busy machine Redis may be too slow at first: the outage begins when a delivery has gone there at once.
	kept, begun := make([]int, conversations), 0
	for begun < each {
		begun++
		if !apis[0].deliver(t, 1, begun) {
			break
		}
		kept[0]++
		await(t, "nothing to be kept", func() bool { return apis[0].Spooled() == 0 })
	}
	stop := make(chan struct{})
	var chaos, customers sync.WaitGroup
	chaos.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			case <-time.After(time.Duration(20+rand.N(60)) * time.Millisecond):
			}
			switch n % 6 {
			case 0:
				proxy.Cut()
			case 1:
				proxy.Stall()
			case 2:
				proxy.Reset()
			case 3:
				proxy.Delay(10 * time.Millisecond)
			case 4:
				proxy.Refuse()
			case 5:
				redis.Kill()
				if err := redis.Launch(); err != nil {
					t.Error(err)
				}
			}
			if n%2 == 1 {
				proxy.Heal()
			}
		}
	})
	for c := range conversations {
		customers.Go(func() {
			sent := 0
			if c == 0 {
				sent = begun
			}
			for n := sent; n < each; n++ {
				// One process has a conversation: which of two gets a webhook first is the network's to say.
				if apis[c%2].deliver(t, c+1, c*each+n+1) {
					kept[c]++
				}
				<-time.After(rand.N(40 * time.Millisecond))
			}
		})
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		customers.Wait()
		close(stop)
		chaos.Wait()
		proxy.Heal()
	}()
	worker := newEngine(t, redis.URL())
	inOrder(t, received(t, worker, conversations*each), conversations, each)
	if s, err := worker.Stats(t.Context()); err != nil || s.Messages != conversations*each {
		t.Errorf("Redis counts %d messages, want %d (%v)", s.Messages, conversations*each, err)
	}
	await(t, "nothing to be kept", func() bool { return apis[0].Spooled()+apis[1].Spooled() == 0 })
	<-over
	if all := sum(kept); all == 0 || all == conversations*each {
		t.Errorf("%d of %d deliveries were kept: that is no test", all, conversations*each)
	}
}

func sum(list []int) (n int) {
	for _, v := range list {
		n += v
	}
	return n
}

// TestTheNextProcessMovesWhatWasKept: two processes end while Redis is away; one comes back.
func TestTheNextProcessMovesWhatWasKept(t *testing.T) {
	redis, dir := redistest.Start(t), t.TempDir()
	redis.Kill()
	first, second := newAPI(t, redis.URL(), dir), newAPI(t, redis.URL(), dir)
	for n := range 20 {
		first.deliver(t, 1, n+1)
		second.deliver(t, 2, 60+n+1)
	}
	first.stop(t)
	second.stop(t)
	third := newAPI(t, redis.URL(), dir)
	if third.Spooled() != 40 {
		t.Errorf("40 deliveries are left, and %d are known", third.Spooled())
	}
	for n := range 20 {
		third.deliver(t, 1, 20+n+1)
		third.deliver(t, 2, 80+n+1)
	}
	third.stop(t)
	last := newAPI(t, redis.URL(), dir)
	for n := range 20 {
		last.deliver(t, 1, 40+n+1)
		last.deliver(t, 2, 100+n+1)
	}
	if err := redis.Launch(); err != nil {
		t.Fatal(err)
	}
	inOrder(t, received(t, newEngine(t, redis.URL()), 120), 2, 60)
	await(t, "nothing to be kept", func() bool { return last.Spooled() == 0 })
}

// TestAStartWaitsForNothingThatWasKept: what other processes left stays in their files until it is moved from there, and a webhook is taken
// meanwhile, behind the older ones of its conversation.
func TestAStartWaitsForNothingThatWasKept(t *testing.T) {
	redis, dir := redistest.Start(t), t.TempDir()
	redis.Kill()
	first := newAPI(t, redis.URL(), dir)
	const each = 200
	for n := range each {
		first.deliver(t, 1, n+1)
	}
	first.stop(t)
	e := newEngine(t, redis.URL())
	f, err := failover.Open(t.Context(), dir, e, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	second := &api{Failover: f, engine: e}
	if f.Spooled() != each {
		t.Errorf("%d are known, want %d", f.Spooled(), each)
	}
	// Nothing moves before Run does.
	const mark = "100000000099"
	d := failover.Delivery{Key: key(1), Body: []byte(mark), Received: time.Now()}
	if kept, err := f.Take(t.Context(), d, second.push); err != nil || !kept {
		t.Fatalf("%v, %v", kept, err)
	}
	if s, err := f.Forget(t.Context(), func(failover.Delivery) bool { return false }); err != nil || s != 0 {
		t.Errorf("%d forgotten, %v", s, err)
	}
	for file, want := range map[string]string{"kept-1.db": mark, "kept-2.db": `"content":"200"`} {
		for _, name := range queuetest.FilesWith(t, dir, want) {
			if strings.HasPrefix(filepath.Base(name), file) {
				t.Errorf("%s is in %s: it was copied", want, name)
			}
		}
	}
	if err := redis.Launch(); err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- f.Run(ctx, second.push) }()
	got := received(t, newEngine(t, redis.URL()), each+1)[key(1)]
	if len(got) != each+1 || got[each] != 100000000099 || !slices.IsSorted(got) {
		t.Errorf("got %v", got)
	}
	await(t, "nothing to be kept", func() bool { return f.Spooled() == 0 })
	end()
	if err := errors.Join(<-ended, f.Close()); err != nil {
		t.Error(err)
	}
	// The files are empty, and the next process has the first for its own.
	third := newAPI(t, redis.URL(), dir)
	if third.Spooled() != 0 {
		t.Errorf("%d are kept", third.Spooled())
	}
}

// TestAPoisonedDeliveryHoldsUpItsConversationOnly until it is taken after all.
func TestAPoisonedDeliveryHoldsUpItsConversationOnly(t *testing.T) {
	redis := redistest.Start(t)
	e := newEngine(t, redis.URL())
	var mu sync.Mutex
	poisoned := true
	work := func(ctx context.Context, d failover.Delivery) error {
		mu.Lock()
		defer mu.Unlock()
		if poisoned && d.Key == key(1) {
			return errors.New("poison")
		}
		return (&api{engine: e}).push(ctx, d)
	}
	f, err := failover.Open(t.Context(), t.TempDir(), e, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	away := func(context.Context, failover.Delivery) error { return queue.ErrUnavailable }
	for n := range 50 {
		d := failover.Delivery{Key: key(n%25 + 1), Body: fmt.Append(nil, n%25*2+n/25+1)}
		if kept, err := f.Take(t.Context(), d, away); !kept || err != nil {
			t.Fatal(kept, err)
		}
	}
	ctx, end := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- f.Run(ctx, work) }()
	got := received(t, e, 48)
	await(t, "the poisoned conversation alone to be kept", func() bool { return f.Spooled() == 2 })
	if got[key(1)] != nil {
		t.Errorf("of the poisoned conversation came %v", got[key(1)])
	}
	mu.Lock()
	poisoned = false
	mu.Unlock()
	got[key(1)] = received(t, e, 2)[key(1)]
	inOrder(t, got, 25, 2)
	end()
	if err := errors.Join(<-ran, f.Close()); err != nil {
		t.Error(err)
	}
}

// TestWhatCannotBeKeptIsAnError: the webhook is answered 500 then.
func TestWhatCannotBeKeptIsAnError(t *testing.T) {
	f, err := failover.Open(t.Context(), t.TempDir(), newEngine(t, redistest.Start(t).URL()), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	away := func(context.Context, failover.Delivery) error { return queue.ErrUnavailable }
	if kept, err := f.Take(t.Context(), failover.Delivery{Key: key(1), Body: []byte("1")}, away); kept || !errors.Is(err, queue.ErrClosed) {
		t.Errorf("kept %v, %v", kept, err)
	}
	broken := errors.New("broken")
	if kept, err := f.Take(t.Context(), failover.Delivery{Key: key(1)},
		func(context.Context, failover.Delivery) error { return broken }); kept || !errors.Is(err, broken) {
		t.Errorf("an error that is not the store's absence: kept %v, %v", kept, err)
	}
}
