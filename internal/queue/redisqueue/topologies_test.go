package redisqueue

import (
	"context"
	"crypto/tls"
	"testing"
	"time"

	"tania/internal/queue/redisqueue/redisconn"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// eventually polls servers, which give no signal, until the condition holds.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), patience)
	defer done()
	for !condition() {
		select {
		case <-ctx.Done():
			t.Fatal("waited in vain for ", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// TestCluster is three masters: every partition's keys are in one slot, so every script runs on one node.
func TestCluster(t *testing.T) {
	nodes := redistest.StartCluster(t, 3)
	o, err := redisconn.ParseURL(nodes[0].URL() + "?addr=" + nodes[1].Addr())
	if err != nil {
		t.Fatal(err)
	}
	shareTheWork(t, o, 8)
	used := 0
	for _, s := range nodes {
		if s.Do(t, "RANDOMKEY") != "" {
			used++
		}
	}
	if used < 2 {
		t.Errorf("8 partitions are on %d of 3 nodes", used)
	}
}

// TestSentinel kills a master; the Sentinel promotes its replica, and the queue goes on there.
func TestSentinel(t *testing.T) {
	s := redistest.StartSentinelled(t)
	o, err := redisconn.ParseURL(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	e, err := Open(t.Context(), Options{Options: plain(), Redis: o, Name: name()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	for id := 1; id <= 20; id++ {
		push(t, e, key(1, id), id)
	}
	// Replication lags behind what was acknowledged; a failover loses what has not come over.
	acknowledged := s.Master.ReplicationOffset(t, "master_repl_offset")
	eventually(t, "the replica to have it", func() bool { return s.Replica.ReplicationOffset(t, "slave_repl_offset") >= acknowledged })
	s.Master.Kill()
	eventually(t, "the queue to take messages again", func() bool {
		_, err := e.Push(t.Context(), tania.Message{ID: 21, Key: key(1, 21)})
		return err == nil
	})
	if !s.Promoted() {
		t.Error("the replica was not promoted")
	}
	seen := map[tania.MessageID]bool{}
	for range 21 {
		turn := claim(t, e)
		seen[turn.Messages[0].ID] = true
		if err := e.Complete(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 21 {
		t.Errorf("%d of 21 messages are there after the failover", len(seen))
	}
}

// TestTLS speaks to a server whose certificate a private authority signed.
func TestTLS(t *testing.T) {
	url, pool := redistest.StartTLS(t)
	o, err := redisconn.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	// Not Open, which goes on without a Redis that takes longer than StartPatience to shake hands.
	if client, err := redisconn.Dial(o); !redisconn.Refused(err) {
		t.Errorf("a certificate that nobody vouches for: %v", err)
		if err == nil {
			client.Close()
		}
	}
	o.TLSConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	e, err := Open(t.Context(), Options{Options: plain(), Redis: o, Name: name()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	push(t, e, key(1, 1), 1)
	if err := e.Complete(t.Context(), claim(t, e)); err != nil {
		t.Error(err)
	}
}
