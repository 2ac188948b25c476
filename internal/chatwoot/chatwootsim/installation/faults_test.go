package installation

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

func TestFaultsOfTheAPI(t *testing.T) {
	for name, c := range map[string]struct {
		fault  chatwootsim.Fault
		status int // 0: the connection drops
		saved  bool
	}{
		"500 after saving":      {chatwootsim.Fault{Kind: chatwootsim.FaultStatus, Status: 500, Saved: true}, 500, true},
		"500 before saving":     {chatwootsim.Fault{Kind: chatwootsim.FaultStatus, Status: 500}, 500, false},
		"422 transient":         {chatwootsim.Fault{Kind: chatwootsim.FaultStatus, Status: 422}, 422, false},
		"422 after saving":      {chatwootsim.Fault{Kind: chatwootsim.FaultStatus, Status: 422, Saved: true}, 422, true},
		"401":                   {chatwootsim.Fault{Kind: chatwootsim.FaultStatus, Status: 401}, 401, false},
		"404":                   {chatwootsim.Fault{Kind: chatwootsim.FaultStatus, Status: 404}, 404, false},
		"429 with Retry-After":  {chatwootsim.Fault{Kind: chatwootsim.FaultStatus, Status: 429, RetryAfter: 7}, 429, false},
		"dropped after saving":  {chatwootsim.Fault{Kind: chatwootsim.FaultDrop, Saved: true}, 0, true},
		"dropped before saving": {chatwootsim.Fault{Kind: chatwootsim.FaultDrop}, 0, false},
		"of another route":      {chatwootsim.Fault{Kind: chatwootsim.FaultDrop, Path: "/labels"}, 200, true},
		"of another method":     {chatwootsim.Fault{Kind: chatwootsim.FaultDrop, Method: "GET"}, 200, true},
		"of this route": {
			chatwootsim.Fault{Kind: chatwootsim.FaultStatus, Status: 500, Path: "/messages", Method: "POST"},
			500,
			false,
		},
		"of this route's full path": {
			chatwootsim.Fault{Kind: chatwootsim.FaultStatus, Status: 500, Path: account + "/conversations/*/messages"},
			500, false,
		},
		"used up": {chatwootsim.Fault{Kind: chatwootsim.FaultStatus, Status: 500, Count: 1}, 200, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, nil)
			id := s.writes("Hi").Conversation
			s.must(s.Inject(c.fault))
			if name == "used up" {
				s.call(botToken, "GET", conversationPath(id, ""), "")
			}
			got, err := s.try(botToken, "POST", conversationPath(id, "/messages"), `{"content":"Hello"}`)
			if got.status != c.status || (err != nil) != (c.status == 0) {
				t.Errorf("status %d, error %v; want %d", got.status, err, c.status)
			}
			if saved := len(s.BotMessages(id)) == 1; saved != c.saved {
				t.Errorf("saved %v, want %v", saved, c.saved)
			}
			calls := s.Calls()
			if last := calls[len(calls)-1]; last.Saved != c.saved || last.Status != c.status || (last.Message != 0) != c.saved {
				t.Errorf("log: %+v", last)
			}
			if c.fault.RetryAfter != 0 && got.header.Get("Retry-After") != "7" {
				t.Errorf("Retry-After %q", got.header.Get("Retry-After"))
			}
			s.Heal()
			if got := s.says(id, `{"content":"Hello"}`); got.status != 200 {
				t.Errorf("healed: status %d", got.status)
			}
		})
	}
}

func TestADelayHoldsTheAnswerBack(t *testing.T) {
	s := newShop(t, nil)
	id := s.writes("Hi").Conversation
	s.must(s.Inject(chatwootsim.Fault{Kind: chatwootsim.FaultDelay, DelayMS: 60}))
	began := time.Now()
	if got := s.says(id, `{"content":"Hello"}`); got.status != 200 || time.Since(began) < 60*time.Millisecond {
		t.Errorf("status %d after %s", got.status, time.Since(began))
	}
}

func TestAFaultStrikesAsOftenAsItsProbabilityAndTheSameInEveryRun(t *testing.T) {
	run := func() (struck []int) {
		s := newShop(t, nil)
		id := s.writes("Hi").Conversation
		s.must(s.Inject(chatwootsim.Fault{Kind: chatwootsim.FaultStatus, Status: 500, Probability: 0.25}))
		for i := range 100 {
			if s.call(botToken, "GET", conversationPath(id, ""), "").status == 500 {
				struck = append(struck, i)
			}
		}
		return struck
	}
	one, two := run(), run()
	if len(one) < 10 || len(one) > 45 || !slices.Equal(one, two) {
		t.Errorf("struck %v, then %v", one, two)
	}
}

