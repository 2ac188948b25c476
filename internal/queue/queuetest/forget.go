package queuetest

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/tania"
)

func forget(t *testing.T, h Harness) {
	const contact, other = 77, 78
	mine, second, theirs := key(1, 1), key(1, 2), key(1, 3)
	elsewhere := key(2, 1) // the same number in another account is somebody else
	t.Run("every trace of a contact goes, and nobody else's", func(t *testing.T) {
		f := newFixture(t, h, options())
		for n, k := range []tania.ConversationKey{mine, second, theirs, elsewhere} {
			id := tania.ContactID(contact)
			if k == theirs {
				id = other
			}
			LeaveTraces(t, f.Engine(), k, id, 100*(n+1), "words")
		}
		before := f.stats()
		got, err := f.Engine().Forget(t.Context(), 1, contact)
		f.try(err)
		want := queue.Forgotten{Conversations: 2, Messages: 2 * tracesWaiting, Records: 2 * tracesRecords, DeadTurns: 2}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		f.Crash()
		for _, k := range []tania.ConversationKey{mine, second} {
			if n := f.traces(k); n != 0 {
				t.Errorf("%d traces of %s", n, k)
			}
		}
		for _, k := range []tania.ConversationKey{theirs, elsewhere} {
			if n := f.traces(k); n == 0 {
				t.Errorf("no trace of %s", k)
			}
		}
		after := f.stats()
		if after.Failed != before.Failed-2 || after.Messages != before.Messages {
			t.Errorf("before %+v, after %+v", before, after)
		}
		f.Advance(time.Hour)
		for range 2 {
			turn := f.claim()
			if turn.Key != theirs && turn.Key != elsewhere {
				t.Errorf("claimed a turn of %s", turn.Key)
			}
			f.complete(turn)
		}
		f.nothingDue()
	})
	t.Run("a worker loses the turn it has", func(t *testing.T) {
		f := newFixture(t, h, options())
		m := message(mine, 1)
		m.Contact.ID = contact
		_, err := f.Engine().Push(t.Context(), m)
		f.try(err)
		turn := f.claim()
		f.push(theirs, 2)
		got, err := f.Engine().Forget(t.Context(), 1, contact)
		f.try(err)
		if got.Messages != 1 {
			t.Errorf("%+v", got)
		}
		f.isLost(turn)
		f.refused(turn)
		f.claimOf(theirs, 2)
		f.nothingDue()
	})
	t.Run("what else is erased comes last, when no worker can renew its lease", func(t *testing.T) {
		f := newFixture(t, h, options())
		m := message(mine, 1)
		m.Contact.ID = contact
		_, err := f.Engine().Push(t.Context(), m)
		f.try(err)
		turn := f.claim()
		f.try(f.Engine().Extend(t.Context(), turn))
		full := errors.New("no space left")
		_, err = f.Engine().Forget(t.Context(), 1, contact, func(ctx context.Context) error {
			if err := f.Engine().Extend(ctx, turn); !errors.Is(err, queue.ErrLost) {
				t.Errorf("a worker renewed the lease of a turn that is being forgotten: %v", err)
			}
			return full
		})
		if !errors.Is(err, full) {
			t.Errorf("%v, want the error of what else was to be erased", err)
		}
		f.isLost(turn)
		f.refused(turn)
	})
	t.Run("a delivery again of what was forgotten is a duplicate, a new message is new", func(t *testing.T) {
		f := newFixture(t, h, debounced())
		m := message(mine, 1)
		m.Contact.ID = contact
		_, err := f.Engine().Push(t.Context(), m)
		f.try(err)
		_, err = f.Engine().Forget(t.Context(), 1, contact)
		f.try(err)
		f.pushAgain(mine, 1)
		f.push(mine, 2)
		f.Advance(2 * time.Second)
		f.claimOf(mine, 2)
	})
	t.Run("nothing is left when dedup marks have ended", func(t *testing.T) {
		f := newFixture(t, h, options())
		LeaveTraces(t, f.Engine(), mine, contact, 100, "words")
		_, err := f.Engine().Forget(t.Context(), 1, contact)
		f.try(err)
		f.Advance(25 * time.Hour)
		for what, n := range f.Leftovers() {
			if n != 0 {
				t.Errorf("%d %s are left", n, what)
			}
		}
	})
	t.Run("what a contact said of being written to goes with them, and nothing else ends it", func(t *testing.T) {
		f := newFixture(t, h, options())
		e := f.Engine()
		out := tania.Consent{Out: true, Word: "STOP", Message: 9, At: f.Now()}
		for _, id := range []tania.ContactID{contact, other} {
			_, err := e.UpdateContact(t.Context(), 1, id, func(m *tania.ContactMemory) bool { return m.Hear(tania.ChannelSMS, out) })
			f.try(err)
		}
		if _, err := e.UpdateContact(t.Context(), 1, contact, func(*tania.ContactMemory) bool { panic("bad change") }); err == nil {
			t.Error("a panic in the change is no error")
		}
		f.Crash()
		f.Advance(400 * 24 * time.Hour)
		known := func(account tania.AccountID, id tania.ContactID) bool {
			m, err := f.Engine().Contact(t.Context(), account, id)
			f.try(err)
			return m.Consent[tania.ChannelSMS].Out
		}
		if !known(1, contact) || !known(1, other) || known(2, contact) {
			t.Error("an opt-out is lost, or somebody else's")
		}
		_, err := f.Engine().Forget(t.Context(), 1, contact)
		f.try(err)
		if known(1, contact) || !known(1, other) {
			t.Error("what was forgotten is known, or somebody else's is not")
		}
	})
	t.Run("changes of a contact are atomic", func(t *testing.T) {
		f := newFixture(t, h, options())
		e := f.Engine()
		var wg sync.WaitGroup
		for n := range 30 {
			wg.Go(func() {
				if _, err := e.UpdateContact(context.Background(), 1, contact, func(m *tania.ContactMemory) bool {
					return m.Hear(tania.Channel(strconv.Itoa(n)), tania.Consent{Out: true, Message: 1})
				}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if m, err := e.Contact(t.Context(), 1, contact); err != nil || len(m.Consent) != 30 {
			t.Errorf("%d of 30 are known, %v", len(m.Consent), err)
		}
	})
	t.Run("who is not there is forgotten too, and a number that is none is an error", func(t *testing.T) {
		f := newFixture(t, h, options())
		if got, err := f.Engine().Forget(t.Context(), 1, contact); err != nil || got != (queue.Forgotten{}) {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := f.Engine().Forget(t.Context(), 1, 0); err == nil {
			t.Error("contact 0 was forgotten")
		}
	})
}

// What LeaveTraces leaves.
const tracesWaiting, tracesRecords = 2, 3

// LeaveTraces has a customer leave all that an engine can store of one, each with the words in it: answered messages with records, a dead
// turn with a checkpoint and a journal, messages that wait, one of them in a turn that was tried and is due in an hour, and a conversation. Ids of messages begin at first.
func LeaveTraces(t testing.TB, e queue.Engine, k tania.ConversationKey, contact tania.ContactID, first int, words string) {
	t.Helper()
	try := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	write := func(n int) {
		t.Helper()
		m := message(k, first+n)
		m.Content, m.Contact = words+" in a message", tania.Contact{ID: contact, Name: words + " in a name"}
		_, err := e.Push(t.Context(), m)
		try(err)
	}
	claim := func() *queue.Turn {
		t.Helper()
		turn, err := e.Claim(t.Context())
		try(err)
		if turn.Key != k {
			t.Fatalf("claimed a turn of %s", turn.Key)
		}
		return turn
	}
	calls := func(turn *queue.Turn) {
		t.Helper()
		number, err := e.Intend(t.Context(), turn, []byte(words+" in an intent"))
		try(err)
		try(e.Settle(t.Context(), turn, number, []byte(words+" in a result")))
	}
	record := func(n int) tania.Record {
		return tania.Record{Key: k, Message: tania.MessageID(first + n), At: time.Unix(int64(n), 0).UTC(), Content: words + " in a record", Reply: words + " in a reply"}
	}
	_, err := e.UpdateConversation(t.Context(), k, func(c *tania.Conversation) bool {
		c.Contact = tania.Contact{ID: contact, Phone: words + " as a phone"}
		c.Remember(tania.Entry{ID: 1, From: tania.FromCustomer, Text: words + " in the history"})
		return true
	})
	try(err)
	write(1)
	turn := claim()
	try(e.Checkpoint(t.Context(), turn, []byte(`"`+words+` in a checkpoint"`)))
	try(e.Complete(t.Context(), turn, record(1)))
	write(2)
	turn = claim()
	try(e.Checkpoint(t.Context(), turn, []byte(`"`+words+` in a dead checkpoint"`)))
	calls(turn)
	try(e.Bury(t.Context(), turn, errors.New(words+" in an error"), record(2)))
	write(3)
	turn = claim()
	calls(turn)
	try(e.Park(t.Context(), turn, time.Hour, []byte(words+" in a question")))
	try(e.Unpark(t.Context(), turn.ID, words+" as a name", []byte(words+" in a decision")))
	turn = claim()
	try(e.Retry(t.Context(), turn, time.Hour, errors.New(words+" in a failure")))
	write(4)
	try(e.SaveRecords(t.Context(), record(5)))
}

// traces counts what is known of a conversation.
func (f *fixture) traces(k tania.ConversationKey) int {
	f.Helper()
	records, err := f.Engine().Records(f.Context(), k)
	f.try(err)
	n := len(records)
	c, err := f.Engine().Conversation(f.Context(), k)
	f.try(err)
	if c.Contact.ID != 0 || len(c.History) > 0 {
		n++
	}
	dead, err := f.Engine().Dead(f.Context(), 0)
	f.try(err)
	for _, d := range dead {
		if d.Key == k {
			n++
		}
	}
	return n
}
