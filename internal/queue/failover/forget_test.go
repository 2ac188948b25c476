package failover_test

import (
	"strings"
	"testing"
	"time"

	"tania/internal/queue/failover"
	"tania/internal/queue/queuetest"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// TestWhatIsKeptIsForgotten erases the deliveries of one conversation while Redis is away, down to the bytes; the others arrive.
func TestWhatIsKeptIsForgotten(t *testing.T) {
	server := redistest.Start(t)
	dir := t.TempDir()
	a := newAPI(t, server.URL(), dir)
	server.Kill()
	const mine, others = "100000000077", "100000000088"
	take := func(conversation int, body string) {
		t.Helper()
		key := tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(conversation)}
		if kept, err := a.Take(t.Context(), failover.Delivery{Key: key, Body: []byte(body), Received: time.Now()}, a.push); err != nil || !kept {
			t.Fatalf("%v, %v", kept, err)
		}
	}
	for range 3 {
		take(1, mine)
	}
	take(2, others)
	if len(queuetest.FilesWith(t, dir, mine)) == 0 {
		t.Fatal("nothing is kept in files: the test looks in the wrong place")
	}
	n, err := a.Forget(t.Context(), func(d failover.Delivery) bool { return strings.Contains(string(d.Body), mine) })
	if err != nil || n != 3 || a.Spooled() != 1 {
		t.Fatalf("%d forgotten, %d kept, %v", n, a.Spooled(), err)
	}
	if names := queuetest.FilesWith(t, dir, mine); len(names) > 0 {
		t.Errorf("what was forgotten is still in %v", names)
	}
	if err := server.Launch(); err != nil {
		t.Fatal(err)
	}
	for end := time.After(patience); a.Spooled() > 0; {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-end:
			t.Fatal("what is kept is not moved")
		}
	}
	if s, err := a.engine.Stats(t.Context()); err != nil || s.Messages != 1 {
		t.Errorf("Redis has %+v, %v: want the other's message alone", s, err)
	}
	// What was moved is kept no more, but its bytes are there until something is forgotten.
	n, err = a.Forget(t.Context(), func(d failover.Delivery) bool { return strings.Contains(string(d.Body), others) })
	if err != nil || n != 0 {
		t.Fatalf("%d forgotten of what was moved, %v", n, err)
	}
	if names := queuetest.FilesWith(t, dir, others); len(names) > 0 {
		t.Errorf("what was moved and then forgotten is still in %v", names)
	}
}
