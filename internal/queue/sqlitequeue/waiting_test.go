package sqlitequeue

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/tania"
)

// TestAClaimThatIsWithdrawnGivesItsTurnBack, and says so where that fails: nobody else would know.
func TestAClaimThatIsWithdrawnGivesItsTurnBack(t *testing.T) {
	gone := errors.New("the caller has gone")
	s := newStore(t, queue.Options{Debounce: -1, DebounceMax: -1, Lease: time.Hour})
	t.Cleanup(s.Remove)
	// handed is a claim whose turn comes as its caller goes.
	handed := func() *waiter {
		w := &waiter{turn: make(chan claimed, 1)}
		if err := s.e.do(t.Context(), func(*tx) error { s.e.waiters = append(s.e.waiters, w); return nil }); err != nil {
			t.Fatal(err)
		}
		return w
	}
	pushAll(t, s.e, 1, 1)
	if err := s.e.withdraw(handed(), gone); err != gone { //nolint:errorlint // nothing beside it
		t.Errorf("given back: %v", err)
	}
	w := handed()
	c := <-w.turn
	if c.view.Attempt != 1 {
		t.Errorf("attempt %d of a turn that nobody had", c.view.Attempt)
	}
	if err := s.e.Complete(t.Context(), c.view); err != nil {
		t.Fatal(err)
	}
	w.turn <- c                                    // it was lost meanwhile
	if err := s.e.withdraw(w, gone); err != gone { //nolint:errorlint // nothing beside it
		t.Errorf("lost: %v", err)
	}
	pushAll(t, s.e, 2, 2)
	w = handed()
	mend := breaks(t, s.e, "UPDATE", "turns")
	if err := s.e.withdraw(w, gone); !errors.Is(err, gone) || !errors.Is(err, queue.ErrUnavailable) {
		t.Errorf("not given back: %v", err)
	}
	mend()
	if w := handed(); len(w.turn) != 0 {
		t.Error("a turn that was not given back is there")
	}
	if err := s.e.do(t.Context(), func(*tx) error { s.e.waiters = s.e.waiters[:0]; return nil }); err != nil {
		t.Fatal(err)
	}
}

// TestAMessageThatCannotBeReadIsTriedAgain a second later, and its claim says what is wrong.
func TestAMessageThatCannotBeReadIsTriedAgain(t *testing.T) {
	s := newStore(t, queue.Options{Debounce: -1, DebounceMax: -1, Lease: time.Hour})
	t.Cleanup(s.Remove)
	ctx, done := context.WithTimeout(t.Context(), 10*time.Second)
	defer done()
	claim := func() (*queue.Turn, error) { return s.e.Claim(ctx) }
	pushAll(t, s.e, 1, 1)
	statement(t, s.e, `CREATE TEMP TABLE kept AS SELECT body FROM messages`)
	statement(t, s.e, `UPDATE messages SET body = CAST('{' AS BLOB)`)
	if turn, err := claim(); err == nil || errors.Is(err, queue.ErrUnavailable) {
		t.Fatalf("%+v, %v, want what is wrong with the message", turn, err)
	}
	s.Advance(unreadableRetry)
	statement(t, s.e, `CREATE TEMP TRIGGER given_back BEFORE UPDATE ON main.turns WHEN NEW.token = 0 BEGIN SELECT RAISE(ABORT, 'broken'); END`)
	if turn, err := claim(); !errors.Is(err, queue.ErrUnavailable) || !strings.Contains(err.Error(), "broken") {
		t.Fatalf("%+v, %v, want why it was not given back", turn, err)
	}
	statement(t, s.e, `DROP TRIGGER given_back`)
	s.Advance(time.Hour)
	if _, err := claim(); err == nil {
		t.Fatal("it can be read")
	}
	statement(t, s.e, `UPDATE messages SET body = (SELECT body FROM kept)`)
	s.Advance(unreadableRetry - time.Nanosecond)
	if err := queuetest.Blocks(t.Context(), s.e); err != nil {
		t.Error(err)
	}
	s.Advance(time.Nanosecond)
	turn, err := claim()
	if err != nil || turn.Attempt != 4 || turn.Messages[0].Content != childMessage(1).Content {
		t.Errorf("%+v, %v", turn, err)
	}
}

// TestAnEngineThatClosesHandsOutNothing: a turn that comes due with its last commit stays for the next process.
func TestAnEngineThatClosesHandsOutNothing(t *testing.T) {
	const most = 60
	for tries := 1; ; tries++ {
		var last bool
		synctest.Test(t, func(t *testing.T) { last = dueAtTheClose(t) })
		if last {
			return
		}
		// The writing goroutine saw the message before the close, which is left to chance.
		if tries == most {
			t.Fatalf("each of %d turns that came due at the close was handed out", most)
		}
	}
}

