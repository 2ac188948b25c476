package sqlitequeue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// pragma sets something on the writing connection.
func pragma(t *testing.T, e *Engine, setting string) {
	t.Helper()
	if err := e.do(t.Context(), func(tx *tx) error {
		_, err := tx.conn.ExecContext(context.Background(), "PRAGMA "+setting)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAFullDiskIsUnavailableAndRecovers(t *testing.T) {
	s := newStore(t, childOptions())
	t.Cleanup(s.Remove)
	pragma(t, s.e, fmt.Sprintf("max_page_count = %d", count(t, s.e.file.Readers, "PRAGMA page_count")+50))
	stored, refused := 0, 0
	for id := 1; refused < 20; id++ {
		switch _, err := s.e.Push(t.Context(), childMessage(id)); {
		case err == nil:
			stored++
		case errors.Is(err, queue.ErrUnavailable) && strings.Contains(err.Error(), "full"):
			refused++
		default:
			t.Fatal(err)
		}
	}
	if stats, err := s.e.Stats(t.Context()); err != nil || stats.Messages != int64(stored) || stats.Waiting != int64(stored) {
		t.Errorf("%d were stored, stats %+v, %v", stored, stats, err)
	}
	pragma(t, s.e, "max_page_count = 1000000")
	for id := 100001; id <= 100100; id++ {
		if got, err := s.e.Push(t.Context(), childMessage(id)); err != nil || got.Duplicate {
			t.Fatal(got, err)
		}
	}
	s.Crash()
	path := filepath.Join(s.dir, "q.db")
	if err := s.e.Close(); err != nil {
		t.Fatal(err)
	}
	if got := drain(t, path); len(got) != stored+100 {
		t.Errorf("%d messages are there, want %d", len(got), stored+100)
	}
}

func TestAStoreThatCannotBeWrittenChangesNothing(t *testing.T) {
	s := newStore(t, queue.Options{Debounce: -1, DebounceMax: -1, Lease: time.Hour})
	t.Cleanup(s.Remove)
	ctx := t.Context()
	pushAll(t, s.e, 1, 3)
	turn, err := s.e.Claim(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.e.Pause(ctx, "ana"); err != nil {
		t.Fatal(err)
	}
	before, err := s.e.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	pragma(t, s.e, "query_only = true")
	cause := errors.New("the model is down")
	ops := map[string]func() error{
		"Push":       func() error { _, err := s.e.Push(ctx, childMessage(77)); return err },
		"Checkpoint": func() error { return s.e.Checkpoint(ctx, turn, []byte(`1`)) },
		"Complete":   func() error { return s.e.Complete(ctx, turn) },
		"Retry":      func() error { return s.e.Retry(ctx, turn, 0, cause) },
		"Defer":      func() error { return s.e.Defer(ctx, turn, 0) },
		"Release":    func() error { return s.e.Release(ctx, turn) },
		"Bury":       func() error { return s.e.Bury(ctx, turn, cause) },
		"Resume":     func() error { _, err := s.e.Resume(ctx, "ana"); return err },
		"Ready":      func() error { return s.e.Ready(ctx) },
		"Count":      func() error { return s.e.Count(ctx, map[string]int64{"n": 1}) },
	}
	for round := range 3 {
		for name, op := range ops {
			if err := op(); !errors.Is(err, queue.ErrUnavailable) {
				t.Errorf("round %d: %s gives %v, want ErrUnavailable", round, name, err)
			}
		}
	}
	if err := s.e.Extend(ctx, turn); err != nil {
		t.Errorf("the worker lost its turn to a full disk: %v", err)
	}
	select {
	case <-turn.Lost:
		t.Error("Lost is closed")
	default:
	}
	if after, err := s.e.Stats(ctx); err != nil || after != before {
		t.Errorf("stats %+v, %v, before %+v", after, err, before)
	}
	pragma(t, s.e, "query_only = false")
	if err := s.e.Complete(ctx, turn); err != nil {
		t.Error(err)
	}
	if _, err := s.e.Resume(ctx, "ana"); err != nil {
		t.Error(err)
	}
	again, err := s.e.Claim(ctx)
	if err != nil || again.Attempt != 1 || again.Key == turn.Key {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestAClaimThatWaitsOutlivesAFullDisk(t *testing.T) {
	s := newStore(t, childOptions())
	t.Cleanup(s.Remove)
	claimed := make(chan *queue.Turn)
	go func() {
		turn, err := s.e.Claim(t.Context())
		if err != nil {
			t.Error(err)
		}
		claimed <- turn
	}()
	for waits := false; !waits; {
		if err := s.e.do(t.Context(), func(*tx) error { waits = len(s.e.waiters) > 0; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	pragma(t, s.e, "query_only = true")
	if _, err := s.e.Push(t.Context(), childMessage(1)); !errors.Is(err, queue.ErrUnavailable) {
		t.Errorf("%v, want ErrUnavailable", err)
	}
	pragma(t, s.e, "query_only = false")
	pushAll(t, s.e, 1, 1)
	if turn := <-claimed; turn == nil || turn.Messages[0].ID != 1 {
		t.Errorf("%+v", turn)
	}
}

func TestASecondProcessIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "q.db")
	p := start(t, "push", path, 1)
	_, err := Open(t.Context(), path, childOptions())
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), path) {
		t.Errorf("%v, want ErrInUse with the path", err)
	}
	p.killAfter(0, 0)
	e, err := Open(t.Context(), path, childOptions())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, childOptions()); !errors.Is(err, ErrInUse) {
		t.Errorf("%v, want ErrInUse in the same process", err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

func TestADamagedFileIsToldOf(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"no database":         func([]byte) []byte { return bytes.Repeat([]byte("not a database. "), 512) },
		"pages overwritten":   func(b []byte) []byte { return append(b[:4096:4096], bytes.Repeat([]byte{0xA5}, len(b)-4096)...) },
		"half of it missing":  func(b []byte) []byte { return b[:len(b)/8192*4096] },
		"its header is zeros": func(b []byte) []byte { return append(make([]byte, 100), b[100:]...) },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "q.db")
			e, err := Open(t.Context(), path, childOptions())
			if err != nil {
				t.Fatal(err)
			}
			pushAll(t, e, 1, 300)
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage(whole), 0o600); err != nil {
				t.Fatal(err)
			}
			e, err = Open(t.Context(), path, childOptions())
			if err == nil {
				_ = e.Close()
			}
			if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) {
				t.Errorf("%v, want ErrDamaged with the path", err)
			}
		})
	}
}

// What a power cut leaves of the log beyond the last sync is anything: a part of a frame, or rubbish.
func TestATornLogKeepsWhatWasAcknowledged(t *testing.T) {
	s := newStore(t, childOptions())
	t.Cleanup(s.Remove)
	const acknowledged, later = 60, 60
	pushAll(t, s.e, 1, acknowledged)
	log := filepath.Join(s.dir, "q.db-wal")
	synced, err := os.Stat(log)
	if err != nil {
		t.Fatal(err)
	}
	pushAll(t, s.e, acknowledged+1, acknowledged+later)
	whole, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	for range 15 {
		dir := s.newDir()
		copyStore(t, s.dir, dir)
		cut := int(synced.Size()) + rand.IntN(len(whole)-int(synced.Size()))
		torn := bytes.Clone(whole[:cut])
		for range rand.IntN(3000) {
			torn = append(torn, byte(rand.Int()))
		}
		if err := os.WriteFile(filepath.Join(dir, "q.db-wal"), torn, 0o600); err != nil {
			t.Fatal(err)
		}
		got := drain(t, filepath.Join(dir, "q.db"))
		for id := tania.MessageID(1); id <= acknowledged; id++ {
			if got[id] != 1 {
				t.Fatalf("message %d is there %d times in a log cut at %d of %d", id, got[id], cut, len(whole))
			}
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
}
