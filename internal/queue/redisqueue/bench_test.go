package redisqueue

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"tania/internal/tania"
)

func benchEngine(b *testing.B) *Engine {
	b.Helper()
	e, err := Open(b.Context(), Options{Options: plain(), Redis: connection(b, server), Name: name()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = e.Close() })
	return e
}

// BenchmarkPush is 64 callers, as 64 webhooks are.
func BenchmarkPush(b *testing.B) {
	e := benchEngine(b)
	var id atomic.Int64
	b.SetParallelism(32)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			n := id.Add(1)
			if _, err := e.Push(b.Context(), tania.Message{
				ID: tania.MessageID(n), Key: key(1, int(n%5000)+1),
				Content: "¿A qué hora abren?",
			}); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkDrain is waiting conversations worked by so many workers that do nothing.
func BenchmarkDrain(b *testing.B) {
	for _, workers := range []int{50, 3} {
		b.Run(strconv.Itoa(workers), func(b *testing.B) { drain(b, workers) })
	}
}

func drain(b *testing.B, workers int) {
	e := benchEngine(b)
	var fill sync.WaitGroup
	for w := range 64 {
		fill.Go(func() {
			for n := w; n < b.N; n += 64 {
				if _, err := e.Push(b.Context(), tania.Message{ID: tania.MessageID(n + 1), Key: key(1, n+1)}); err != nil {
					b.Error(err)
				}
			}
		})
	}
	fill.Wait()
	var left atomic.Int64
	left.Store(int64(b.N))
	ctx, end := context.WithCancel(b.Context())
	defer end()
	b.ResetTimer()
	var work sync.WaitGroup
	for range workers {
		work.Go(func() {
			for {
				t, err := e.Claim(ctx)
				if err != nil {
					return
				}
				if err := e.Complete(context.WithoutCancel(ctx), t); err != nil {
					b.Error(err)
				}
				if left.Add(-1) == 0 {
					end()
				}
			}
		})
	}
	work.Wait()
}

// BenchmarkPickUp is from the call of Push to the worker that waits.
func BenchmarkPickUp(b *testing.B) {
	e := benchEngine(b)
	for n := 0; b.Loop(); n++ {
		if _, err := e.Push(b.Context(), tania.Message{ID: tania.MessageID(n + 1), Key: key(1, 1)}); err != nil {
			b.Fatal(err)
		}
		t, err := e.Claim(b.Context())
		if err == nil {
			err = e.Complete(b.Context(), t)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
