package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/queue"
	"tania/internal/queue/queuetest"
)

func bots(t *testing.T, h queuetest.Harness) {
	t.Run("the last published version is current, and all are kept with who, when and why", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		e := f.Engine()
		if _, err := e.BotVersion(t.Context(), "shop", 0); !errors.Is(err, queue.ErrNotFound) {
			t.Errorf("%v, want ErrNotFound", err)
		}
		one := publish(f, "shop", 0, "tone: warm")
		f.Advance(time.Hour)
		two := publish(f, "shop", 1, "tone: brief\x00\xff")
		other := publish(f, "bar: 2", 0, "tone: loud")
		want := queue.BotVersion{Bot: "shop", Number: 2, At: f.Now(), By: "ana", Why: "for shop", Content: []byte("tone: brief\x00\xff")}
		if diff := cmp.Diff(want, two); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		f.Crash()
		f.Advance(1000 * time.Hour) // not bounded by Options.KeepFor
		current(f, "shop", two)
		current(f, "bar: 2", other)
		if got, err := f.Engine().BotVersion(t.Context(), "shop", 1); err != nil || cmp.Diff(one, got) != "" {
			t.Errorf("version 1 is %+v, %v", got, err)
		}
		for _, number := range []int{3, -1} {
			if _, err := f.Engine().BotVersion(t.Context(), "shop", number); !errors.Is(err, queue.ErrNotFound) {
				t.Errorf("version %d: %v, want ErrNotFound", number, err)
			}
		}
		one.Content, two.Content = nil, nil
		list, err := f.Engine().BotVersions(t.Context(), "shop")
		if diff := cmp.Diff([]queue.BotVersion{two, one}, list); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		names, err := f.Engine().BotNames(t.Context())
		if diff := cmp.Diff([]string{"bar: 2", "shop"}, names); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
	t.Run("a version made from an older one is refused, also when many publish at once", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		publish(f, "shop", 0, "one")
		publish(f, "shop", 1, "two")
		for _, after := range []int{0, 1, 3} {
			v := queue.BotVersion{Bot: "shop", By: "eva", Content: []byte("late")}
			if _, err := f.Engine().PublishBot(t.Context(), after, v); !errors.Is(err, queue.ErrNotCurrent) {
				t.Errorf("made from %d: %v, want ErrNotCurrent", after, err)
			}
		}
		var won atomic.Int32
		var wg sync.WaitGroup
		for n := range 20 {
			wg.Go(func() {
				_, err := f.Engine().PublishBot(context.Background(), 2, queue.BotVersion{Bot: "shop", By: fmt.Sprint(n), Content: []byte("x")})
				switch {
				case err == nil:
					won.Add(1)
				case !errors.Is(err, queue.ErrNotCurrent):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if v, err := f.Engine().BotVersion(t.Context(), "shop", 0); err != nil || v.Number != 3 || won.Load() != 1 {
			t.Errorf("%d published, %+v, %v", won.Load(), v, err)
		}
	})
	t.Run("what is nothing is not published", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		for _, v := range []queue.BotVersion{{Content: []byte("x")}, {Bot: "shop"}} {
			if _, err := f.Engine().PublishBot(t.Context(), 0, v); err == nil {
				t.Errorf("%+v was published", v)
			}
		}
	})
	t.Run("a reason without end is cut", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		long := strings.Repeat("ñ", queue.LongestReason)
		v, err := f.Engine().PublishBot(t.Context(), 0, queue.BotVersion{Bot: "shop", By: long, Why: long + "ñ", Content: []byte("x")})
		f.Must(err)
		if v.By != long || v.Why != long[:len(long)-len("ñ")]+"…" {
			t.Errorf("kept are %d and %d bytes of %d", len(v.By), len(v.Why), len(long))
		}
		current(f, "shop", v)
	})
	t.Run("rolling back publishes an earlier content anew", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		publish(f, "shop", 0, "one")
		publish(f, "shop", 1, "two")
		back, err := queue.RollBackBot(t.Context(), f.Engine(), "shop", 2, 1, "eva", "two was wrong")
		f.Must(err)
		want := queue.BotVersion{Bot: "shop", Number: 3, At: f.Now(), By: "eva", Why: "two was wrong", Of: 1, Content: []byte("one")}
		if diff := cmp.Diff(want, back); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		current(f, "shop", want)
		if _, err := queue.RollBackBot(t.Context(), f.Engine(), "shop", 2, 1, "ana", ""); !errors.Is(err, queue.ErrNotCurrent) {
			t.Errorf("%v, want ErrNotCurrent", err)
		}
		for _, to := range []int{0, 4} {
			if _, err := queue.RollBackBot(t.Context(), f.Engine(), "shop", 3, to, "ana", ""); !errors.Is(err, queue.ErrNotFound) {
				t.Errorf("back to %d: %v, want ErrNotFound", to, err)
			}
		}
	})
	t.Run("the oldest versions go", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		for n := range queue.BotVersionsKept + 2 {
			publish(f, "shop", n, fmt.Sprint(n+1))
		}
		list, err := f.Engine().BotVersions(t.Context(), "shop")
		f.Must(err)
		if len(list) != queue.BotVersionsKept || list[len(list)-1].Number != 3 {
			t.Errorf("%d are kept, the oldest is %+v", len(list), list[len(list)-1])
		}
		if _, err := f.Engine().BotVersion(t.Context(), "shop", 2); !errors.Is(err, queue.ErrNotFound) {
			t.Errorf("%v, want ErrNotFound", err)
		}
	})
	t.Run("a version replaces others", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		for n := range 4 {
			publish(f, "shop", n, fmt.Sprint(n+1))
		}
		publish(f, "bar", 0, "another bot's")
		v, err := f.Engine().PublishBot(t.Context(), 4, queue.BotVersion{
			Bot: "shop", By: "sources", Content: []byte("five"), Replaces: []int{2, 4, 5, 77}, // itself and one that is not there are none
		})
		f.Must(err)
		want := queue.BotVersion{Bot: "shop", Number: 5, At: f.Now(), By: "sources", Content: []byte("five")}
		if diff := cmp.Diff(want, v); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		current(f, "shop", want)
		list, err := f.Engine().BotVersions(t.Context(), "shop")
		f.Must(err)
		var numbers []int
		for _, v := range list {
			numbers = append(numbers, v.Number)
		}
		if !slices.Equal(numbers, []int{5, 3, 1}) {
			t.Errorf("%v are left", numbers)
		}
		// How many are kept counts those that are there.
		for n := 5; n < queue.BotVersionsKept+2; n++ {
			publish(f, "shop", n, fmt.Sprint(n+1))
		}
		if _, err := f.Engine().BotVersion(t.Context(), "shop", 1); err != nil {
			t.Errorf("the first of %d went: %v", queue.BotVersionsKept, err)
		}
		publish(f, "shop", queue.BotVersionsKept+2, "one more")
		if _, err := f.Engine().BotVersion(t.Context(), "shop", 1); !errors.Is(err, queue.ErrNotFound) {
			t.Errorf("%v, want ErrNotFound", err)
		}
		if _, err := f.Engine().PublishBot(t.Context(), 1, queue.BotVersion{Bot: "shop", By: "x", Content: []byte("x"), Replaces: []int{9}}); !errors.Is(err, queue.ErrNotCurrent) {
			t.Errorf("%v, want ErrNotCurrent", err)
		}
		if _, err := f.Engine().BotVersion(t.Context(), "shop", 9); err != nil {
			t.Errorf("what was not published replaced another: %v", err)
		}
	})
	t.Run("who waits for a version is told", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		got := make(chan queue.BotVersion)
		await := func(known int) {
			go func() {
				v, err := f.Engine().AwaitBot(t.Context(), "shop", known)
				if err != nil {
					t.Error(err)
				}
				got <- v
			}()
		}
		await(0)
		await(0)
		publish(f, "bar", 0, "not this one")
		publish(f, "shop", 0, "one")
		for range 2 {
			if v := <-got; v.Number != 1 || string(v.Content) != "one" {
				t.Fatalf("%+v", v)
			}
		}
		await(7) // it is not what it knows
		if v := <-got; v.Number != 1 {
			t.Fatalf("%+v", v)
		}
		await(1)
		publish(f, "shop", 1, "two")
		if v := <-got; v.Number != 2 || string(v.Content) != "two" {
			t.Fatalf("%+v", v)
		}
	})
	t.Run("waiting ends with the context, and with the engine", func(t *testing.T) {
		f := queuetest.NewFixture(t, h, queuetest.Options())
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		for _, of := range []context.Context{ctx, t.Context()} {
			go func() {
				_, err := f.Engine().AwaitBot(of, "shop", 0)
				ended <- err
			}()
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want Canceled", err)
		}
		f.Must(f.Engine().Close())
		if err := <-ended; !errors.Is(err, queue.ErrClosed) {
			t.Errorf("%v, want ErrClosed", err)
		}
	})
}

// publish makes a version current.
func publish(f *queuetest.Fixture, bot string, after int, content string) queue.BotVersion {
	f.Helper()
	v, err := f.Engine().PublishBot(f.Context(), after, queue.BotVersion{Bot: bot, By: "ana", Why: "for " + bot, Content: []byte(content)})
	f.Must(err)
	return v
}

func current(f *queuetest.Fixture, bot string, want queue.BotVersion) {
	f.Helper()
	got, err := f.Engine().BotVersion(f.Context(), bot, 0)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		f.Errorf("current, %v (-want +got):\n%s", err, diff)
	}
}