func TestFaultsOfWebhooks(t *testing.T) {
	write := func(s *shop, n int) {
		id := s.writes("0").Conversation
		for i := 1; i < n; i++ {
			s.writes(fmt.Sprint(i), id)
		}
		s.settle()
	}
	ids := func(s *shop) (list []float64) {
		for _, h := range s.bot.all() {
			list = append(list, h.event["id"].(float64))
		}
		return list
	}
	t.Run("dropped", func(t *testing.T) {
		s := newShop(t, nil)
		s.must(s.Inject(chatwootsim.Fault{Kind: chatwootsim.FaultWebhookDrop, Count: 2}))
		write(s, 5)
		if got := len(s.bot.all()); got != 3 || s.status(1) != tania.StatusPending {
			t.Errorf("%d came, conversation %s", got, s.status(1))
		}
	})
	t.Run("twice", func(t *testing.T) {
		s := newShop(t, nil)
		s.must(s.Inject(chatwootsim.Fault{Kind: chatwootsim.FaultWebhookDuplicate, Event: "message_created"}))
		write(s, 20)
		got := ids(s)
		slices.Sort(got)
		if len(got) != 40 || len(slices.Compact(got)) != 20 {
			t.Errorf("%d webhooks", len(got))
		}
		same := map[string]int{}
		for _, h := range s.bot.all() {
			same[h.header.Get("X-Chatwoot-Delivery")]++
		}
		if len(same) <= 20 || len(same) >= 40 {
			t.Errorf("%d delivery ids: want some doubles with the same id and some with their own", len(same))
		}
	})
	t.Run("out of order", func(t *testing.T) {
		s := newShop(t, nil)
		s.must(s.Inject(chatwootsim.Fault{Kind: chatwootsim.FaultWebhookReorder, DelayMS: 30}))
		write(s, 20)
		if got := ids(s); len(got) != 20 || slices.IsSorted(got) {
			t.Errorf("%v", got)
		}
	})
	t.Run("overtakes none that is slow", func(t *testing.T) {
		s := newShop(t, nil)
		hold := make(chan struct{})
		s.bot.answer = func(_ int, h hook) int {
			if h.event["content"] == "slow" {
				<-hold
			}
			return 200
		}
		id := s.writes("slow").Conversation
		s.must(s.Inject(chatwootsim.Fault{Kind: chatwootsim.FaultWebhookReorder, Count: 1}))
		s.writes("apart", id)
		s.writes("other")
		s.await(func() bool { return s.Deliveries()[2].Done })
		if d := s.Deliveries()[1]; len(d.Attempts) > 0 || !s.Overtaking() {
			t.Errorf("it came before the one that is slow: %+v", d)
		}
		close(hold)
		s.settle()
		if s.Overtaking() {
			t.Error("all came, and one is said to be under way")
		}
	})
	t.Run("late", func(t *testing.T) {
		s := newShop(t, nil)
		s.must(s.Inject(chatwootsim.Fault{Kind: chatwootsim.FaultWebhookDelay, DelayMS: 40, Count: 1}))
		began := time.Now()
		write(s, 3)
		if got := ids(s); !slices.IsSorted(got) || time.Since(began) < 40*time.Millisecond {
			t.Errorf("%v after %s", got, time.Since(began))
		}
	})
}

func TestAFaultThatMeansNothingIsRefused(t *testing.T) {
	s := newShop(t, nil)
	for _, f := range []chatwootsim.Fault{
		{},
		{Kind: "fire"},
		{Kind: chatwootsim.FaultStatus},
		{Kind: chatwootsim.FaultStatus, Status: 200},
		{Kind: chatwootsim.FaultDrop, Probability: 1.5},
		{Kind: chatwootsim.FaultDrop, Count: -1},
		{Kind: chatwootsim.FaultDrop, Path: "["},
	} {
		if err := s.Inject(f); err == nil {
			t.Errorf("%+v: no error", f)
		}
	}
	if len(s.Faults()) != 0 {
		t.Errorf("in force: %v", s.Faults())
	}
}
