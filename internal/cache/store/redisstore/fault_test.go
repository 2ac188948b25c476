package redisstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/cache/store"
	"tania/internal/cache/store/storetest"
	"tania/internal/redistest"
)

// patience is how long what must happen may take on a busy machine.
const patience = 30 * time.Second

// inTime is how long a call may take at most, with what a busy machine adds.
const inTime = defaultTimeout + time.Second

// eventually tries until it succeeds: servers give no signal when they are back.
func eventually(t *testing.T, what string, try func() error) {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), patience)
	defer done()
	for {
		err := try()
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s: %v", what, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func load(t *testing.T, s *Store) (all store.Snapshot) {
	t.Helper()
	eventually(t, "a snapshot", func() (err error) {
		all, err = s.Load(t.Context())
		return err
	})
	return all
}

func put(t *testing.T, s *Store, id string) {
	t.Helper()
	if err := s.Put(t.Context(), load(t, s).Epoch, storetest.NewEntry(id)); err != nil {
		t.Fatal(err)
	}
}

// heard is what a follower hears: ids of entries, and its errors.
type heard struct {
	ids  chan string
	errs chan error
	quit context.CancelFunc
	over chan struct{}
}

// follow follows, and again when that ends with an error, until the log is lost.
func follow(t *testing.T, s *Store, at store.Position) *heard {
	ctx, quit := context.WithCancel(t.Context())
	h := &heard{ids: make(chan string, 1000), errs: make(chan error, 1000), quit: quit, over: make(chan struct{})}
	go func() {
		defer close(h.over)
		for ctx.Err() == nil {
			err := s.Follow(ctx, at, func(events []store.Event, now store.Position) {
				at = now
				for _, e := range events {
					for _, entry := range e.Entries {
						h.ids <- entry.ID
					}
				}
			})
			select {
			case h.errs <- err:
			default:
			}
			if errors.Is(err, store.ErrBehind) {
				return
			}
			select {
			case <-time.After(10 * time.Millisecond):
			case <-ctx.Done():
			}
		}
	}()
	t.Cleanup(func() { quit(); <-h.over })
	return h
}

func (h *heard) next(t *testing.T) string {
	t.Helper()
	select {
	case id := <-h.ids:
		return id
	case <-time.After(patience):
		t.Fatal("nothing is heard")
		return ""
	}
}

func (h *heard) failure(t *testing.T) error {
	t.Helper()
	select {
	case err := <-h.errs:
		return err
	case <-time.After(patience):
		t.Fatal("following goes on")
		return nil
	}
}

func (h *heard) loses(t *testing.T) {
	t.Helper()
	for err := h.failure(t); !errors.Is(err, store.ErrBehind); err = h.failure(t) {
	}
}

// TestRedisIsKilledAndComesBack with all it had: who follows misses nothing, and hears nothing twice.
func TestRedisIsKilledAndComesBack(t *testing.T) {
	own := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "always")
	name := newName()
	writer, reader := process(t, own.URL(), name), process(t, own.URL(), name)
	epoch := load(t, writer).Epoch
	h := follow(t, reader, load(t, reader).At)
	stored := map[string]bool{}
	n := 0
	write := func() error {
		n++
		id := fmt.Sprint("e", n)
		began := time.Now()
		err := writer.Put(t.Context(), epoch, storetest.NewEntry(id))
		if took := time.Since(began); took > inTime {
			t.Errorf("a put took %s", took)
		}
		if err == nil {
			stored[id] = true
		}
		return err
	}
	for range 3 {
		for range 20 {
			if err := write(); err != nil {
				t.Fatal(err)
			}
		}
		own.Kill()
		for range 5 {
			if err := write(); err == nil {
				t.Error("a put succeeded without Redis")
			}
		}
		if err := own.Launch(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "a put", write)
	}
	last := fmt.Sprint("e", n)
	got := map[string]int{}
	for id := ""; id != last; {
		id = h.next(t)
		got[id]++
	}
	for id := range stored {
		if got[id] != 1 {
			t.Errorf("%s was heard of %d times", id, got[id])
		}
	}
	all := load(t, reader)
	if all.Epoch != epoch || len(all.Entries) < len(stored) {
		t.Errorf("epoch %d, want %d; %d entries, want %d", all.Epoch, epoch, len(all.Entries), len(stored))
	}
}

