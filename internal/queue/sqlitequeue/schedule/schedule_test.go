package schedule

import (
	"slices"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const debounce, most = time.Second, 3 * time.Second

// arrives puts a message into a conversation and the conversation where it belongs.
func arrives(s *Schedule, account, conversation, id int64, at, now time.Time) *Mailbox {
	b := s.Box(tania.ConversationKey{Account: tania.AccountID(account), Conversation: tania.ConversationID(conversation)})
	b.Add(Ref{ID: tania.MessageID(id), Seq: id}, at)
	s.Place(b, now, debounce, most)
	return b
}

// served empties the ready ones, and gives their accounts and conversations.
func served(s *Schedule) (order [][2]int64) {
	for b := s.Ready.Pop(); b != nil; b = s.Ready.Pop() {
		order = append(order, [2]int64{int64(b.Key.Account), int64(b.Key.Conversation)})
	}
	return order
}

// TestAccountsTakeTurns: one with many ready conversations delays no other, and in each the one that was due first comes first.
func TestAccountsTakeTurns(t *testing.T) {
	s := New()
	now := noon.Add(time.Hour)
	for n := range int64(3) {
		arrives(s, 1, 10+n, n, noon.Add(time.Duration(10-n)*time.Second), now)
	}
	gone := arrives(s, 2, 21, 5, noon.Add(7*time.Second), now)
	arrives(s, 2, 20, 4, noon.Add(6*time.Second), now)
	arrives(s, 3, 30, 6, noon, now)
	if s.Ready.Size != 6 || s.Ready.Oldest().Key.Account != 3 {
		t.Errorf("%d are ready, the oldest of account %d", s.Ready.Size, s.Ready.Oldest().Key.Account)
	}
	gone.Take(&Turn{})
	if s.Place(gone, now, debounce, most); s.Ready.Size != 5 || s.Mailboxes[gone.Key] != nil || gone.place != nowhere {
		t.Errorf("%d are ready after one has nothing to do", s.Ready.Size)
	}
	if got, want := served(s), [][2]int64{{1, 12}, {2, 20}, {3, 30}, {1, 11}, {1, 10}}; !slices.Equal(got, want) {
		t.Errorf("served %v, want %v", got, want)
	}
	if s.Ready.Size != 0 || s.Ready.Oldest() != nil || s.Ready.Lines.Len() != 0 {
		t.Errorf("%+v is left", s.Ready)
	}
}

// TestInboxesOfAnAccountTakeTurns and what the account gets is not more for there being many.
func TestInboxesOfAnAccountTakeTurns(t *testing.T) {
	s := New()
	now := noon.Add(time.Hour)
	ready := func(account, conversation int64, inbox tania.InboxID, due int) *Mailbox {
		b := s.Box(tania.ConversationKey{Account: tania.AccountID(account), Conversation: tania.ConversationID(conversation)})
		b.Inbox = inbox
		return arrives(s, account, conversation, conversation, noon.Add(time.Duration(due)*time.Second), now)
	}
	for n := range int64(4) {
		ready(1, 10+n, 7, int(n))
	}
	ready(1, 20, 8, 20)
	ready(1, 30, 9, 30)
	ready(2, 40, 7, 40)
	moved := ready(2, 41, 7, 41)
	// A mailbox that learns its inbox late is in one line all the same.
	moved.Inbox = 8
	if s.Place(moved, now, debounce, most); s.Ready.Size != 8 {
		t.Errorf("%d are ready", s.Ready.Size)
	}
	want := [][2]int64{{1, 10}, {2, 40}, {1, 20}, {2, 41}, {1, 30}, {1, 11}, {1, 12}, {1, 13}}
	if got := served(s); !slices.Equal(got, want) {
		t.Errorf("served %v, want %v", got, want)
	}
	if s.Ready.Size != 0 || s.Ready.Lines.Len() != 0 {
		t.Errorf("%+v is left", s.Ready)
	}
}

// TestABurstIsDueWhenItEnds, or when it has lasted long enough.
func TestABurstIsDueWhenItEnds(t *testing.T) {
	s := New()
	b := arrives(s, 1, 1, 2, noon, noon)
	if want := noon.Add(debounce); !b.Due.Equal(want) || len(s.Delayed) != 1 {
		t.Errorf("due at %s, want %s", b.Due, want)
	}
	for n := range int64(5) {
		arrives(s, 1, 1, 10-n, noon.Add(time.Duration(n)*900*time.Millisecond), noon)
	}
	if want := noon.Add(most); !b.Due.Equal(want) || len(s.Delayed) != 1 {
		t.Errorf("due at %s, want %s", b.Due, want)
	}
	if s.Mature(b.Due.Add(-1)); s.Ready.Size != 0 {
		t.Error("it is ready before it is due")
	}
	if s.Mature(b.Due); s.Ready.Size != 1 || len(s.Delayed) != 0 {
		t.Error("it is due and not ready")
	}
	if !slices.IsSortedFunc(b.Waiting, func(x, y Ref) int { return int(x.ID - y.ID) }) || len(b.Waiting) != 6 {
		t.Errorf("waiting: %v", b.Waiting)
	}
	turn := &Turn{Messages: []Ref{{ID: 7, Seq: 70}}}
	if b.Take(turn); len(b.Waiting) != 0 || len(turn.Messages) != 7 || turn.Messages[2].ID != 7 {
		t.Errorf("the turn has %v", turn.Messages)
	}
}

// TestWhichTurnComesFirst: the one that a worker has, then one that is parked, then the oldest.
func TestWhichTurnComesFirst(t *testing.T) {
	s := New()
	b := s.Box(tania.ConversationKey{Account: 1, Conversation: 1})
	parked := &Turn{ID: "c", Box: b, Due: noon.Add(time.Hour), Parked: &Parking{Parked: queue.Parked{Until: noon.Add(time.Hour)}, Holds: true}}
	had := &Turn{ID: "d", Box: b, Hold: &Hold{Token: 4}}
	for _, turn := range []*Turn{{ID: "b", Box: b}, parked, had, {ID: "a", Box: b}} {
		b.Join(turn)
	}
	var order []tania.TurnID
	for len(b.Turns) > 0 {
		order = append(order, b.Current().ID)
		b.Part(b.Current())
	}
	if want := []tania.TurnID{"d", "c", "a", "b"}; !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}
	b.Join(had)
	if s.Place(b, noon, debounce, most); b.place != nowhere || had.Token() != 4 || parked.Token() != 0 {
		t.Error("the mailbox of a turn that a worker has is not running")
	}
	b.Part(had)
	b.Join(parked)
	if s.Place(b, noon, debounce, most); len(s.Parked) != 1 || len(s.Delayed) != 1 || !b.Due.Equal(parked.Due) {
		t.Errorf("%d parked, %d delayed, due at %s", len(s.Parked), len(s.Delayed), b.Due)
	}
	if s.Mature(parked.Due); len(s.Parked) != 0 || s.Ready.Size != 1 {
		t.Errorf("%d parked, %d ready", len(s.Parked), s.Ready.Size)
	}
}

