package pulse_test

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"tania/internal/ledger"
	"tania/internal/pulse"
	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/tania"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T) *sqlitequeue.Engine {
	t.Helper()
	e, err := sqlitequeue.Open(t.Context(), filepath.Join(t.TempDir(), "tania.db"), queue.Options{Debounce: -1, DebounceMax: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// clock is a time that a test moves.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func TestWhatOneProcessMeasuresAnotherShows(t *testing.T) {
	engine := open(t)
	c := &clock{time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)}
	s := pulse.NewSampler(engine, c.now)
	s.Take(t.Context())

	a, b := &pulse.Meter{}, &pulse.Meter{}
	for i := 1; i <= 100; i++ {
		a.Webhook.Observe(time.Duration(i) * time.Millisecond)
		b.Turn.Observe(time.Duration(i) * 100 * time.Millisecond)
	}
	b.Errors.Add(3)
	for _, m := range []*pulse.Meter{a, b} {
		if err := m.Flush(t.Context(), engine); err != nil {
			t.Fatal(err)
		}
	}
	if err := engine.Count(t.Context(), map[string]int64{
		"llm/calls": 9, "llm/cost_micro_usd": 1500,
		"llm/cost_micro_usd/2026-11": 500,
	}); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		push(t, engine, i+1)
	}
	c.t = c.t.Add(5 * time.Second)
	got := s.Take(t.Context())
	if got.Err != nil || got.Accepted != 4 || got.Queue.Waiting == 0 {
		t.Errorf("20 messages in 5 s: accepted %v/s, %d waiting, error %v", got.Accepted, got.Queue.Waiting, got.Err)
	}
	near := func(what string, got, want float64) { // buckets are 19 % wide
		if math.Abs(got-want)/want > 0.19 {
			t.Errorf("%s = %.1f ms, want %.0f or nearly", what, got, want)
		}
	}
	near("webhook p50", got.Webhook.P50, 50)
	near("webhook p95", got.Webhook.P95, 95)
	near("turn p50", got.Turn.P50, 5000)
	near("turn p99", got.Turn.P99, 9900)
	if got.Webhook.Count != 100 || got.ModelErrors != 3 || got.RecentErrors != 3 || got.ModelCalls != 9 ||
		got.Spent != 1500 || got.SpentThisMonth != 500 {
		t.Errorf("counts: %+v", got)
	}

	// A minute later the latencies are no longer news.
	for range 61 {
		c.t = c.t.Add(time.Second)
		got = s.Take(t.Context())
	}
	if got.Webhook.Count != 0 || got.Webhook.P99 != 0 || got.Accepted != 0 {
		t.Errorf("after a quiet minute: %+v", got)
	}
}

func push(t *testing.T, engine queue.Engine, id int) {
	t.Helper()
	m := tania.Message{
		ID: tania.MessageID(id), Key: tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(id)},
		Content: "hola",
	}
	if _, err := engine.Push(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

func TestSeriesAreBoundedAndOutlastAStoreThatFails(t *testing.T) {
	engine := open(t)
	c := &clock{time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)}
	s := pulse.NewSampler(engine, c.now)
	if _, ok := s.Latest(); ok {
		t.Error("a sample before the first")
	}
	for range pulse.Kept + 5 {
		c.t = c.t.Add(time.Second)
		s.Take(t.Context())
	}
	if n := len(s.Samples()); n != pulse.Kept {
		t.Errorf("%d samples kept, want %d", n, pulse.Kept)
	}
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	if got := s.Take(t.Context()); got.Err == nil {
		t.Error("a sample of a closed store has no error")
	}
	if latest, _ := s.Latest(); latest.Err == nil {
		t.Error("the failed sample is not the latest")
	}
}

func TestMeasurementsWaitForAStoreThatIsAway(t *testing.T) {
	engine := open(t)
	m := &pulse.Meter{}
	m.Webhook.Observe(10 * time.Millisecond)
	m.Errors.Add(1)
	if err := m.Flush(t.Context(), &store{err: errors.New("away")}); err == nil {
		t.Fatal("no error of a store that is away")
	}
	if err := m.Flush(t.Context(), engine); err != nil {
		t.Fatal(err)
	}
	counters, err := engine.Counters(t.Context())
	if err != nil || counters[ledger.Errors] != 1 || len(counters) != 2 {
		t.Errorf("counters %v, %v", counters, err)
	}
}

