package session

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
)

// with is a request with a cookie.
func with(c *http.Cookie) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	r.AddCookie(c)
	return r
}

// TestSigningOutHolds: in the process that did it, in others over the same store, and after a restart; another session goes on.
func TestSigningOutHolds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tania.db")
	open := func() *sqlitequeue.Engine {
		t.Helper()
		engine, err := sqlitequeue.Open(t.Context(), path, queue.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return engine
	}
	now := time.Now()
	clock := func() time.Time { return now }
	engine := open()
	one, other := New("a-token-of-tests", nil, engine, clock), New("a-token-of-tests", nil, engine, clock)
	stays, leaves, leavesToo := one.Start(with(&http.Cookie{}), "Ana"), one.Start(with(&http.Cookie{}), "Bea"),
		other.Start(with(&http.Cookie{}), "Eva")
	if _, ok := other.Of(with(leaves)); !ok {
		t.Fatal("another process does not take the session")
	}
	var both sync.WaitGroup // at once, from two processes
	for s, c := range map[*Sessions]*http.Cookie{one: leaves, other: leavesToo} {
		both.Go(func() {
			if _, err := s.End(with(c)); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	now = now.Add(askEvery + time.Second)
	check := func(where string, s *Sessions) {
		t.Helper()
		for name, c := range map[string]struct {
			cookie *http.Cookie
			in     bool
		}{"who stayed": {stays, true}, "who left": {leaves, false}, "who left the other process": {leavesToo, false}} {
			if _, in := s.Of(with(c.cookie)); in != c.in {
				t.Errorf("%s, %s: in %v", where, name, in)
			}
		}
	}
	check("the process", one)
	check("another process", other)
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	engine = open()
	check("after a restart", New("a-token-of-tests", nil, engine, clock))
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	// The store is away: who may have signed out before is asked for the token again, who comes in now is in.
	away := New("a-token-of-tests", nil, lost{}, clock)
	if _, in := away.Of(with(stays)); in {
		t.Error("without the store a session of an earlier process is taken on trust")
	}
	fresh := away.Start(with(&http.Cookie{}), "")
	if _, in := away.Of(with(fresh)); !in {
		t.Error("without the store nobody can sign in")
	}
	if _, err := away.End(with(fresh)); err == nil {
		t.Error("without the store a sign-out is said to hold")
	}
	if _, in := away.Of(with(fresh)); in {
		t.Error("without the store nobody can sign out")
	}
}

// lost is a store that is away.
type lost struct{}

func (lost) HoldNote(context.Context, string, string, time.Duration) (queue.Note, error) {
	return queue.Note{}, errors.New("away")
}

func (lost) WriteNote(context.Context, string, string, []byte) (bool, error) {
	return false, errors.New("away")
}

// TestTickets: a link signs in until its time, with the token that it was made with.
func TestTickets(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	s := New("a-token-of-tests", nil, lost{}, func() time.Time { return now })
	link := SignInLink("http://localhost:8787/", "a-token-of-tests", now.Add(time.Minute))
	const before = "http://localhost:8787/sign-in?ticket="
	ticket := link[len(before):]
	if link[:len(before)] != before || !s.Admits(ticket) {
		t.Errorf("%s does not sign in", link)
	}
	for name, wrong := range map[string]string{
		"of another token": SignInLink("", "another-token-of-tests", now.Add(time.Minute))[len("/sign-in?ticket="):],
		"moved on":         "1" + ticket, "cut": ticket[:len(ticket)-1], "empty": "", "a dot": ".",
		"a session's cookie": s.Start(with(&http.Cookie{}), "").Value,
	} {
		if s.Admits(wrong) {
			t.Errorf("a ticket %s signs in", name)
		}
	}
	now = now.Add(time.Minute)
	if s.Admits(ticket) {
		t.Error("a ticket signs in after its time")
	}
}