// TestWhatComesAgain is noted for each message by itself.
func TestWhatComesAgain(t *testing.T) {
	turn := &Turn{}
	turn.ComesAgain(3)
	turn.ComesAgain(5)
	if !turn.Again[3] || !turn.Again[5] || turn.Again[4] {
		t.Errorf("%v", turn.Again)
	}
}

// TestWhoMayStillDecide: while the turn is parked, its time is not over, and nobody has.
func TestWhoMayStillDecide(t *testing.T) {
	until := noon.Add(time.Hour)
	for name, test := range map[string]struct {
		parked *Parking
		want   bool
	}{
		"never parked": {nil, false},
		"waits":        {&Parking{Parked: queue.Parked{Until: until}, Holds: true}, true},
		"claimed":      {&Parking{Parked: queue.Parked{Until: until}}, false},
		"over":         {&Parking{Parked: queue.Parked{Until: noon}, Holds: true}, false},
		"decided":      {&Parking{Parked: queue.Parked{Until: until, Decided: noon}, Holds: true}, false},
	} {
		if got := test.parked.Open(noon); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
		if shown := test.parked.View(); (shown == nil) != (test.parked == nil) || (len(test.parked.Column()) == 0) != (shown == nil) {
			t.Errorf("%s: shown as %v, stored as %q", name, shown, test.parked.Column())
		}
	}
}

// TestAMailboxIsInOnePlace, whatever it was before: what moves it takes it from where it was.
func TestAMailboxIsInOnePlace(t *testing.T) {
	s := New()
	b := s.Box(tania.ConversationKey{Account: 1, Conversation: 1})
	parked := &Turn{ID: "a", Box: b, Due: noon.Add(time.Hour), Parked: &Parking{Parked: queue.Parked{Until: noon.Add(time.Hour)}, Holds: true}}
	retried := &Turn{ID: "b", Box: b, Due: noon.Add(2 * time.Hour)}
	is := func(what string, waiting, delayed, ready int) {
		t.Helper()
		if len(s.Parked) != waiting || len(s.Delayed) != delayed || s.Ready.Size != ready {
			t.Errorf("%s: %d parked, %d delayed, %d ready", what, len(s.Parked), len(s.Delayed), s.Ready.Size)
		}
	}
	b.Join(parked)
	s.Place(b, noon, debounce, most)
	is("parked", 1, 1, 0)
	b.Part(parked)
	b.Join(retried)
	s.Place(b, noon, debounce, most)
	is("tried again later", 0, 1, 0)
	s.Mature(retried.Due)
	is("due", 0, 0, 1)
	b.Part(retried)
	s.Place(b, retried.Due, debounce, most)
	is("nothing to do", 0, 0, 0)
	if slices.ContainsFunc(s.Delayed[:cap(s.Delayed)], func(b *Mailbox) bool { return b != nil }) {
		t.Error("a mailbox that has nothing to do is kept in memory")
	}
}