// TestRedisLosesItsMemory: who follows is told so at once, and answers made before are not stored.
func TestRedisLosesItsMemory(t *testing.T) {
	for name, lose := range map[string]func(*testing.T, *redistest.Server, string){
		"restarted": func(t *testing.T, own *redistest.Server, _ string) {
			own.Kill()
			if err := own.Launch(); err != nil {
				t.Fatal(err)
			}
		},
		"flushed":   func(t *testing.T, own *redistest.Server, _ string) { own.Do(t, "FLUSHALL") },
		"the state": func(t *testing.T, own *redistest.Server, base string) { own.Do(t, "DEL", base+":state") },
	} {
		t.Run(name, func(t *testing.T) {
			own := redistest.Start(t)
			name := newName()
			s, other := process(t, own.URL(), name), process(t, own.URL(), name)
			put(t, s, "a")
			put(t, s, "b")
			before := load(t, other)
			idle := follow(t, other, before.At)
			lose(t, own, s.base)
			idle.loses(t)
			eventually(t, "a put to be refused", func() error {
				if err := s.Put(t.Context(), before.Epoch, storetest.NewEntry("old")); !errors.Is(err, store.ErrEpoch) {
					return fmt.Errorf("%w, want ErrEpoch", err)
				}
				return nil
			})
			after := load(t, s)
			if after.Epoch <= before.Epoch || len(after.Entries) != 0 {
				t.Errorf("epoch %d after %d, %d entries", after.Epoch, before.Epoch, len(after.Entries))
			}
			// As many events as there were before are other ones.
			put(t, s, "c")
			put(t, s, "d")
			for _, at := range []store.Position{before.At, "", after.At} {
				h := follow(t, other, at)
				if at == before.At {
					h.loses(t)
				} else if got := []string{h.next(t), h.next(t)}; !cmp.Equal(got, []string{"c", "d"}) {
					t.Errorf("behind %q: %v", at, got)
				}
			}
		})
	}
}

func TestTheStreamAloneIsLost(t *testing.T) {
	name := newName()
	s, other := process(t, server.URL(), name), process(t, server.URL(), name)
	start := load(t, s).At
	put(t, s, "a")
	keen := follow(t, other, start)
	if got := keen.next(t); got != "a" {
		t.Error(got)
	}
	server.Do(t, "DEL", s.base+":log")
	follow(t, other, start).loses(t)
	put(t, s, "b")
	if got := keen.next(t); got != "b" {
		t.Errorf("who had everything hears of %s, want b", got)
	}
}

// allInTime does every call and wants each to fail in time.
func allInTime(t *testing.T, s *Store) {
	t.Helper()
	for range 3 {
		storetest.Calls(t.Context(), s, func(name string, took time.Duration, err error) {
			if err == nil || took > inTime {
				t.Errorf("%s took %s and gave %v", name, took, err)
			}
		})
	}
}

func TestAFrozenRedisHoldsNobodyUp(t *testing.T) {
	own := redistest.Start(t)
	name := newName()
	s, fresh := process(t, own.URL(), name), process(t, own.URL(), name)
	put(t, s, "a")
	all := load(t, s)
	h := follow(t, s, all.At)
	if err := own.Freeze(); err != nil {
		t.Fatal(err)
	}
	allInTime(t, s)
	allInTime(t, fresh) // without connections of its own yet
	if h.failure(t) == nil {
		t.Error("following succeeded")
	}
	began := time.Now()
	absent := Open(t.Context(), Options{Redis: connection(t, own.URL()), Name: name})
	if took := time.Since(began); took > inTime {
		t.Errorf("Open took %s", took)
	}
	began = time.Now()
	if err := errors.Join(fresh.Close(), absent.Close()); err != nil || time.Since(began) > 5*time.Second {
		t.Errorf("Close took %s, %v", time.Since(began), err)
	}
	if err := own.Thaw(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a put", func() error { return s.Put(t.Context(), all.Epoch, storetest.NewEntry("b")) })
	for h.next(t) != "b" { // what was sent before the answer was late may have happened too
	}
}

func TestConnectionsAreHarmed(t *testing.T) {
	proxy := redistest.NewProxy(t, server.Addr())
	name := newName()
	s, direct := process(t, proxy.URL(), name), process(t, server.URL(), name)
	h := follow(t, s, load(t, s).At)
	n := 0
	for kind, harm := range map[string]func(){"cut": proxy.Cut, "reset": proxy.Reset, "refused": proxy.Refuse, "stalled": proxy.Stall} {
		n++
		id := fmt.Sprint("e", n)
		harm()
		put(t, direct, id)
		if kind == "refused" || kind == "stalled" { // else it connects again before anybody notices
			if h.failure(t) == nil {
				t.Error(kind, ": following succeeded")
			}
			allInTime(t, s)
		}
		proxy.Heal()
		if got := h.next(t); got != id {
			t.Errorf("%s: heard of %s, want %s", kind, got, id)
		}
		eventually(t, "a call", func() error { return s.Touch(t.Context(), map[string]store.Use{id: {Hits: 1}}) })
		for len(h.errs) > 0 {
			<-h.errs //nolint:errcheck // what was cut off is known
		}
	}
}

func TestRedisIsNotThereYet(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	began := time.Now()
	s := process(t, "redis://"+address, newName())
	if took := time.Since(began); took > inTime {
		t.Errorf("Open took %s", took)
	}
	allInTime(t, s)
	own := redistest.Start(t)
	proxy := redistest.NewProxy(t, own.Addr())
	proxy.Refuse()
	late := process(t, proxy.URL(), newName())
	allInTime(t, late)
	proxy.Heal()
	put(t, late, "a")
}
