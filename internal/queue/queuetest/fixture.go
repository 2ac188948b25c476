package queuetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/tania"
)

// Patience is how long what must happen may take on a busy machine; glance is how long what must not happen is
// awaited. A right engine never fails by either.
const (
	Patience = 30 * time.Second
	glance   = 2 * time.Millisecond
)

// ErrTest is why attempts of tests fail.
var ErrTest = errors.New("the model is down")

// Options of most tests: no debounce, a lease of ten seconds, two attempts.
func Options() queue.Options {
	return queue.Options{
		Debounce: -1, DebounceMax: -1, Lease: 10 * time.Second, MaxAttempts: 2,
		DedupFor: 24 * time.Hour, KeepFor: 48 * time.Hour, KeepDead: 72 * time.Hour,
	}
}

// Debounced are options in which a turn waits for the end of a burst.
func Debounced() queue.Options {
	o := Options()
	o.Debounce, o.DebounceMax = 2*time.Second, 5*time.Second
	return o
}

// Fixture is a store with the steps that tests are made of; each fails the test when the engine refuses.
type Fixture struct {
	testing.TB
	Store
}

// NewFixture opens a new store, which is removed when the test ends.
func NewFixture(t testing.TB, h Harness, o queue.Options) *Fixture {
	t.Helper()
	f := &Fixture{t, h.Open(t, o)}
	t.Cleanup(f.Remove)
	return f
}

// Key names a conversation.
func Key(account, conversation int) tania.ConversationKey {
	return tania.ConversationKey{Account: tania.AccountID(account), Conversation: tania.ConversationID(conversation)}
}

// Message is a customer's message that says its number.
func Message(k tania.ConversationKey, id int) tania.Message {
	return tania.Message{ID: tania.MessageID(id), Key: k, Content: fmt.Sprintf("message %d", id), CanReply: true}
}

// Must fails the test at an error.
func (f *Fixture) Must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// Push stores messages of a conversation one after the other.
func (f *Fixture) Push(k tania.ConversationKey, ids ...int) {
	f.Helper()
	for _, id := range ids {
		got, err := f.Engine().Push(f.Context(), Message(k, id))
		f.Must(err)
		if got.Duplicate {
			f.Fatalf("message %d counts as a duplicate", id)
		}
	}
}

// PushIn stores a message of a conversation in an inbox, and gives the conversation.
func (f *Fixture) PushIn(inbox tania.InboxID, k tania.ConversationKey, id int) tania.ConversationKey {
	f.Helper()
	m := Message(k, id)
	m.Inbox = inbox
	_, err := f.Engine().Push(f.Context(), m)
	f.Must(err)
	return k
}

// PushOf stores a message that a contact wrote.
func (f *Fixture) PushOf(k tania.ConversationKey, id int, contact tania.ContactID) {
	f.Helper()
	m := Message(k, id)
	m.Contact.ID = contact
	_, err := f.Engine().Push(f.Context(), m)
	f.Must(err)
}

// PushAgain delivers a message that is known.
func (f *Fixture) PushAgain(k tania.ConversationKey, id int) {
	f.Helper()
	got, err := f.Engine().Push(f.Context(), Message(k, id))
	f.Must(err)
	if !got.Duplicate {
		f.Fatalf("message %d counts as new", id)
	}
}

// Claim takes the next turn, which must be there.
func (f *Fixture) Claim() *queue.Turn {
	f.Helper()
	ctx, done := context.WithTimeout(f.Context(), Patience)
	defer done()
	t, err := f.Engine().Claim(ctx)
	f.Must(err)
	return t
}

// ClaimOf takes the next turn, which must be that of k, with these messages.
func (f *Fixture) ClaimOf(k tania.ConversationKey, ids ...int) *queue.Turn {
	f.Helper()
	t := f.Claim()
	if t.Key != k {
		f.Fatalf("claimed %s, want %s", t.Key, k)
	}
	f.Has(t, ids...)
	return t
}

// Has asserts which messages a turn has.
func (f *Fixture) Has(t *queue.Turn, want ...int) {
	f.Helper()
	var got []int
	for _, m := range t.Messages {
		got = append(got, int(m.ID))
		if m.Key != t.Key {
			f.Errorf("message %d is of %s, its turn of %s", m.ID, m.Key, t.Key)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		f.Fatalf("messages of turn %s (-want +got):\n%s", t.ID, diff)
	}
}

// NothingDue asserts that no turn can be claimed.
func (f *Fixture) NothingDue() {
	f.Helper()
	if s := f.Stats(); s.Waiting != 0 && !s.Paused {
		f.Fatalf("%d conversations wait", s.Waiting)
	}
	f.Must(Blocks(f.Context(), f.Engine()))
}

// Blocks returns an error when a claim does not wait for a turn.
func Blocks(ctx context.Context, e queue.Engine) error {
	ctx, done := context.WithTimeout(ctx, glance)
	defer done()
	if t, err := e.Claim(ctx); !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("claimed %+v, %w", t, err)
	}
	return nil
}

// Complete ends a turn.
func (f *Fixture) Complete(t *queue.Turn) {
	f.Helper()
	f.Must(f.Engine().Complete(f.Context(), t))
}

// Stats are the engine's figures.
func (f *Fixture) Stats() queue.Stats {
	f.Helper()
	s, err := f.Engine().Stats(f.Context())
	f.Must(err)
	return s
}

// NothingLeft asserts that the store holds nothing but counters and settings.
func (f *Fixture) NothingLeft() {
	f.Helper()
	for what, n := range f.Leftovers() {
		if n != 0 {
			f.Errorf("%d %s are left", n, what)
		}
	}
}
