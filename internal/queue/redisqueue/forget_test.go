package redisqueue

import (
	"context"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
	"tania/internal/queue/redisqueue/redisconn"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// TestForgottenWordsAreInNoFile looks at the bytes of Redis's append-only file, after it was rewritten, and of a dump.
func TestForgottenWordsAreInNoFile(t *testing.T) {
	// Compressed, texts would not be found though they were there.
	server := redistest.Start(t, "--appendonly", "yes", "--rdbcompression", "no")
	connect, err := redisconn.ParseURL(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	e, err := Open(t.Context(), Options{Options: queue.Options{Debounce: -1, DebounceMax: -1}, Redis: connect, Partitions: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	const words, others = "unmistakable-customer-words", "words-of-somebody-else"
	for n := 1; n <= 30; n++ {
		key := tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(n)}
		if n%3 == 0 {
			queuetest.LeaveTraces(t, e, key, 7, 100*n, words)
		} else {
			queuetest.LeaveTraces(t, e, key, 8, 100*n, others)
		}
	}
	if len(queuetest.FilesWith(t, server.Dir(), words)) == 0 {
		t.Fatal("the words were never there: the test looks in the wrong place")
	}
	heard := make(chan tania.ContactID, 1)
	e.OnForget(func(_ context.Context, _ tania.AccountID, contact tania.ContactID) { heard <- contact })
	server.Do(t, "SET", "beside", words)
	got, err := e.Forget(t.Context(), 1, 7, func(context.Context) error { // as the cache's entries are
		server.Do(t, "DEL", "beside")
		return nil
	})
	if err != nil || got.Conversations != 10 {
		t.Fatalf("%+v, %v", got, err)
	}
	if contact := <-heard; contact != 7 {
		t.Errorf("engines were told of contact %d", contact)
	}
	rewritten := time.After(30 * time.Second)
	for server.Info(t, "aof_rewrite_in_progress") != "0" || server.Info(t, "aof_rewrite_scheduled") != "0" {
		select {
		case <-rewritten:
			t.Fatal("Redis does not finish the file")
		case <-time.After(10 * time.Millisecond):
		}
	}
	server.Do(t, "SAVE")
	if names := queuetest.FilesWith(t, server.Dir(), words); len(names) > 0 {
		t.Errorf("the words are still in %v", names)
	}
	if len(queuetest.FilesWith(t, server.Dir(), others)) == 0 {
		t.Error("the others' words are gone too")
	}
}
