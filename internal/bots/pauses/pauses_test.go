package pauses_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"tania/internal/bots/pauses"
	"tania/internal/queue"
	"tania/internal/queue/enginetest"
	"tania/internal/tania"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func boardOn(store queue.Bots) *pauses.Board {
	return &pauses.Board{
		Store: store, Account: 3, Known: func(name string) bool { return name == "main" || name == "shop" }, Log: slog.New(slog.DiscardHandler),
	}
}

// follow runs a board, and ends it with the test.
func follow(t *testing.T, b *pauses.Board) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); b.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
}

func key(conversation tania.ConversationID) tania.ConversationKey {
	return tania.ConversationKey{Account: 3, Conversation: conversation}
}

// becomes waits until a board knows whether conversation 1 in inbox 11 of the shop's is paused.
func becomes(t *testing.T, b *pauses.Board, want bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for began := time.Now(); ; <-tick.C {
		if _, paused := b.Covering("shop", key(1), 11); paused == want {
			return
		}
		if time.Since(began) > 30*time.Second {
			t.Fatalf("after 30 s: paused is not %v", want)
		}
	}
}

// TestEveryProcessFollows on both engines, and one that starts later knows it from the start.
func TestEveryProcessFollows(t *testing.T) {
	for name, engines := range enginetest.Pairs(t) {
		t.Run(name, func(t *testing.T) {
			one, other := boardOn(engines[0]), boardOn(engines[1])
			if err := one.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			follow(t, one)
			follow(t, other)
			scope := pauses.Scope{Bot: "shop", Inbox: 11}
			if changed, err := one.Pause(t.Context(), pauses.Pause{Scope: scope, By: "ana", Why: "a fair"}); err != nil || !changed {
				t.Fatal(changed, err)
			}
			becomes(t, one, true)
			becomes(t, other, true)
			late := boardOn(engines[1])
			if err := late.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			if p, ok := late.Covering("shop", key(1), 11); !ok || p.String() != "paused, bot shop, inbox 11, by ana: a fair" {
				t.Errorf("a later process knows %q, %v", p, ok)
			}
			if changed, err := other.Resume(t.Context(), scope, "ines"); err != nil || !changed {
				t.Fatal(changed, err)
			}
			becomes(t, one, false)
			becomes(t, other, false)
		})
	}
}

func newBoard(t *testing.T) *pauses.Board {
	t.Helper()
	return boardOn(enginetest.SQLite(t, queue.Options{}))
}

func TestWhatAPauseCovers(t *testing.T) {
	other := tania.ConversationKey{Account: 4, Conversation: 1}
	for name, c := range map[string]struct {
		scope pauses.Scope
		// of the shop's conversations 1 and 2 in inbox 11, the main bot's conversation 1 in inbox 12, and another account's conversation 1.
		want [4]bool
	}{
		"a bot":                      {pauses.Scope{Bot: "shop"}, [4]bool{true, true, false, true}},
		"the main bot":               {pauses.Scope{Bot: "main"}, [4]bool{false, false, true, false}},
		"an inbox":                   {pauses.Scope{Inbox: 11}, [4]bool{true, true, false, false}},
		"an inbox elsewhere":         {pauses.Scope{Account: 4, Inbox: 11}, [4]bool{false, false, false, true}},
		"a conversation":             {pauses.Scope{Conversation: 1}, [4]bool{true, false, true, false}},
		"a bot's conversation":       {pauses.Scope{Bot: "main", Conversation: 1}, [4]bool{false, false, true, false}},
		"a conversation in an inbox": {pauses.Scope{Inbox: 12, Conversation: 2}, [4]bool{}},
	} {
		b := newBoard(t)
		if _, err := b.Pause(t.Context(), pauses.Pause{Scope: c.scope, By: "ana"}); err != nil {
			t.Fatal(err)
		}
		var got [4]bool
		_, got[0] = b.Covering("shop", key(1), 11)
		_, got[1] = b.Covering("shop", key(2), 11)
		_, got[2] = b.Covering("main", key(1), 12)
		_, got[3] = b.Covering("shop", other, 11)
		if got != c.want {
			t.Errorf("%s covers %v, want %v", name, got, c.want)
		}
	}
}

func TestPausesAreListedAndEndOneByOne(t *testing.T) {
	b := newBoard(t)
	for _, s := range []pauses.Scope{{Bot: "shop"}, {Inbox: 11}, {Inbox: 11}, {Conversation: 1}} {
		changed, err := b.Pause(t.Context(), pauses.Pause{Scope: s, By: "ana"})
		if again := s.Inbox == 11; err != nil || !changed && !again {
			t.Fatalf("%+v: %v, %v", s, changed, err)
		}
	}
	if changed, err := b.Resume(t.Context(), pauses.Scope{Inbox: 12}, "ana"); err != nil || changed {
		t.Errorf("a pause ended that there is not: %v", err)
	}
	if changed, err := b.Resume(t.Context(), pauses.Scope{Inbox: 11}, "ana"); err != nil || !changed {
		t.Errorf("%v, %v", changed, err)
	}
	list, err := b.List(t.Context())
	want := []pauses.Pause{
		{Scope: pauses.Scope{Bot: "shop"}, By: "ana"},
		{Scope: pauses.Scope{Account: 3, Conversation: 1}, By: "ana"},
	}
	if diff := cmp.Diff(want, list, cmpopts.IgnoreFields(pauses.Pause{}, "At")); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for scope, want := range map[pauses.Scope]error{
		{}: pauses.ErrNowhere, {Account: 3}: pauses.ErrNowhere, {Bot: "shpo"}: pauses.ErrUnknownBot,
	} {
		if _, err := b.Pause(t.Context(), pauses.Pause{Scope: scope}); !errors.Is(err, want) {
			t.Errorf("%+v: %v, want %v", scope, err, want)
		}
	}
}

// TestTwoWhoPauseAtOnceBothDo: neither overwrites the other's.
func TestTwoWhoPauseAtOnceBothDo(t *testing.T) {
	b := newBoard(t)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if _, err := b.Pause(t.Context(), pauses.Pause{Scope: pauses.Scope{Conversation: tania.ConversationID(i + 1)}}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if list, err := b.List(t.Context()); err != nil || len(list) != 20 {
		t.Errorf("%d of 20, %v", len(list), err)
	}
}

func TestAReasonWithoutEndIsCut(t *testing.T) {
	b := boardOn(enginetest.SQLite(t, queue.Options{}))
	long := strings.Repeat("x", 100_000)
	if _, err := b.Pause(t.Context(), pauses.Pause{Scope: pauses.Scope{Inbox: 11}, By: long, Why: long}); err != nil {
		t.Fatal(err)
	}
	list, err := b.List(t.Context())
	if err != nil || len(list) != 1 || list[0].Why != queue.Brief(long) || len(list[0].By) > 2*queue.LongestReason {
		t.Errorf("%d pauses, %v", len(list), err)
	}
}
