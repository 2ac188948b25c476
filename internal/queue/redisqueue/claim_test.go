package redisqueue

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// TestAClaimAsksRedisItselfOnlyWhereNobodyIsPassed: not while others wait, enough ask already, or a partition gathers what was kept.
func TestAClaimAsksRedisItselfOnlyWhereNobodyIsPassed(t *testing.T) {
	s := newStore(t, plain())
	t.Cleanup(s.Remove)
	push(t, s.e, key(1, 1), 1)
	set := func(change func()) {
		s.e.mu.Lock()
		defer s.e.mu.Unlock()
		change()
	}
	refused := func(why string, ctx context.Context) {
		t.Helper()
		if turn := s.e.claimDirectly(ctx); turn != nil {
			t.Fatalf("a turn was claimed where %s", why)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	refused("the caller has gone", ended)
	w := &waiter{turn: make(chan *queue.Turn, 1)}
	set(func() { s.e.waiters = []*waiter{w} })
	refused("another waits", t.Context())
	set(func() { s.e.waiters, s.e.direct = nil, directly })
	refused("enough ask", t.Context())
	set(func() { s.e.direct, s.e.gathering = directly-1, true })
	refused("a partition gathers", t.Context())
	set(func() { s.e.gathering = false })
	turn := s.e.claimDirectly(t.Context())
	if turn == nil {
		t.Fatal("nothing was claimed where nothing is in the way")
	}
	refused("there is no turn", t.Context())
	set(func() {
		if s.e.direct != directly-1 {
			t.Errorf("%d are counted that ask, want %d", s.e.direct, directly-1)
		}
		s.e.direct = 0
	})
	try(t, s.e.Complete(t.Context(), turn))
	try(t, s.e.Close())
	refused("the engine is closed", t.Context())
}

// TestPartitionsAreAskedInTurn: one that is full delays no other.
func TestPartitionsAreAskedInTurn(t *testing.T) {
	o := plain()
	s := newStore(t, o)
	t.Cleanup(s.Remove)
	parted := process(t, server, s.o.Name+"parted", func(o *Options) { o.Partitions = 3 })
	in := map[int]int{}
	for n := 1; n <= 60; n++ {
		k := key(1, n)
		if p := parted.Partition(k); in[p] < 4 {
			in[p]++
			push(t, parted, k, n)
		}
	}
	var order []int
	for range 12 {
		turn := parted.claimDirectly(t.Context())
		if turn == nil {
			t.Fatalf("nothing to claim after %v", order)
		}
		order = append(order, parted.Partition(turn.Key))
		try(t, parted.Complete(t.Context(), turn))
	}
	for i := 3; i < len(order); i++ {
		if order[i] != order[i-3] || order[i] == order[i-1] {
			t.Fatalf("claimed from the partitions %v, want each in turn", order)
		}
	}
}

// TestAPartitionThatWasAwayGathers what processes kept before its turns are claimed, if it was away for long.
func TestAPartitionThatWasAwayGathers(t *testing.T) {
	own := redistest.Start(t)
	e := process(t, own, name(), nil)
	short := absence{since: time.Now()}
	if next, err := e.serveFrom(0, &short); err != nil || next != e.Lease || short.lasts() {
		t.Errorf("away for a moment: next in %s, %v, %+v", next, err, short)
	}
	for _, away := range []time.Duration{outage + 50*time.Millisecond, time.Hour} {
		long := absence{since: time.Now().Add(-away)}
		next, err := e.serveFrom(0, &long)
		if err != nil || next <= 0 || next > gatherFor || !long.lasts() || !long.since.IsZero() {
			t.Errorf("away for %s: next in %s, %v, %+v", away, next, err, long)
		}
		long.until = time.Now()
		if next, err := e.serveFrom(0, &long); err != nil || next != e.Lease || long.lasts() {
			t.Errorf("%s, then gathered: next in %s, %v, %+v", away, next, err, long)
		}
	}
	own.Kill()
	w := &waiter{turn: make(chan *queue.Turn, 1)}
	e.mu.Lock()
	e.waiters = append(e.waiters, w)
	e.mu.Unlock()
	var now absence
	if next, err := e.serveFrom(0, &now); !errors.Is(err, queue.ErrUnavailable) || next != retryAfter || now.since.IsZero() || !now.lasts() {
		t.Errorf("it goes away: next in %s, %v, %+v", next, err, now)
	}
	since := now.since
	if next, err := e.serveFrom(0, &now); !errors.Is(err, queue.ErrUnavailable) || next != retryAfter || !now.since.Equal(since) {
		t.Errorf("it is away: next in %s, %v, %+v", next, err, now)
	}
}

// TestHowSoonAnEventIsLookedAt: at once when it was, and at the end of a lease at the latest.
func TestHowSoonAnEventIsLookedAt(t *testing.T) {
	const most = time.Minute
	for at, want := range map[string]time.Duration{
		"0": most, "5000000": time.Millisecond, "1": time.Millisecond, "6000000": time.Second, "5000001": time.Millisecond,
		"5001500": 1500 * time.Microsecond, "65000000": most, "99000000": most,
	} {
		event, now := says(t, at), says(t, "5000000")
		if got := until(&event, &now, most); got != want {
			t.Errorf("an event at %s, now 5000000: in %s, want %s", at, got, want)
		}
	}
}

// TestATurnThatNobodyWaitsForAnyMoreIsGivenBack, as if it had not been claimed.
func TestATurnThatNobodyWaitsForAnyMoreIsGivenBack(t *testing.T) {
	s := newStore(t, plain())
	t.Cleanup(s.Remove)
	push(t, s.e, key(1, 1), 1)
	_, turns, err := s.e.claimScript(s.e.bases[0], 1)
	try(t, err)
	s.e.hand(turns[0])
	if turn := claim(t, s.e); turn.Attempt != 1 || turn.Token <= turns[0].Token {
		t.Errorf("%+v", turn)
	}
}

// TestALostTurnIsToldThoughNobodyIsHeard: whoever is refused knows it, also where the channel between engines is down.
func TestALostTurnIsToldThoughNobodyIsHeard(t *testing.T) {
	for op := range queuetest.TurnOperations(t.Context(), nil, &queue.Turn{}) {
		s := newStore(t, queue.Options{Debounce: -1, DebounceMax: -1, Lease: 10 * time.Second})
		t.Cleanup(s.Remove)
		push(t, s.e, key(1, 1), 1)
		turn := claim(t, s.e)
		s.Advance(10 * time.Second)
		if err := s.e.do(t.Context(), s.e.client().B().ClientKill().TypePubsub().Build()).Error(); err != nil {
			t.Fatal(err)
		}
		if err := queuetest.TurnOperations(t.Context(), s.e, turn)[op](); !errors.Is(err, queue.ErrLost) {
			t.Errorf("%s: %v, want ErrLost", op, err)
		}
		select {
		case <-turn.Lost:
		default:
			t.Errorf("%s is refused, and Lost is not closed", op)
		}
	}
}

// TestWhatAnEngineHears acts on what it knows, and on nothing else.
func TestWhatAnEngineHears(t *testing.T) {
	s := newStore(t, plain())
	t.Cleanup(s.Remove)
	push(t, s.e, key(1, 1), 1)
	turn := claim(t, s.e)
	told := func() (newer, lost bool) {
		select {
		case <-turn.Newer:
			newer = true
		default:
		}
		select {
		case <-turn.Lost:
			lost = true
		default:
		}
		return newer, lost
	}
	token := claimOf(turn)[1]
	for _, test := range []struct {
		says        string
		newer, lost bool
	}{
		{"newer other", false, false},
		{"newer " + string(turn.ID), true, false},
		{"lost other " + token, false, false},
		{"lost " + string(turn.ID) + " x", false, false},
		{"lost " + string(turn.ID) + " 999999", false, false},
		{"", false, false},
		{"lost " + string(turn.ID) + " " + token, false, true},
	} {
		s.e.hear(test.says)
		if newer, lost := told(); newer != test.newer || lost != test.lost {
			t.Errorf("%q: told of newer messages %v, of the loss %v", test.says, newer, lost)
		}
	}
}

// TestAnEngineHearsWhoIsForgotten, and waits at its close for what it does about it.
func TestAnEngineHearsWhoIsForgotten(t *testing.T) {
	s := newStore(t, plain())
	t.Cleanup(s.Remove)
	var heard, done []string
	begun := make(chan struct{})
	s.e.OnForget(func(ctx context.Context, account tania.AccountID, contact tania.ContactID) {
		heard = append(heard, fmt.Sprint(account, " ", contact))
		close(begun)
		<-ctx.Done()
		for range 1000 {
			runtime.Gosched()
		}
		done = append(done, fmt.Sprint(account, " ", contact))
	})
	for _, says := range []string{"forget x 7", "forget 1 x", "forget 1 12"} {
		s.e.hear(says)
	}
	<-begun
	try(t, s.e.Close())
	if !slices.Equal(heard, []string{"1 12"}) || !slices.Equal(done, heard) {
		t.Errorf("heard %v, done %v", heard, done)
	}
}

// TestAContactIsFoundByItsNumbers, as another version of the program looks for it.
func TestAContactIsFoundByItsNumbers(t *testing.T) {
	s := newStore(t, plain())
	t.Cleanup(s.Remove)
	_, err := s.e.UpdateContact(t.Context(), 15, 12, func(*tania.ContactMemory) bool { return true })
	try(t, err)
	names, err := admin.Do(t.Context(), admin.B().Hkeys().Key(s.e.bases[0]+":K").Build()).AsStrSlice()
	if err != nil || !slices.Equal(names, []string{"15:12"}) {
		t.Errorf("%v, %v", names, err)
	}
}

// TestWithoutANameTheQueueHasThatOfTheDocumentation, and without partitions one.
func TestWithoutANameTheQueueHasThatOfTheDocumentation(t *testing.T) {
	own := redistest.Start(t)
	e, err := Open(t.Context(), Options{Options: plain(), Redis: connection(t, own)})
	try(t, err)
	t.Cleanup(func() { _ = e.Close() })
	push(t, e, key(1, 1), 1)
	keys := own.Do(t, "EVAL", `return table.concat(redis.call('KEYS', '*'), ' ')`, "0")
	if e.Partitions() != 1 || !strings.Contains(keys, "{tania-messages:0}") || strings.Contains(keys, "{:") {
		t.Errorf("%d partitions, keys %s", e.Partitions(), keys)
	}
}

// TestCountersOutliveAMonth by as much as is promised, and no longer.
func TestCountersOutliveAMonth(t *testing.T) {
	s := newStore(t, plain())
	t.Cleanup(s.Remove)
	try(t, s.e.Count(t.Context(), map[string]int64{"calls": 1}))
	ms, err := admin.Do(t.Context(), admin.B().Pttl().Key(s.e.countersKey()).Build()).AsInt64()
	if left := time.Duration(ms) * time.Millisecond; err != nil || left > countersFor || left < countersFor-time.Hour {
		t.Errorf("%s are left, %v, want %s", left, err, countersFor)
	}
}

// TestMoreIsRepairedThanOneScriptLooksAt: waiting mailboxes, the messages of one, and what Redis names in several answers.
func TestMoreIsRepairedThanOneScriptLooksAt(t *testing.T) {
	own := redistest.Start(t)
	clock := &queuetest.Clock{}
	o := Options{Options: plain(), Redis: connection(t, own), Name: name()}
	waitLong(&o)
	e, err := open(t.Context(), o, clock)
	try(t, err)
	t.Cleanup(func() { _ = e.Close() })
	const many = repairBatch + repairBatch/2
	own.Do(t, "EVAL", `for n = 1, 3000 do redis.call('SET', 'beside:' .. n, '1') end return 1`, "0")
	for n := range many {
		push(t, e, key(1, 1), 1+n)
		push(t, e, key(2, 1+n), many+1+n)
	}
	records := make([]tania.Record, 0, many)
	for n := range many {
		records = append(records, tania.Record{Key: key(2, 1+n), Message: tania.MessageID(n + 1), At: clock.Now()})
	}
	try(t, e.SaveRecords(t.Context(), records...))
	for _, kind := range []string{":b", ":ru"} {
		own.Do(t, "DEL", e.bases[0]+kind)
	}
	_, err = e.checkPartition(t.Context(), e.bases[0], true)
	try(t, err)
	backlog, err := e.Stats(t.Context())
	try(t, err)
	if backlog.Delayed+backlog.Waiting != many+1 || backlog.Lost != 0 {
		t.Errorf("%+v, want all of %d conversations", backlog, many+1)
	}
	if found, err := e.RecentRecords(t.Context(), 1); err != nil || len(found) != 1 {
		t.Errorf("%d records are found, %v, want one", len(found), err)
	}
	if found, err := e.RecentRecords(t.Context(), 2*many); err != nil || len(found) != many {
		t.Errorf("%d records are found, %v, want %d", len(found), err, many)
	}
	kinds, err := e.keysOf(t.Context(), e.bases[0])
	if found := len(kinds["R"]); err != nil || found != many {
		t.Errorf("%d keys of records are named, %v, want %d", found, err, many)
	}
	clock.Advance(2 * time.Hour)
	claimed := map[tania.ConversationKey]int{}
	for len(claimed) <= many {
		_, turns, err := e.claimScript(e.bases[0], claimMost)
		try(t, err)
		for _, turn := range turns {
			claimed[turn.Key] = len(turn.Messages)
		}
		if len(turns) == 0 {
			break
		}
	}
	if len(claimed) != many+1 || claimed[key(1, 1)] != many {
		t.Errorf("%d conversations are claimed, one of them with %d messages, want %d", len(claimed), claimed[key(1, 1)], many)
	}
}
