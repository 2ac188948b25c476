package sqlitequeue

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/queue"
)

// TestTheEngineWakesByItself when a message is due and when a lease ends: nothing else happens in the store meanwhile.
func TestTheEngineWakesByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, err := Open(t.Context(), filepath.Join(t.TempDir(), "q.db"), queue.Options{
			Debounce: 3 * time.Second, DebounceMax: 3 * time.Second, Lease: 20 * time.Second,
		})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		}()
		if _, err := e.Push(t.Context(), childMessage(1)); err != nil {
			t.Fatal(err)
		}
		began := time.Now() // of the bubble
		first, err := e.Claim(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 2*time.Second || took > 4*time.Second {
			t.Errorf("claimed after %s, want three seconds", took)
		}
		<-first.Lost
		if took := time.Since(began); took < 22*time.Second || took > 24*time.Second {
			t.Errorf("lost after %s, want the wait and the lease", took)
		}
		again, err := e.Claim(t.Context())
		if err != nil || again.ID != first.ID || again.Attempt != 2 {
			t.Errorf("%+v, %v, want the turn's second attempt", again, err)
		}
	})
}
