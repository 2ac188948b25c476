package sqlitequeue_test

import (
	"path/filepath"
	"testing"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/tania"
)

// TestForgottenWordsAreInNoFile looks at the bytes of the store's files, between many other customers and after much was moved.
func TestForgottenWordsAreInNoFile(t *testing.T) {
	dir := t.TempDir()
	engine, err := sqlitequeue.Open(t.Context(), filepath.Join(dir, "tania.db"), queue.Options{Debounce: -1, DebounceMax: -1})
	if err != nil {
		t.Fatal(err)
	}
	const words, others = "unmistakable-customer-words", "words-of-somebody-else"
	for n := 1; n <= 60; n++ {
		key := tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(n)}
		if n%3 == 0 {
			queuetest.LeaveTraces(t, engine, key, 7, 100*n, words)
		} else {
			queuetest.LeaveTraces(t, engine, key, 8, 100*n, others)
		}
	}
	if len(queuetest.FilesWith(t, dir, words)) == 0 {
		t.Fatal("the words were never there: the test looks in the wrong place")
	}
	got, err := engine.Forget(t.Context(), 1, 7)
	if err != nil || got.Conversations != 20 {
		t.Fatalf("%+v, %v", got, err)
	}
	for range 2 { // while the engine runs, and when it is closed
		if names := queuetest.FilesWith(t, dir, words); len(names) > 0 {
			t.Errorf("the words are still in %v", names)
		}
		if len(queuetest.FilesWith(t, dir, others)) == 0 {
			t.Error("the others' words are gone too")
		}
		if err := engine.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
