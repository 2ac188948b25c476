package cache

import (
	"context"
	"sync"
	"time"
)

// lane is a kind of work behind the turns. Each has its own bound, so that an embedder or a model that hangs keeps nothing else from being
// done.
type lane int

const (
	// laneKeep judges and stores answers.
	laneKeep lane = iota
	// laneFresh asks the model again.
	laneFresh
	// laneEmbed asks the embedder.
	laneEmbed
	// laneRecheck looks at what is kept after the knowledge has changed. One look at a time is enough, and one that waits.
	laneRecheck
	// laneStore makes one call of the store, which bounds it itself.
	laneStore
	lanes
)

// mostBehind bounds the work of a lane.
var mostBehind = [lanes]int{laneKeep: 64, laneFresh: 16, laneEmbed: 64, laneRecheck: 2, laneStore: 256}

// longestWork is how long any of it may take.
const longestWork = time.Minute

// background is work that no turn waits for. What comes when too much waits already is left undone: the cache works without.
type background struct {
	ctx   context.Context
	end   context.CancelFunc
	slots [lanes]chan struct{}

	mu      sync.Mutex
	ended   bool
	running int
	// idle closes when nothing runs any more; nil while nothing does.
	idle chan struct{}
}

func newBackground() *background {
	b := &background{}
	b.ctx, b.end = context.WithCancel(context.Background())
	for i, n := range mostBehind {
		b.slots[i] = make(chan struct{}, n)
	}
	return b
}

// start runs work in a goroutine of its own, and reports whether it does.
func (b *background) start(l lane, work func(ctx context.Context)) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended {
		return false
	}
	select {
	case b.slots[l] <- struct{}{}:
	default:
		return false
	}
	if b.running++; b.running == 1 {
		b.idle = make(chan struct{})
	}
	go func() {
		defer b.done(l)
		ctx, done := context.WithTimeout(b.ctx, longestWork)
		defer done()
		work(ctx)
	}()
	return true
}

func (b *background) done(l lane) {
	<-b.slots[l]
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running--; b.running == 0 {
		close(b.idle)
		b.idle = nil
	}
}

// settle waits until nothing runs.
func (b *background) settle(ctx context.Context) error {
	for {
		b.mu.Lock()
		idle := b.idle
		b.mu.Unlock()
		if idle == nil {
			return nil
		}
		select {
		case <-idle:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// close ends what runs, and waits for it.
func (b *background) close() {
	b.mu.Lock()
	b.ended = true
	b.mu.Unlock()
	b.end()
	_ = b.settle(context.Background()) // it has no end that would be an error
}
