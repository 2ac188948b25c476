package storage

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
)

func board(t *testing.T, h queuetest.Harness) {
	hold := func(f *queuetest.Fixture, holder string) queue.Note {
		f.Helper()
		note, err := f.Engine().HoldNote(f.Context(), "alerts", holder, time.Minute)
		f.Must(err)
		return note
	}
	write := func(f *queuetest.Fixture, holder, body string, want bool) {
		f.Helper()
		if written, err := f.Engine().WriteNote(f.Context(), "alerts", holder, []byte(body)); err != nil || written != want {
			f.Fatalf("written %v, %v; want %v", written, err, want)
		}
	}
	t.Run("a note has one writer until its time is over", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		write(f, "a", "nobody holds it", false)
		if diff := cmp.Diff(queue.Note{Held: true}, hold(f, "a")); diff != "" {
			t.Fatal(diff)
		}
		write(f, "a", "one", true)
		if diff := cmp.Diff(queue.Note{Body: []byte("one")}, hold(f, "b")); diff != "" {
			t.Error(diff)
		}
		write(f, "b", "two", false)
		f.Advance(59 * time.Second)
		hold(f, "a") // renewed
		f.Advance(59 * time.Second)
		if hold(f, "b").Held {
			t.Error("b took what a had renewed")
		}
		f.Advance(time.Second)
		write(f, "a", "late", false)
		if diff := cmp.Diff(queue.Note{Held: true, Body: []byte("one")}, hold(f, "b")); diff != "" {
			t.Error(diff)
		}
		write(f, "b", "two", true)
		write(f, "a", "three", false)
		if diff := cmp.Diff(queue.Note{Body: []byte("two")}, hold(f, "a")); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a note outlives its writer's crash", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		hold(f, "a")
		write(f, "a", `{"told":true}`, true)
		f.Crash()
		f.Advance(time.Minute)
		if diff := cmp.Diff(queue.Note{Held: true, Body: []byte(`{"told":true}`)}, hold(f, "b")); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("of many who want a note one gets it", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		var held atomic.Int32
		var wg sync.WaitGroup
		for n := range 20 {
			wg.Go(func() {
				note, err := f.Engine().HoldNote(context.Background(), "alerts", fmt.Sprint("process-", n), time.Minute)
				if err != nil {
					t.Error(err)
				}
				if note.Held {
					held.Add(1)
				}
			})
		}
		wg.Wait()
		if held.Load() != 1 {
			t.Errorf("%d hold it", held.Load())
		}
	})
	t.Run("reports are replaced, and forgotten when they are old", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		report := func(process, body string) []string {
			t.Helper()
			all, err := f.Engine().Report(t.Context(), process, []byte(body), time.Minute)
			f.Must(err)
			var texts []string
			for _, b := range all {
				texts = append(texts, string(b))
			}
			slices.Sort(texts)
			return texts
		}
		report("a", "a1")
		f.Advance(30 * time.Second)
		if diff := cmp.Diff([]string{"a1", "b1"}, report("b", "b1")); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"a1", "b2"}, report("b", "b2")); diff != "" {
			t.Error(diff)
		}
		f.Advance(30 * time.Second)
		if diff := cmp.Diff([]string{"b3"}, report("b", "b3")); diff != "" {
			t.Error(diff)
		}
	})
}
