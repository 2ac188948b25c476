package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	domain "tania/internal/tania"
)

// startAndIdle measures the start of an empty store, and the memory of a process that does nothing.
func startAndIdle(ctx context.Context, b bench) ([]result, error) {
	s := newStub()
	defer s.server.Close()
	var times []time.Duration
	var rss float64
	for range 7 {
		p, ready, stop, err := tania(ctx, b.tania, s)
		if err != nil {
			return nil, err
		}
		times = append(times, ready)
		time.Sleep(500 * time.Millisecond)
		rss, err = p.rss()
		stop()
		if err != nil {
			return nil, err
		}
	}
	median := percentile(times, 0.5)
	return []result{
		{"Start to ready, median of 7", ms(median), "under 150 ms", verdict(median < 150*time.Millisecond)},
		{"Resident memory, idle", fmt.Sprintf("%.1f MiB", rss), "under 40 MB", verdict(rss*1.048576 < 40)},
	}, nil
}

// webhookRate compares rates in alternating rounds, so that a busy neighbour meets both.
func webhookRate(ctx context.Context, b bench) ([]result, error) {
	const rounds, each, connections = 5, 20000, 32
	s := newStub()
	defer s.server.Close()
	bare, _, err := start(ctx, nil, os.Args[0], bareServer)
	if err != nil {
		return nil, err
	}
	defer func() { _ = bare.stop() }()
	p, _, stop, err := tania(ctx, b.tania, s)
	if err != nil {
		return nil, err
	}
	defer stop()
	if err := post(p.address, "/chatwoot/queue/pause"); err != nil {
		return nil, err
	}
	var ours, theirs []float64
	message := 0
	for range rounds {
		requests := make([][]byte, each)
		for i := range requests {
			message++
			requests[i] = webhook(message%5000+1, message)
		}
		rate, _, err := closedLoop(ctx, bare.address, connections, requests)
		if err != nil {
			return nil, err
		}
		theirs = append(theirs, rate)
		if rate, _, err = closedLoop(ctx, p.address, connections, requests); err != nil {
			return nil, err
		}
		ours = append(ours, rate)
	}
	rate, bareRate := median(ours), median(theirs)
	return []result{{
		fmt.Sprintf("Webhooks a second, %d connections: Tania / bare handler", connections),
		fmt.Sprintf("%.2f (%.0f / %.0f)", rate/bareRate, rate, bareRate), "at least 0.75", verdict(rate/bareRate >= 0.75),
	}}, nil
}

// pacedLoad is 500 webhooks a second while the worker answers.
func pacedLoad(ctx context.Context, b bench) ([]result, error) {
	const perSecond = 500
	long := b.paced
	s := newStub()
	defer s.server.Close()
	p, _, stop, err := tania(ctx, b.tania, s, "WORKER_CONCURRENCY=16", "WORKER_TYPING_ENABLED=false")
	if err != nil {
		return nil, err
	}
	defer stop()
	requests := make([][]byte, int(long.Seconds()*perSecond))
	for i := range requests {
		requests[i] = webhook(i%2000+1, i+1)
	}
	latencies, err := openLoop(ctx, p.address, perSecond, requests)
	if err != nil {
		return nil, err
	}
	p50, p99, answered := percentile(latencies, 0.5), percentile(latencies, 0.99), len(s.replies)
	return []result{{
		fmt.Sprintf("Webhook to 200 at %d/s for %s, worker running (%d replies meanwhile): p99", perSecond, long, answered),
		fmt.Sprintf("%s (p50 %s)", ms(p99), ms(p50)), "under 50 ms", verdict(p99 < 50*time.Millisecond),
	}}, nil
}