// store is a Counter that notes what it is given.
type store struct {
	err    error
	totals map[string]int64
	calls  int
}

func (s *store) Count(_ context.Context, delta map[string]int64) error {
	s.calls++
	if s.err != nil {
		return s.err
	}
	for k, v := range delta {
		s.totals[k] += v
	}
	return nil
}

func TestMeterStoresEverySecondAndAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{err: errors.New("away"), totals: map[string]int64{}}
		m := &pulse.Meter{}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- m.Run(ctx, s, slog.New(slog.DiscardHandler)) }()
		time.Sleep(3500 * time.Millisecond) // the bubble's time
		synctest.Wait()
		if s.calls != 0 {
			t.Errorf("stored %d times with nothing measured", s.calls)
		}
		m.Turn.Observe(time.Second)
		time.Sleep(time.Second)
		synctest.Wait()
		if s.calls != 1 || len(s.totals) != 0 {
			t.Errorf("calls %d, totals %v", s.calls, s.totals)
		}
		s.err = nil
		stop()
		if err := <-ended; err != nil || len(s.totals) != 1 {
			t.Errorf("at the end: totals %v, error %v", s.totals, err)
		}
	})
}

// TestEachBotIsCounted, across processes and what the store did not take at first; where there is the main one only, it is not told apart.
func TestEachBotIsCounted(t *testing.T) {
	engine := open(t)
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	bots := func() []pulse.OfBot {
		t.Helper()
		counters, err := engine.Counters(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return pulse.Bots(counters, at)
	}
	a, b := &pulse.Meter{}, &pulse.Meter{}
	flush := func(m *pulse.Meter) {
		t.Helper()
		if err := m.Flush(t.Context(), engine); err != nil {
			t.Fatal(err)
		}
	}
	a.Ended(tania.Record{Outcome: tania.OutcomeAnswered})
	flush(a)
	if got := bots(); got != nil {
		t.Errorf("with the main one only: %+v", got)
	}
	for _, o := range []tania.Outcome{
		tania.OutcomeNotKnown, tania.OutcomeAskedBack, tania.OutcomeHandedOver, tania.OutcomeSilent, tania.OutcomeFailed,
	} {
		a.Ended(tania.Record{Outcome: o})
	}
	away := open(t)
	if err := away.Close(); err != nil {
		t.Fatal(err)
	}
	if err := a.Flush(t.Context(), away); err == nil {
		t.Fatal("a store that is away took counts")
	}
	a.Ended(tania.Record{Bot: "shop", Outcome: tania.OutcomeAnswered})
	b.Ended(tania.Record{Bot: "shop", Outcome: tania.OutcomeAnswered})
	for _, m := range []*pulse.Meter{a, b, b} {
		flush(m)
	}
	err := engine.Count(t.Context(), map[string]int64{
		ledger.MonthlyCost(at): 700, ledger.MonthlyCostOf("shop", at): 200, ledger.MonthlyCostOf("spends", at): 100,
		ledger.MonthlyCostOf("shop", at.AddDate(0, -1, 0)): 5000, ledger.MonthlyCostOf("gone", at.AddDate(0, -1, 0)): 9,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []pulse.OfBot{
		{Bot: "main", Turns: 6, Answered: 1, NotKnown: 1, AskedBack: 1, HandedOver: 1, Silent: 1, Failed: 1, Cost: 400},
		{Bot: "shop", Turns: 2, Answered: 2, Cost: 200},
		{Bot: "spends", Cost: 100},
	}
	if diff := cmp.Diff(want, bots()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if sample := pulse.NewSampler(engine, func() time.Time { return at }).Take(t.Context()); cmp.Diff(want, sample.Bots) != "" {
		t.Errorf("a sample has %+v, %v", sample.Bots, sample.Err)
	}
}
