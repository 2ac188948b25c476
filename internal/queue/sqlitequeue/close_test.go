package sqlitequeue

import (
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
)

// TestWhatWasSubmittedIsDoneBeforeTheClose: who is told that the engine is closed may send elsewhere what it did not take, and who
// submitted before that is told what became of it.
func TestWhatWasSubmittedIsDoneBeforeTheClose(t *testing.T) {
	for range 8 { // which of the two the writing goroutine sees first is left to chance
		synctest.Test(t, submittedBeforeTheClose)
	}
}

func submittedBeforeTheClose(t *testing.T) {
	e, err := Open(t.Context(), filepath.Join(t.TempDir(), "q.db"), queue.Options{Clock: &queuetest.Clock{}})
	if err != nil {
		t.Fatal(err)
	}
	goOn := make(chan struct{})
	var submitting sync.WaitGroup
	submitting.Go(func() {
		if err := e.do(t.Context(), func(*tx) error { <-goOn; return nil }); err != nil {
			t.Error(err)
		}
	})
	synctest.Wait() // the writing goroutine is in it
	n := cap(e.ops)
	done := make([]bool, n)
	for i := range n {
		submitting.Go(func() {
			if err := e.do(t.Context(), func(*tx) error { done[i] = true; return nil }); err != nil {
				t.Errorf("submission %d: %v", i, err)
			}
		})
	}
	synctest.Wait()
	submitting.Go(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	synctest.Wait()
	close(goOn)
	submitting.Wait()
	for i, did := range done {
		if !did {
			t.Errorf("submission %d of %d was not carried out", i, n)
		}
	}
}

// TestAMessageIsOneRow: a revision is noted beside the message it changed, and nothing beside one that was never edited.
func TestAMessageIsOneRow(t *testing.T) {
	s := newStore(t, queue.Options{Debounce: -1})
	t.Cleanup(s.Remove)
	pushAll(t, s.e, 1, 3)
	if n := count(t, s.e.file.Readers, `SELECT count(*) FROM messages`); n != 3 {
		t.Errorf("%d rows for 3 messages", n)
	}
	edited := childMessage(4)
	edited.Revision = 1
	if _, err := s.e.Push(t.Context(), edited); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s.e.file.Readers, `SELECT count(*) FROM messages`); n != 5 {
		t.Errorf("%d rows for 3 messages, one more, and the note of its revision", n)
	}
}
