package sqlitequeue

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tania/internal/tania"
)

// kills is how many processes each of these tests kills.
const kills = 12

func TestEveryAcknowledgedPushOutlivesKill9(t *testing.T) {
	path := filepath.Join(t.TempDir(), "q.db")
	acknowledged := map[tania.MessageID]bool{}
	for n := range kills {
		p := start(t, "push", path, n*1_000_000+1)
		for _, id := range p.killAfter(20+rand.IntN(400), time.Duration(rand.IntN(3000))*time.Microsecond) {
			acknowledged[tania.MessageID(id)] = true
		}
	}
	got := drain(t, path)
	lost := 0
	for id := range acknowledged {
		if got[id] != 1 {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d acknowledged messages are not there once", lost, len(acknowledged))
	}
	// What was stored and not acknowledged, because the kill came between, is at most what was under way.
	if extra := len(got) - len(acknowledged); extra > kills*8 {
		t.Errorf("%d messages are there that nobody was told of", extra)
	}
	t.Logf("%d acknowledged, %d stored, %d kills", len(acknowledged), len(got), kills)
}

func TestNoMessageIsLostOrDoneTwiceWhenWorkersAreKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "q.db")
	const messages = 4000 // one conversation each
	e, err := Open(t.Context(), path, childOptions())
	if err != nil {
		t.Fatal(err)
	}
	pushAll(t, e, 1, messages)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	completed := map[tania.MessageID]int{}
	for n := range kills {
		p := start(t, "work", path, n)
		for _, id := range p.killAfter(20+rand.IntN(150), time.Duration(rand.IntN(3000))*time.Microsecond) {
			completed[tania.MessageID(id)]++
		}
	}
	left := drain(t, path)
	untold := 0
	for id := tania.MessageID(1); id <= messages; id++ {
		switch completed[id] + left[id] {
		case 0:
			untold++
		case 1:
		default:
			t.Errorf("message %d was completed %d times and is there %d times", id, completed[id], left[id])
		}
	}
	// A turn whose completion was stored when the kill came could not be told of: at most one per worker and kill.
	if untold > kills*8 {
		t.Errorf("%d of %d messages are gone", untold, messages)
	}
	t.Logf("%d told as completed, %d left, %d completed untold, %d kills", len(completed), len(left), untold, kills)
}

// pushAll pushes messages first to last, many at once.
func pushAll(t testing.TB, e *Engine, first, last int) {
	t.Helper()
	var wg sync.WaitGroup
	for n := range 64 {
		wg.Go(func() {
			for id := first + n; id <= last; id += 64 {
				if _, err := e.Push(context.Background(), childMessage(id)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// drain opens the store and completes everything; it gives how often each message was there.
func drain(t *testing.T, path string) map[tania.MessageID]int {
	t.Helper()
	e, err := Open(t.Context(), path, childOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	if integrity := ""; e.file.Readers.QueryRow(`PRAGMA integrity_check`).Scan(&integrity) != nil || integrity != "ok" {
		t.Errorf("integrity check: %s", integrity)
	}
	got := map[tania.MessageID]int{}
	for {
		s, err := e.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if s.Waiting == 0 {
			if s.Active+s.Delayed+s.Failed != 0 {
				t.Errorf("%+v", s)
			}
			return got
		}
		turn, err := e.Claim(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		last := tania.MessageID(0)
		for _, m := range turn.Messages {
			got[m.ID]++
			if m.ID <= last {
				t.Errorf("message %d after %d", m.ID, last)
			}
			last = m.ID
		}
		if err := e.Complete(context.Background(), turn); err != nil {
			t.Fatal(err)
		}
	}
}