// dueAtTheClose reports whether the message came due after the engine had begun to close.
func dueAtTheClose(t *testing.T) bool {
	path := filepath.Join(t.TempDir(), "q.db")
	o := queue.Options{Debounce: -1, DebounceMax: -1, Clock: &queuetest.Clock{}}
	e, err := Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	waited, goOn, done := make(chan error), make(chan struct{}), make(chan error)
	go func() { _, err := e.Claim(t.Context()); waited <- err }()
	synctest.Wait()
	go func() { done <- e.do(t.Context(), func(*tx) error { <-goOn; return nil }) }()
	synctest.Wait() // the writing goroutine is in it
	m := childMessage(1)
	pushed := &op{done: make(chan error, 1), run: func(tx *tx) error { return e.push(tx, &m, []byte(`{"id":1,"content":"hola"}`)) }}
	e.ops <- pushed
	go func() { done <- e.Close() }()
	synctest.Wait()
	close(goOn)
	if err := errors.Join(<-done, <-done, <-pushed.done); err != nil {
		t.Error(err)
	}
	err = <-waited
	if err != nil && !errors.Is(err, queue.ErrClosed) {
		t.Error(err)
	}
	again, openErr := Open(t.Context(), path, o)
	if openErr != nil {
		t.Fatal(openErr)
	}
	turn, claimErr := again.Claim(t.Context())
	if claimErr != nil || len(turn.Messages) != 1 || err != nil && turn.Attempt != 1 {
		t.Errorf("%+v, %v", turn, claimErr)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
	return err != nil
}

// TestWhoWaitsForABotOutlivesAStoreThatFails, and looks again by itself.
func TestWhoWaitsForABotOutlivesAStoreThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, err := Open(t.Context(), filepath.Join(t.TempDir(), "q.db"), queue.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		}()
		statement(t, e, `ALTER TABLE bots RENAME TO hidden`)
		type found struct {
			version queue.BotVersion
			err     error
			after   time.Duration
		}
		began, got := time.Now(), make(chan found, 1)
		go func() {
			ctx, done := context.WithTimeout(t.Context(), time.Minute) // of the bubble
			defer done()
			v, err := e.AwaitBot(ctx, "shop", 7)
			got <- found{v, err, time.Since(began)}
		}()
		synctest.Wait()
		statement(t, e, `ALTER TABLE hidden RENAME TO bots`)
		statement(t, e, `INSERT INTO bots VALUES ('shop', 8, 0, 'ana', '', 0, CAST('tone: warm' AS BLOB))`)
		if f := <-got; f.err != nil || f.version.Number != 8 || f.after != staleRetry {
			t.Errorf("%+v", f)
		}
		ended, end := context.WithCancel(t.Context())
		end()
		statement(t, e, `ALTER TABLE bots RENAME TO hidden`)
		if v, err := e.AwaitBot(ended, "shop", 7); err == nil || v.Number != 0 {
			t.Errorf("given up: %+v, %v", v, err)
		}
	})
}

// TestReportsThatAreOutOfDateAreDropped: processes come and go.
func TestReportsThatAreOutOfDateAreDropped(t *testing.T) {
	s := newStore(t, queue.Options{})
	t.Cleanup(s.Remove)
	for _, process := range []string{"a", "b", "c"} {
		if _, err := s.e.Report(t.Context(), process, []byte(process), time.Second); err != nil {
			t.Fatal(err)
		}
		s.Advance(time.Second)
	}
	if n := len(s.e.board.reports); n != 1 {
		t.Errorf("%d reports are kept of three processes, two of which are gone", n)
	}
}

// TestAStoreThatFailedIsTriedAgainByItself: a lease that ended while it could not be written is ended a second later.
func TestAStoreThatFailedIsTriedAgainByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, err := Open(t.Context(), filepath.Join(t.TempDir(), "q.db"), queue.Options{Debounce: -1, DebounceMax: -1, Lease: 20 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		}()
		pushAll(t, e, 1, 1)
		began := time.Now()
		turn, err := e.Claim(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_ = breaks(t, e, "UPDATE", "turns")
		// Not by way of the engine, which would be tried with it.
		time.AfterFunc(20*time.Second+staleRetry/2, func() { _, _ = e.write.conn.ExecContext(t.Context(), `DROP TRIGGER broken`) })
		<-turn.Lost
		if took := time.Since(began); took != 20*time.Second+staleRetry {
			t.Errorf("lost after %s, want the lease and a second", took)
		}
	})
}

// TestBacklogsAreOfWhatIsNotDone, for each conversation since its first message.
func TestBacklogsAreOfWhatIsNotDone(t *testing.T) {
	s := newStore(t, queue.Options{Debounce: -1, DebounceMax: -1})
	t.Cleanup(s.Remove)
	first := s.Now()
	pushAll(t, s.e, 1, 1)
	done, err := s.e.Claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	pushAll(t, s.e, 2, 2)
	if got, err := s.e.Backlogs(t.Context()); err != nil || len(got) != 2 || got[done.Key] != (Backlog{1, first}) {
		t.Errorf("%+v, %v", got, err)
	}
	if err := s.e.Complete(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	if got, err := s.e.Backlogs(t.Context()); err != nil || len(got) != 1 || got[childMessage(2).Key] != (Backlog{1, first}) {
		t.Errorf("%+v, %v", got, err)
	}
	if err := s.e.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := s.e.Backlogs(t.Context()); !errors.Is(err, queue.ErrClosed) || got != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestAContactHasPositiveNumbers: none is everybody, or nobody.
func TestAContactHasPositiveNumbers(t *testing.T) {
	s := newStore(t, queue.Options{})
	t.Cleanup(s.Remove)
	for _, whose := range [][2]int{{0, 5}, {5, 0}, {-1, 5}, {5, -1}} {
		if _, err := s.e.Forget(t.Context(), tania.AccountID(whose[0]), tania.ContactID(whose[1])); err == nil {
			t.Errorf("contact %d of account %d is forgotten", whose[1], whose[0])
		}
	}
	if _, err := s.e.Forget(t.Context(), 1, 1); err != nil {
		t.Error(err)
	}
}
