package alert

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"tania/internal/outage"
	"tania/internal/queue"
	"tania/internal/tania"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var settings = Settings{Waiting: 100, Oldest: 2 * time.Minute, Dead: 10}

// well are the facts of a busy installation in which all is well.
func well() facts {
	return facts{
		at:    time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC),
		queue: &queue.Stats{Waiting: 20, Active: 3, OldestWaitingMS: 3000, FailedLastHour: 2, Failed: 5},
		spent: 40_000_000, budget: 100_000_000,
		all: []Report{{Web: true, Webhooks: 900, WebhookErrors: 1}, {Worker: true, CacheHits: 300, CacheLookups: 600}},
	}
}

// troubles are, for each rule, what makes it bad and what is neither bad nor fine (nil where there is no such thing).
var troubles = map[string]struct {
	bad, between func(*facts)
	readings     int
}{
	Waiting:           {func(f *facts) { f.queue.Waiting = 101 }, func(f *facts) { f.queue.Waiting = 81 }, minute},
	OldestWaiting:     {func(f *facts) { f.queue.OldestWaitingMS = 120_001 }, func(f *facts) { f.queue.OldestWaitingMS = 100_000 }, 2},
	PausedLong:        {func(f *facts) { f.queue.Paused = true }, nil, 120},
	Failed:            {func(f *facts) { f.queue.FailedLastHour = 11 }, func(f *facts) { f.queue.FailedLastHour = 9 }, 1},
	DeadLetters:       {func(f *facts) { f.queue.Failed = 11 }, func(f *facts) { f.queue.Failed = 10 }, 1},
	KeysLost:          {func(f *facts) { f.queue.Repaired, f.queue.RepairedAt = 3, f.at.Add(-time.Minute) }, nil, 1},
	NoWorker:          {func(f *facts) { f.all = f.all[:1] }, nil, minute},
	BreakerOpen:       {func(f *facts) { f.all[1].Breakers = []string{"gpt"} }, nil, 2},
	ChatwootAway:      {func(f *facts) { f.all[1].Away = []outage.State{{Name: outage.Chatwoot, Cause: "502 Bad Gateway"}} }, nil, 1},
	ModelAway:         {func(f *facts) { f.all[1].Away = []outage.State{{Name: outage.Model, Cause: "503"}} }, nil, 1},
	BudgetNearlyUsed:  {func(f *facts) { f.spent = 90_000_000 }, nil, 1},
	BudgetUsed:        {func(f *facts) { f.spent = 100_000_000 }, nil, 1},
	WebhookErrors:     {func(f *facts) { f.all[0].WebhookErrors = 60 }, func(f *facts) { f.all[0].WebhookErrors = 40 }, 1},
	WebhooksRefused:   {func(f *facts) { f.all[0].WebhooksRefused = 300 }, func(f *facts) { f.all[0].WebhooksRefused = 160 }, 1},
	TokenRefused:      {func(f *facts) { f.all[1].TokenRefused = "send message: 401" }, nil, 1},
	HandoffIncomplete: {func(f *facts) { f.all[1].HandoffRefused = "assign team: 422" }, nil, 1},
	SourceFailed:      {func(f *facts) { f.all[0].SourceFailed = "https://a.example/hc/b: 503" }, nil, 1},
	Undelivered:       {func(f *facts) { f.all[0].Undelivered = 11 }, func(f *facts) { f.all[0].Undelivered = 9 }, 1},
	ClockOff:          {func(f *facts) { f.all[1].ClockAhead = -121 }, func(f *facts) { f.all[1].ClockAhead = 119 }, minute},
	CacheHitRate:      {func(f *facts) { f.all[1].CacheHits = 100 }, func(f *facts) { f.all[1].CacheHits = 140 }, 5 * minute},
}

func TestEachRuleRaisesAndEndsItsAlert(t *testing.T) {
	for _, r := range rules(settings) {
		t.Run(r.name, func(t *testing.T) {
			trouble, ok := troubles[r.name]
			if !ok {
				t.Fatal("no trouble is known for it")
			}
			var s state
			now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
			judge := func(change func(*facts)) {
				f := well()
				if change != nil {
					change(&f)
				}
				s.judge([]rule{r}, f, now)
				now = now.Add(Every)
			}
			for range 300 {
				judge(nil)
			}
			if len(s.Incidents) != 0 {
				t.Fatalf("raised while all is well: %+v", s.raised())
			}
			for n := range trouble.readings {
				if len(s.raised()) != 0 {
					t.Fatalf("raised after %d readings", n)
				}
				judge(trouble.bad)
			}
			if raised := s.raised(); len(raised) != 1 || raised[0].Name != r.name || raised[0].Text.In(tania.English) == "" ||
				raised[0].Fix.In(tania.English) == "" {
				t.Fatalf("%+v", raised)
			}
			for range 300 {
				if trouble.between != nil {
					judge(trouble.between)
				}
				judge(trouble.bad)
			}
			if len(s.raised()) != 1 || len(s.Ended) != 0 {
				t.Fatalf("flapped: %+v, ended %+v", s.raised(), s.Ended)
			}
			for len(s.raised()) == 1 && now.Before(time.Date(2026, 11, 25, 23, 0, 0, 0, time.UTC)) {
				judge(nil)
			}
			if len(s.Ended) != 1 || s.Ended[0].Name != r.name || !s.Ended[0].Ended.After(s.Ended[0].Since) {
				t.Fatalf("%+v", s.Ended)
			}
		})
	}
}

func TestAShortTroubleRaisesNothing(t *testing.T) {
	for _, r := range rules(settings) {
		trouble := troubles[r.name]
		if trouble.readings < 2 {
			continue
		}
		var s state
		for n := range 400 {
			f := well()
			if n%trouble.readings != 0 { // one good reading before it would be raised
				trouble.bad(&f)
			}
			s.judge([]rule{r}, f, time.Now())
		}
		if len(s.raised()) != 0 || len(s.Ended) != 0 {
			t.Errorf("%s: %+v", r.name, s.raised())
		}
	}
}

func TestWhatIsNotKnownChangesNothing(t *testing.T) {
	var s state
	bad := well()
	bad.queue.Failed = 50
	s.judge(rules(settings), bad, time.Now())
	for range 200 {
		s.judge(rules(settings), facts{spent: -1, budget: 100}, time.Now())
	}
	if raised := s.raised(); len(raised) != 1 || raised[0].Name != DeadLetters {
		t.Errorf("%+v", raised)
	}
}

func TestSmallNumbersRaiseNothing(t *testing.T) {
	var s state
	for range 200 {
		f := well()
		f.all[0].Webhooks, f.all[0].WebhookErrors = 4, 4
		f.all[1].CacheHits, f.all[1].CacheLookups = 0, 49
		f.budget = 0
		s.judge(rules(settings), f, time.Now())
	}
	if len(s.Incidents) != 0 {
		t.Errorf("%+v", s.raised())
	}
}

func TestAWindowForgets(t *testing.T) {
	w := window{long: 5 * time.Minute}
	var a, b int64
	for n := range int64(100) {
		a, b = w.add(10*n, n)
	}
	if a != 200 || b != 20 || len(w.readings) != 21 {
		t.Errorf("%d, %d in a window of twenty readings, %d kept", a, b, len(w.readings))
	}
}
