package users

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/enginetest"
	"tania/internal/tania"
)

const (
	password = "correct horse battery"
	another  = "staple, and no horse"
)

// clock is moved by a test.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// TestUsersAreOfAllProcesses: what one does the other knows, and sessions end with what they rest on.
func TestUsersAreOfAllProcesses(t *testing.T) {
	for engine, boards := range enginetest.Pairs(t) {
		t.Run(engine, func(t *testing.T) {
			ctx, c := t.Context(), &clock{at: time.Now()}
			one, two := New(boards[0], c.now), New(boards[1], c.now)
			if one.Any(ctx) || two.Any(ctx) {
				t.Fatal("there are users")
			}
			if err := one.Add(ctx, "Ana", tania.Editor, password); err != nil {
				t.Fatal(err)
			}
			for what, c := range map[string]struct{ got, want error }{
				"the name in capitals": {two.Add(ctx, "ANA", tania.Viewer, another), ErrExists},
				"no name":              {two.Add(ctx, "", tania.Viewer, another), ErrName},
				"two lines":            {two.Add(ctx, "Ana\nEva", tania.Viewer, another), ErrName},
				"a blank":              {two.Add(ctx, " Eva", tania.Viewer, another), ErrName},
				"no role":              {two.Add(ctx, "Eva", "", another), ErrRole},
				"anyone":               {two.Add(ctx, "Eva", tania.Anyone, another), ErrRole},
				"a short password":     {two.Add(ctx, "Eva", tania.Viewer, "ñañañañañañ"), ErrPassword},
				"a long password":      {two.Add(ctx, "Eva", tania.Viewer, strings.Repeat("x", 1025)), ErrPassword},
				"nobody's role":        {two.SetRole(ctx, "Eva", tania.Viewer), ErrUnknown},
				"nobody's password":    {two.SetPassword(ctx, "Eva", another), ErrUnknown},
				"nobody":               {two.Remove(ctx, "Eva"), ErrUnknown},
			} {
				if !errors.Is(c.got, c.want) {
					t.Errorf("%s: %v, want %v", what, c.got, c.want)
				}
			}
			for end, ends := range map[string]func() error{
				"another password": func() error { return one.SetPassword(ctx, "ana", password) },
				"another role":     func() error { return one.SetRole(ctx, "ana", tania.Viewer) },
				"a sign-out":       nil,
				"a removal": func() error {
					return errors.Join(one.Remove(ctx, "ana"), one.Add(ctx, "Ana", tania.Operator, password))
				},
			} {
				id, user, err := two.SignIn(ctx, "aNa", password)
				if err != nil || user.Name != "Ana" {
					t.Fatalf("signed in as %+v: %v", user, err)
				}
				c.forward(fresh)
				if got, until, ok := one.Of(ctx, id); !ok || got.Name != "Ana" || until.Sub(c.now()) > Life {
					t.Errorf("the other process does not know the session: %+v until %v, %v", got, until, ok)
				}
				if ends == nil {
					ends = func() error { return one.SignOut(ctx, id) }
				}
				if err := ends(); err != nil {
					t.Fatal(err)
				}
				if _, _, ok := one.Of(ctx, id); ok {
					t.Errorf("%s leaves the session where it was heard", end)
				}
				c.forward(fresh)
				if _, _, ok := two.Of(ctx, id); ok {
					t.Errorf("%s leaves the session in another process", end)
				}
			}
		})
	}
}

// TestBothMayWriteAtOnce, and nothing is lost.
func TestBothMayWriteAtOnce(t *testing.T) {
	for engine, boards := range enginetest.Pairs(t) {
		t.Run(engine, func(t *testing.T) {
			ctx := t.Context()
			var all sync.WaitGroup
			for i, board := range boards {
				u := New(board, time.Now)
				for j := range 3 {
					all.Go(func() {
						if err := u.Add(ctx, fmt.Sprintf("user %d of %d", j, i), tania.Viewer, password); err != nil {
							t.Error(err)
						}
					})
				}
			}
			all.Wait()
			list, err := New(boards[0], time.Now).List(ctx)
			if err != nil || len(list) != 6 {
				t.Errorf("%d users, want 6 (%v)", len(list), err)
			}
		})
	}
}

