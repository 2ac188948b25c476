package redisstore

import (
	"crypto/tls"
	"errors"
	"strings"
	"testing"
	"time"

	"tania/internal/cache/store/storetest"
	"tania/internal/redistest"
)

// TestCluster is three masters; all keys of a cache are on one.
func TestCluster(t *testing.T) {
	nodes := redistest.StartCluster(t, 3)
	exercise(t, nodes[0].URL()+"?addr="+nodes[1].Addr())
}

// TestAUserOfACL may use the keys of the queue's name only.
func TestAUserOfACL(t *testing.T) {
	own := redistest.Start(t)
	own.Do(t, "ACL", "SETUSER", "app", "on", ">secret", "~{shop:*", "&shop:*", "+@all", "-@dangerous", "-@admin")
	s := process(t, "redis://app:secret@"+own.Addr(), "shop")
	h := follow(t, s, load(t, s).At)
	put(t, s, "a")
	if got := h.next(t); got != "a" {
		t.Error(got)
	}
	storetest.Calls(t.Context(), s, func(name string, _ time.Duration, err error) {
		if name != "Follow" && err != nil && !strings.Contains(err.Error(), "cleared meanwhile") {
			t.Error(name, err)
		}
	})
	other := process(t, "redis://app:secret@"+own.Addr(), "other")
	if _, err := other.Load(t.Context()); err == nil || !strings.Contains(err.Error(), "NOPERM") {
		t.Errorf("another name's keys: %v, want NOPERM", err)
	}
}

// TestSentinel kills a master; the cache goes on with the replica that the Sentinel promotes.
func TestSentinel(t *testing.T) {
	sentinelled := redistest.StartSentinelled(t)
	name := newName()
	s, other := process(t, sentinelled.URL(), name), process(t, sentinelled.URL(), name)
	put(t, s, "a")
	before := load(t, s)
	h := follow(t, other, before.At)
	acknowledged := sentinelled.Master.ReplicationOffset(t, "master_repl_offset")
	eventually(t, "the replica to have it", func() error {
		if sentinelled.Replica.ReplicationOffset(t, "slave_repl_offset") < acknowledged {
			return errors.New("it lags behind")
		}
		return nil
	})
	sentinelled.Master.Kill()
	eventually(t, "the cache to take entries again", func() error { return s.Put(t.Context(), before.Epoch, storetest.NewEntry("b")) })
	if !sentinelled.Promoted() {
		t.Error("the replica was not promoted")
	}
	if got := h.next(t); got != "b" {
		t.Errorf("heard of %s, want b", got)
	}
	if all := load(t, other); len(all.Entries) != 2 || all.Epoch != before.Epoch {
		t.Errorf("%d entries, epoch %d, want 2 and %d", len(all.Entries), all.Epoch, before.Epoch)
	}
}

// TestTLS speaks to a server whose certificate a private authority signed.
func TestTLS(t *testing.T) {
	url, pool := redistest.StartTLS(t)
	o := connection(t, url)
	untrusting := Open(t.Context(), Options{Redis: o, Name: newName()})
	t.Cleanup(func() { _ = untrusting.Close() })
	if _, err := untrusting.Load(t.Context()); err == nil {
		t.Error("a certificate that nobody vouches for was taken")
	}
	o.TLSConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	s := Open(t.Context(), Options{Redis: o, Name: newName()})
	t.Cleanup(func() { _ = s.Close() })
	h := follow(t, s, load(t, s).At)
	put(t, s, "a")
	if got := h.next(t); got != "a" {
		t.Error(got)
	}
}