// turnOverhead is one turn at a time, from the webhook to the reply.
func turnOverhead(ctx context.Context, b bench) ([]result, error) {
	const turns = 500
	s := newStub()
	defer s.server.Close()
	p, _, stop, err := tania(ctx, b.tania, s, "QUEUE_DEBOUNCE_MS=0", "OPENAI_BASE_URL="+s.server.URL+"/v1", "OPENAI_API_KEY=bench",
		"OPENAI_MODEL=m")
	if err != nil {
		return nil, err
	}
	defer stop()
	c, err := dial(ctx, p.address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close() }()
	var latencies []time.Duration
	for n := range turns {
		request := questionWebhook(n+1, n+1)
		began := time.Now()
		if err := c.send(request); err != nil {
			return nil, err
		}
		select {
		case <-s.replies:
			latencies = append(latencies, time.Since(began))
		case <-time.After(10 * time.Second):
			return nil, errors.New("no reply came")
		}
	}
	p50, p99 := percentile(latencies, 0.5), percentile(latencies, 0.99)
	return []result{{
		"Own overhead of a whole turn, p50", fmt.Sprintf("%s (p99 %s)", ms(p50), ms(p99)), "under 5 ms",
		verdict(p50 < 5*time.Millisecond),
	}}, nil
}

func openQueue(ctx context.Context) (*sqlitequeue.Engine, func(), error) {
	dir, err := os.MkdirTemp("", "tania-bench-*")
	if err != nil {
		return nil, nil, err
	}
	e, err := sqlitequeue.Open(ctx, filepath.Join(dir, "tania.db"), queue.Options{Debounce: -1, DebounceMax: -1})
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	return e, func() {
		_ = e.Close()
		_ = os.RemoveAll(dir)
	}, nil
}

func message(conversation, id int) domain.Message {
	return domain.Message{
		ID: domain.MessageID(id), Key: domain.ConversationKey{Account: 1, Conversation: domain.ConversationID(conversation)},
		Content: "¿tienen envío a domicilio a la colonia Roma?", Status: domain.StatusPending, CanReply: true,
	}
}

// pickUp is the time from Push's return, which is after the commit, to the handler.
func pickUp(ctx context.Context, _ bench) ([]result, error) {
	e, stop, err := openQueue(ctx)
	if err != nil {
		return nil, err
	}
	defer stop()
	type claim struct {
		turn *queue.Turn
		at   time.Time
	}
	claims := make(chan claim)
	workers, end := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			t, err := e.Claim(workers)
			if err != nil {
				return
			}
			claims <- claim{t, time.Now()}
		}
	})
	defer func() { end(); wg.Wait() }()
	var latencies []time.Duration
	for n := range 2000 {
		pushed := time.Now()
		if _, err := e.Push(ctx, message(1, n+1)); err != nil {
			return nil, err
		}
		c := <-claims
		latencies = append(latencies, c.at.Sub(pushed))
		if err := e.Complete(ctx, c.turn); err != nil {
			return nil, err
		}
	}
	p50, p99 := percentile(latencies, 0.5), percentile(latencies, 0.99)
	return []result{{
		"Idle pick-up, push (with its commit) to handler, p50", fmt.Sprintf("%s (p99 %s)", ms(p50), ms(p99)), "under 1 ms",
		verdict(p50 < time.Millisecond),
	}}, nil
}

// drain empties 20,000 waiting conversations with a handler that does nothing.
func drain(ctx context.Context, _ bench) ([]result, error) {
	const waiting = 20000
	var lines []result
	for _, workers := range []int{50, 3} {
		e, stop, err := openQueue(ctx)
		if err != nil {
			return nil, err
		}
		if err := fill(ctx, e, 1, waiting); err != nil {
			return nil, err
		}
		claims, end := context.WithCancel(ctx)
		var left atomic.Int64
		left.Store(waiting)
		var wg sync.WaitGroup
		began := time.Now()
		for range workers {
			wg.Go(func() {
				for {
					t, err := e.Claim(claims)
					if err != nil || e.Complete(ctx, t) != nil {
						return
					}
					if left.Add(-1) == 0 {
						end()
					}
				}
			})
		}
		wg.Wait()
		end()
		rate := waiting / time.Since(began).Seconds()
		stop()
		line := result{
			fmt.Sprintf("20,000 waiting conversations drained, no-op handler, concurrency %d", workers),
			fmt.Sprintf("%.0f turns/s", rate), "at least 8,000 turns/s", verdict(rate >= 8000),
		}
		if workers == 3 {
			line.want, line.met = "", ""
		}
		lines = append(lines, line)
	}
	return lines, nil
}

func median(list []float64) float64 {
	var d []time.Duration
	for _, f := range list {
		d = append(d, time.Duration(f*1000))
	}
	return float64(percentile(d, 0.5)) / 1000
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000) }
