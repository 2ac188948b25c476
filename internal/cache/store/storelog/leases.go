package storelog

import (
	"sync"
	"time"
)

// Leases are who leads which question. The zero value is ready.
type Leases struct {
	mu    sync.Mutex
	held  map[string]lease
	swept time.Time
}

type lease struct {
	holder string
	until  time.Time
}

// sweepEvery is how long leases that nobody gave back stay in memory.
const sweepEvery = time.Minute

// Take reports whether the holder has the lease now, which nobody had.
func (l *Leases) Take(question, holder string, life time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.sweep(now)
	if l.held[question].until.After(now) {
		return false
	}
	l.held[question] = lease{holder, now.Add(life)}
	return true
}

// Give gives a lease back, and reports false when the holder does not have it.
func (l *Leases) Give(question, holder string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	had, ok := l.held[question]
	if !ok || had.holder != holder || !had.until.After(time.Now()) {
		return false
	}
	delete(l.held, question)
	return true
}

func (l *Leases) sweep(now time.Time) {
	if l.held != nil && now.Sub(l.swept) < sweepEvery {
		return
	}
	left := map[string]lease{}
	for question, held := range l.held {
		if held.until.After(now) {
			left[question] = held
		}
	}
	l.held, l.swept = left, now
}