// TestSessionsEndByTime: unused, and at the latest; those of one user are bounded.
func TestSessionsEndByTime(t *testing.T) {
	board := enginetest.SQLite(t, queue.Options{})
	ctx, c := t.Context(), &clock{at: time.Now()}
	u := New(board, c.now)
	if err := u.Add(ctx, "Ana", tania.Viewer, password); err != nil {
		t.Fatal(err)
	}
	sign := func() string {
		t.Helper()
		id, _, err := u.SignIn(ctx, "Ana", password)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	unused, used := sign(), sign()
	for passed := time.Duration(0); passed < Life; passed += time.Hour {
		_, _, ok := u.Of(ctx, used)
		if !ok {
			t.Fatalf("a session in use ended after %v", passed)
		}
		c.forward(time.Hour)
		if passed == time.Hour {
			if _, _, ok := u.Of(ctx, unused); ok {
				t.Error("a session goes on that was not used for two hours")
			}
		}
	}
	if _, _, ok := u.Of(ctx, used); ok {
		t.Error("a session of twelve hours goes on")
	}
	first := sign()
	for range sessionsOfOne {
		c.forward(time.Second)
		sign()
	}
	if _, _, ok := u.Of(ctx, first); ok {
		t.Error("the oldest of too many sessions goes on")
	}
	if list, err := u.List(ctx); err != nil || list[0].Sessions != sessionsOfOne {
		t.Errorf("%+v, %v: want %d sessions", list, err, sessionsOfOne)
	}
	if _, _, ok := u.Of(ctx, ""); ok {
		t.Error("no id is a session's")
	}
}

// TestNothingInTheStoreSignsIn: neither a password nor a session's id is in what is kept.
func TestNothingInTheStoreSignsIn(t *testing.T) {
	board := enginetest.SQLite(t, queue.Options{})
	u := New(board, time.Now)
	if err := u.Add(t.Context(), "Ana", tania.Viewer, password); err != nil {
		t.Fatal(err)
	}
	id, _, err := u.SignIn(t.Context(), "Ana", password)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := board.HoldNote(t.Context(), note, "test", time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	body := string(kept.Body)
	if strings.Contains(body, password) || strings.Contains(body, id) || !strings.Contains(body, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("kept is %s", body)
	}
	for _, s := range u.book.Sessions {
		if _, _, ok := u.Of(t.Context(), s.ID); ok {
			t.Error("what the store has of a session opens it")
		}
	}
}

// TestAnUnknownUserCostsTheSameWork, so that the time does not tell which names there are.
func TestAnUnknownUserCostsTheSameWork(t *testing.T) {
	u := New(enginetest.SQLite(t, queue.Options{}), time.Now)
	if err := u.Add(t.Context(), "Ana", tania.Viewer, password); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct{ name, password string }{
		"a wrong password": {"Ana", another}, "an unknown user": {"Eva", another}, "no name": {"", ""},
		"a password that is too long": {"Ana", strings.Repeat("x", mostPassword+1)},
	} {
		before := u.derived.Load()
		_, _, err := u.SignIn(t.Context(), c.name, c.password)
		if !errors.Is(err, ErrRefused) || u.derived.Load() != before+1 {
			t.Errorf("%s: %v after %d hashes, want %v after 1", what, err, u.derived.Load()-before, ErrRefused)
		}
	}
}

// TestHashesWaitForAPlace: no more are made at once than there is memory for, and who waits too long is told.
func TestHashesWaitForAPlace(t *testing.T) {
	u := New(enginetest.SQLite(t, queue.Options{}), time.Now)
	for range atOnce {
		u.slots <- struct{}{}
	}
	ctx, done := context.WithCancel(t.Context())
	done()
	if err := u.Add(ctx, "Ana", tania.Viewer, password); !errors.Is(err, ErrBusy) {
		t.Errorf("without a place: %v", err)
	}
	if u.derived.Load() != 0 {
		t.Error("a hash was made without a place")
	}
	<-u.slots
	if err := u.Add(t.Context(), "Ana", tania.Viewer, password); err != nil {
		t.Error(err)
	}
}

// away is a store that is there until it is not.
type away struct {
	queue.Board
	gone bool
}

func (a *away) HoldNote(ctx context.Context, name, holder string, d time.Duration) (queue.Note, error) {
	if a.gone {
		return queue.Note{}, queue.ErrUnavailable
	}
	return a.Board.HoldNote(ctx, name, holder, d)
}

// TestWithoutTheStore: who is in stays for five minutes, and nobody comes in or is changed.
func TestWithoutTheStore(t *testing.T) {
	board := &away{Board: enginetest.SQLite(t, queue.Options{})}
	ctx, c := t.Context(), &clock{at: time.Now()}
	u := New(board, c.now)
	if err := u.Add(ctx, "Ana", tania.Viewer, password); err != nil {
		t.Fatal(err)
	}
	id, _, err := u.SignIn(ctx, "Ana", password)
	if err != nil {
		t.Fatal(err)
	}
	board.gone = true
	c.forward(stale - time.Second)
	if _, _, ok := u.Of(ctx, id); !ok {
		t.Error("who is in is out at once")
	}
	if _, _, err := u.SignIn(ctx, "Ana", password); !errors.Is(err, queue.ErrUnavailable) {
		t.Errorf("a sign-in: %v", err)
	}
	if err := u.Remove(ctx, "Ana"); !errors.Is(err, queue.ErrUnavailable) {
		t.Errorf("a removal: %v", err)
	}
	c.forward(2 * time.Second)
	if _, _, ok := u.Of(ctx, id); ok {
		t.Error("what was known five minutes ago counts")
	}
	if _, _, ok := New(board, c.now).Of(ctx, id); ok {
		t.Error("a process that never heard of the session takes it")
	}
}

// changing is a store in which somebody changes something right after it was read for the first time.
type changing struct {
	queue.Board
	change func() error
	err    error
}

func (c *changing) HoldNote(ctx context.Context, name, holder string, d time.Duration) (queue.Note, error) {
	found, err := c.Board.HoldNote(ctx, name, holder, d)
	if change := c.change; change != nil {
		c.change = nil
		c.err = change()
	}
	return found, err
}

// TestAPasswordThatChangesWhileItIsCheckedSignsNobodyIn: what the sign-in read first does not count when it writes the session down.
func TestAPasswordThatChangesWhileItIsCheckedSignsNobodyIn(t *testing.T) {
	for what, change := range map[string]func(context.Context, *Users) error{
		"a change":  func(ctx context.Context, u *Users) error { return u.SetPassword(ctx, "Ana", another) },
		"a removal": func(ctx context.Context, u *Users) error { return u.Remove(ctx, "Ana") },
	} {
		ctx, board := t.Context(), &changing{Board: enginetest.SQLite(t, queue.Options{})}
		there := New(board.Board, time.Now)
		if err := there.Add(ctx, "Ana", tania.Viewer, password); err != nil {
			t.Fatal(err)
		}
		board.change = func() error { return change(ctx, there) }
		if _, _, err := New(board, time.Now).SignIn(ctx, "Ana", password); !errors.Is(err, ErrRefused) || board.err != nil {
			t.Errorf("%s while the password was being checked: %v (%v)", what, err, board.err)
		}
		b, err := there.look(ctx, 0)
		if err != nil || len(b.Sessions) != 0 {
			t.Errorf("%s while the password was being checked leaves %d sessions (%v)", what, len(b.Sessions), err)
		}
	}
}
