package storage

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/tania"
)

func forget(t *testing.T, h queuetest.Harness) {
	const contact, other = 77, 78
	mine, second, theirs := queuetest.Key(1, 1), queuetest.Key(1, 2), queuetest.Key(1, 3)
	elsewhere := queuetest.Key(2, 1) // the same number in another account is somebody else
	t.Run("every trace of a contact goes, and nobody else's", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		var each queue.Forgotten
		for n, k := range []tania.ConversationKey{mine, second, theirs, elsewhere} {
			id := tania.ContactID(contact)
			if k == theirs {
				id = other
			}
			each = queuetest.LeaveTraces(t, f.Engine(), k, id, 100*(n+1), "words")
		}
		before := f.Stats()
		got, err := f.Engine().Forget(t.Context(), 1, contact)
		f.Must(err)
		want := queue.Forgotten{
			Conversations: 2 * each.Conversations, Messages: 2 * each.Messages, Records: 2 * each.Records, DeadTurns: 2 * each.DeadTurns,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		f.Crash()
		for _, k := range []tania.ConversationKey{mine, second} {
			if n := traces(f, k); n != 0 {
				t.Errorf("%d traces of %s", n, k)
			}
		}
		for _, k := range []tania.ConversationKey{theirs, elsewhere} {
			if n := traces(f, k); n == 0 {
				t.Errorf("no trace of %s", k)
			}
		}
		after := f.Stats()
		if after.Failed != before.Failed-2 || after.Messages != before.Messages {
			t.Errorf("before %+v, after %+v", before, after)
		}
		f.Advance(time.Hour)
		for range 2 {
			turn := f.Claim()
			if turn.Key != theirs && turn.Key != elsewhere {
				t.Errorf("claimed a turn of %s", turn.Key)
			}
			f.Complete(turn)
		}
		f.NothingDue()
	})
	t.Run("a worker loses the turn it has", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.PushOf(mine, 1, contact)
		turn := f.Claim()
		f.Push(theirs, 2)
		got, err := f.Engine().Forget(t.Context(), 1, contact)
		f.Must(err)
		if got.Messages != 1 {
			t.Errorf("%+v", got)
		}
		f.IsLost(turn)
		f.Refused(turn)
		f.ClaimOf(theirs, 2)
		f.NothingDue()
	})
	t.Run("what else is erased comes last, when no worker can renew its lease", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		f.PushOf(mine, 1, contact)
		turn := f.Claim()
		f.Must(f.Engine().Extend(t.Context(), turn))
		full := errors.New("no space left")
		_, err := f.Engine().Forget(t.Context(), 1, contact, func(ctx context.Context) error {
			if err := f.Engine().Extend(ctx, turn); !errors.Is(err, queue.ErrLost) {
				t.Errorf("a worker renewed the lease of a turn that is being forgotten: %v", err)
			}
			return full
		})
		if !errors.Is(err, full) {
			t.Errorf("%v, want the error of what else was to be erased", err)
		}
		f.IsLost(turn)
		f.Refused(turn)
	})
	t.Run("a delivery again of what was forgotten is a duplicate, a new message is new", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Debounced())
		f.PushOf(mine, 1, contact)
		_, err := f.Engine().Forget(t.Context(), 1, contact)
		f.Must(err)
		f.PushAgain(mine, 1)
		f.Push(mine, 2)
		f.Advance(2 * time.Second)
		f.ClaimOf(mine, 2)
	})
	t.Run("nothing is left when dedup marks have ended", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		queuetest.LeaveTraces(t, f.Engine(), mine, contact, 100, "words")
		_, err := f.Engine().Forget(t.Context(), 1, contact)
		f.Must(err)
		f.Advance(25 * time.Hour)
		f.NothingLeft()
	})
	t.Run("what a contact said of being written to goes with them, and nothing else ends it", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		e := f.Engine()
		out := tania.Consent{Out: true, Word: "STOP", Message: 9, At: f.Now()}
		for _, id := range []tania.ContactID{contact, other} {
			_, err := e.UpdateContact(t.Context(), 1, id, func(m *tania.ContactMemory) bool { return m.Hear(tania.ChannelSMS, out) })
			f.Must(err)
		}
		if _, err := e.UpdateContact(t.Context(), 1, contact, func(*tania.ContactMemory) bool { panic("bad change") }); err == nil {
			t.Error("a panic in the change is no error")
		}
		f.Crash()
		f.Advance(400 * 24 * time.Hour)
		known := func(account tania.AccountID, id tania.ContactID) bool {
			m, err := f.Engine().Contact(t.Context(), account, id)
			f.Must(err)
			return m.Consent[tania.ChannelSMS].Out
		}
		if !known(1, contact) || !known(1, other) || known(2, contact) {
			t.Error("an opt-out is lost, or somebody else's")
		}
		_, err := f.Engine().Forget(t.Context(), 1, contact)
		f.Must(err)
		if known(1, contact) || !known(1, other) {
			t.Error("what was forgotten is known, or somebody else's is not")
		}
	})
	t.Run("what episodes left is found by its contact alone, outlives a crash, and goes with either", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		left := tania.Recollection{
			Kind: tania.RecalledMatter, Bot: "sales", Text: "¿Y mi pedido 1042?", Conversation: mine.Conversation, Message: 9, At: f.Now(),
			Outcome: tania.OutcomeNotKnown, Colleague: true,
		}
		for k, id := range map[tania.ConversationKey]tania.ContactID{mine: contact, theirs: other} {
			_, err := f.Engine().UpdateConversation(t.Context(), k, func(c *tania.Conversation) bool {
				c.Contact.ID = id
				c.Leave("sales", []tania.Recollection{left}, f.Now())
				return true
			})
			f.Must(err)
			_, err = f.Engine().UpdateContact(t.Context(), 1, id, func(m *tania.ContactMemory) bool { return m.End(k.Conversation, f.Now()) })
			f.Must(err)
		}
		f.Crash()
		recalled := func(k tania.ConversationKey, id tania.ContactID) ([]tania.Ended, []tania.Recollection) {
			m, err := f.Engine().Contact(t.Context(), k.Account, id)
			f.Must(err)
			c, err := f.Engine().Conversation(t.Context(), k)
			f.Must(err)
			return m.Ended, c.Left
		}
		if ended, got := recalled(mine, contact); len(ended) != 1 || ended[0].Conversation != mine.Conversation ||
			!cmp.Equal(got, []tania.Recollection{left}) {
			t.Errorf("%+v, %+v", ended, got)
		}
		_, err := f.Engine().Forget(t.Context(), 1, contact)
		f.Must(err)
		if ended, got := recalled(mine, contact); len(ended)+len(got) > 0 {
			t.Errorf("what was forgotten is recalled: %+v, %+v", ended, got)
		}
		if ended, got := recalled(theirs, other); len(ended) != 1 || len(got) != 1 {
			t.Errorf("another contact's was forgotten too: %+v, %+v", ended, got)
		}
		f.Advance(400 * 24 * time.Hour)
		if _, got := recalled(theirs, other); len(got) > 0 {
			t.Errorf("what was said is recalled for longer than its conversation is kept: %+v", got)
		}
	})
	t.Run("changes of a contact are atomic", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
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
		f := queuetest.NewFixture(t, h, queuetest.Options())
		if got, err := f.Engine().Forget(t.Context(), 1, contact); err != nil || got != (queue.Forgotten{}) {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := f.Engine().Forget(t.Context(), 1, 0); err == nil {
			t.Error("contact 0 was forgotten")
		}
	})
}

// traces counts what is known of a conversation.
func traces(f *queuetest.Fixture, k tania.ConversationKey) int {
	f.Helper()
	records, err := f.Engine().Records(f.Context(), k)
	f.Must(err)
	n := len(records)
	c, err := f.Engine().Conversation(f.Context(), k)
	f.Must(err)
	if c.Contact.ID != 0 || len(c.History) > 0 {
		n++
	}
	dead, err := f.Engine().Dead(f.Context(), 0)
	f.Must(err)
	for _, d := range dead {
		if d.Key == k {
			n++
		}
	}
	return n
}
