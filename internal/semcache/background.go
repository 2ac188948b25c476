package semcache

import (
	"context"
	"sync"
	"time"
)

// background is work that no turn waits for. What comes when too much waits already is left undone: the cache works without.
type background struct {
	ctx   context.Context
	end   context.CancelFunc
	slots chan struct{}
	group sync.WaitGroup
	mu    *sync.Mutex
	ended bool
}

// Bounds of the work behind.
const (
	mostBehind  = 64
	longestWork = time.Minute
)

func newBackground() background {
	ctx, end := context.WithCancel(context.Background())
	return background{ctx: ctx, end: end, slots: make(chan struct{}, mostBehind), mu: &sync.Mutex{}}
}

// start runs work in a goroutine of its own, and reports whether it does.
func (b *background) start(work func(ctx context.Context)) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended {
		return false
	}
	select {
	case b.slots <- struct{}{}:
	default:
		return false
	}
	b.group.Go(func() {
		defer func() { <-b.slots }()
		ctx, done := context.WithTimeout(b.ctx, longestWork)
		defer done()
		work(ctx)
	})
	return true
}

// settle waits until nothing runs.
func (b *background) settle() { b.group.Wait() }

// close ends what runs, and waits for it.
func (b *background) close() {
	b.mu.Lock()
	b.ended = true
	b.mu.Unlock()
	b.end()
	b.group.Wait()
}

// waiters wait for a key.
type waiters struct {
	mu sync.Mutex
	by map[string][]chan struct{}
}

// wait gives a channel that closes at the next wake of the key, and what takes it back.
func (w *waiters) wait(key string) (<-chan struct{}, func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	woken := make(chan struct{})
	w.by[key] = append(w.by[key], woken)
	return woken, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		list := w.by[key]
		for i, c := range list {
			if c == woken {
				list = append(list[:i], list[i+1:]...)
				break
			}
		}
		if len(list) == 0 {
			delete(w.by, key)
		} else {
			w.by[key] = list
		}
	}
}

func (w *waiters) wake(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.by[key] {
		close(c)
	}
	delete(w.by, key)
}
