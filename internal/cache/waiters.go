package cache

import (
	"slices"
	"sync"
)

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
		w.by[key] = slices.DeleteFunc(w.by[key], func(c chan struct{}) bool { return c == woken })
		if len(w.by[key]) == 0 {
			delete(w.by, key)
		}
	}
}

// wake wakes who waits for a key now.
func (w *waiters) wake(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.by[key] {
		close(c)
	}
	delete(w.by, key)
}
