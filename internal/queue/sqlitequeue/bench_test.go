package sqlitequeue

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tania/internal/queue"
	"tania/internal/tania"
)

func benchEngine(b *testing.B) *Engine {
	b.Helper()
	e, err := Open(b.Context(), filepath.Join(b.TempDir(), "q.db"), queue.Options{Debounce: -1, DebounceMax: -1})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = e.Close() })
	return e
}

func benchMessage(conversation, id int) tania.Message {
	return tania.Message{
		ID: tania.MessageID(id), Key: keyOf(1, int64(conversation)), Inbox: 3, Channel: tania.ChannelWhatsApp,
		Content: strings.Repeat("¿tienen envío a domicilio? ", 12),
	}
}

// BenchmarkPush is 32 webhooks at a time.
func BenchmarkPush(b *testing.B) {
	e := benchEngine(b)
	var id atomic.Int64
	b.SetParallelism(16)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := int(id.Add(1))
			if _, err := e.Push(context.Background(), benchMessage(n%5000+1, n)); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

// BenchmarkDrain is 20,000 waiting conversations and a worker that does nothing.
func BenchmarkDrain(b *testing.B) {
	for _, workers := range []int{3, 50} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				e := benchEngine(b)
				const waiting = 20000
				var fill sync.WaitGroup
				for w := range 64 {
					fill.Go(func() {
						for n := w; n < waiting; n += 64 {
							if _, err := e.Push(context.Background(), benchMessage(n+1, n+1)); err != nil {
								b.Error(err)
							}
						}
					})
				}
				fill.Wait()
				b.StartTimer()
				var left atomic.Int64
				left.Store(waiting)
				ctx, stop := context.WithCancel(context.Background())
				var work sync.WaitGroup
				for range workers {
					work.Go(func() {
						for {
							t, err := e.Claim(ctx)
							if err != nil {
								return
							}
							if err := e.Complete(context.Background(), t); err != nil {
								b.Error(err)
							}
							if left.Add(-1) == 0 {
								stop()
							}
						}
					})
				}
				work.Wait()
				stop()
				b.ReportMetric(waiting/b.Elapsed().Seconds()*float64(b.N), "turns/s")
			}
		})
	}
}

// BenchmarkPickUp is one message at a time, from its push to the worker that has it.
func BenchmarkPickUp(b *testing.B) {
	e := benchEngine(b)
	turns := make(chan *queue.Turn)
	go func() {
		for {
			t, err := e.Claim(context.Background())
			if err != nil {
				close(turns)
				return
			}
			turns <- t
		}
	}()
	for n := range b.N {
		if _, err := e.Push(context.Background(), benchMessage(1, n+1)); err != nil {
			b.Fatal(err)
		}
		t := <-turns
		b.StopTimer()
		if err := e.Complete(context.Background(), t); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkOpen is the start, from the lock to the first claim: of an empty store, and of 20,000 waiting conversations
// behind 200,000 that were answered in the last day.
func BenchmarkOpen(b *testing.B) {
	for _, waiting := range []int{0, 20000} {
		b.Run(fmt.Sprintf("waiting=%d", waiting), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "q.db")
			e, err := Open(b.Context(), path, queue.Options{Debounce: -1, DebounceMax: -1})
			if err != nil {
				b.Fatal(err)
			}
			if err := e.do(b.Context(), func(tx *tx) error {
				body, _ := json.Marshal(benchMessage(1, 1))
				for id := 1; id <= 11*waiting; id++ {
					text := body
					if id <= 10*waiting {
						text = nil
					}
					tx.insert(keyOf(1, int64(id)), tania.MessageID(id), e.Clock.Now(), text)
				}
				return tx.err
			}); err != nil {
				b.Fatal(err)
			}
			for range b.N {
				b.StopTimer()
				if err := e.Close(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				if e, err = Open(b.Context(), path, queue.Options{}); err != nil {
					b.Fatal(err)
				}
				if err := e.Ready(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			b.StopTimer()
			if err := e.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}
