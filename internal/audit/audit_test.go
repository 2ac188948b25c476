package audit

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/enginetest"
)

// TestNothingIsLostOfWhatSeveralAddAtOnce: two logs of a store, several at once in each.
func TestNothingIsLostOfWhatSeveralAddAtOnce(t *testing.T) {
	const each = 10
	for engine, boards := range enginetest.Pairs(t) {
		t.Run(engine, func(t *testing.T) {
			var all sync.WaitGroup
			for i, board := range boards {
				l := New(board, time.Now, nil)
				for j := range each {
					all.Go(func() {
						if err := l.Add(t.Context(), Entry{Action: Pause, On: fmt.Sprintf("%d of %d", j, i), Outcome: Done}); err != nil {
							t.Error(err)
						}
					})
				}
			}
			all.Wait()
			list, err := New(boards[0], time.Now, nil).List(t.Context(), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			for _, e := range list {
				seen[e.On] = true
			}
			if len(seen) != 2*each || len(list) != 2*each {
				t.Errorf("%d entries, %d of them different, want %d", len(list), len(seen), 2*each)
			}
		})
	}
}

// TestTheLogIsBounded by number and by age; what is refused pushes out nothing that was done.
func TestTheLogIsBounded(t *testing.T) {
	now := time.Now()
	l := New(enginetest.SQLite(t, queue.Options{}), func() time.Time { return now }, nil)
	add := func(n int, o Result) {
		t.Helper()
		for i := range n {
			now = now.Add(time.Second)
			if err := l.Add(t.Context(), Entry{Action: SignIn, On: fmt.Sprint(i), Outcome: o}); err != nil {
				t.Fatal(err)
			}
		}
	}
	count := func(since time.Time) (n map[Result]int, newest Entry) {
		t.Helper()
		list, err := l.List(t.Context(), since)
		if err != nil {
			t.Fatal(err)
		}
		n = map[Result]int{}
		for _, e := range list {
			n[e.Outcome]++
		}
		if len(list) > 0 {
			newest = list[0]
		}
		return n, newest
	}
	add(mostDone+2, Done)
	add(mostRefused+3, Refused)
	if n, newest := count(time.Time{}); n[Done] != mostDone || n[Refused] != mostRefused || newest.On != fmt.Sprint(mostRefused+2) {
		t.Errorf("kept are %v, the newest is %+v", n, newest)
	}
	if n, _ := count(now.Add(-9 * time.Second)); n[Refused] != 10 || n[Done] != 0 {
		t.Errorf("of the last ten seconds: %v", n)
	}
	now = now.Add(Kept + time.Minute)
	if n, _ := count(time.Time{}); len(n) != 0 {
		t.Errorf("after a year %v are shown", n)
	}
	add(1, Done)
	found, err := l.board.HoldNote(t.Context(), "audit/done", "test", time.Millisecond)
	if err != nil || strings.Count(string(found.Body), `"at"`) != 1 {
		t.Errorf("after a year %d bytes are stored (%v)", len(found.Body), err)
	}
}

// TestTextsAreClean: on one line, bounded, without secrets and without what a terminal would obey.
func TestTextsAreClean(t *testing.T) {
	l := New(enginetest.SQLite(t, queue.Options{}), time.Now, func(s string) string { return strings.ReplaceAll(s, "hunter2", "(secret)") })
	hostile := Entry{By: "Ana\x1b[2J\nEva", From: "::1\u202e", On: "hunter2" + strings.Repeat("ñ", 1000), Action: Pause, Outcome: Done}
	if err := l.Add(t.Context(), hostile); err != nil {
		t.Fatal(err)
	}
	list, err := l.List(t.Context(), time.Time{})
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	e := list[0]
	if e.By != "Ana [2J Eva" || e.From != "::1" || !strings.HasPrefix(e.On, "(secret)ñ") || len([]rune(e.On)) != textLimit {
		t.Errorf("kept is %+q", e)
	}
}

// TestWhatStrangersBringAboutFillsNoLog: the same is noted once in a while, of all together a few, and it is noted again later.
func TestWhatStrangersBringAboutFillsNoLog(t *testing.T) {
	now := time.Now()
	l := New(enginetest.SQLite(t, queue.Options{}), func() time.Time { return now }, nil)
	log := slog.New(slog.DiscardHandler)
	ask := func(from string) {
		l.NoteSeldom(t.Context(), log, Entry{As: Nobody, From: from, Action: AskRoute, On: "GET /admin/" + from, Outcome: Refused})
	}
	count := func() int {
		t.Helper()
		list, err := l.List(t.Context(), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	for range 1000 {
		ask("::1")
	}
	if got := count(); got != 1 {
		t.Errorf("a thousand requests of one are %d entries", got)
	}
	for i := range 1000 {
		ask(fmt.Sprint("10.0.0.", i))
	}
	if got := count(); got != seldomAtOnce {
		t.Errorf("a thousand requests of as many are %d entries, want %d", got, seldomAtOnce)
	}
	now = now.Add(sameAgainAfter)
	ask("::1")
	ask("::1")
	if got, kept := count(), len(l.seldom.noted); got != seldomAtOnce+1 || kept != 1 {
		t.Errorf("later there are %d entries, and %d are remembered", got, kept)
	}
	(*Log)(nil).NoteSeldom(t.Context(), log, Entry{}) // a process without a log notes nothing
}
