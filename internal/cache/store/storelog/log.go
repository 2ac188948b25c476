// Package storelog is what a store of one process keeps in memory beside the entries: the log that is followed, and the leases.
package storelog

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tania/internal/cache/store"
)

// DefaultLength is how many events a log keeps at least: followers are of the same process, and never far behind.
const DefaultLength = 1000

// beat is how long a follower hears nothing: below the Heartbeat, so that a busy machine keeps to it.
const beat = store.Heartbeat * 2 / 3

// Log is a log of events. Make it with NewLog.
type Log struct {
	name   string // tells its positions from those of a log before it
	length int

	mu     sync.Mutex
	before uint64 // how many events there were before those kept
	kept   []store.Event
	grown  chan struct{} // is closed at the next event, or when the log is
	closed bool
}

// NewLog makes an empty log that keeps length events, DefaultLength when 0, and up to twice as many.
func NewLog(length int) *Log {
	if length <= 0 {
		length = DefaultLength
	}
	return &Log{name: rand.Text()[:8], length: length, grown: make(chan struct{})}
}

// Append adds events and wakes who follows.
func (l *Log) Append(events ...store.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(events) == 0 || l.closed {
		return
	}
	l.kept = append(l.kept, events...)
	if extra := len(l.kept) - l.length; extra > l.length {
		l.before += uint64(extra)             //nolint:gosec // it is positive
		l.kept = slices.Clone(l.kept[extra:]) // followers may have the old one
	}
	close(l.grown)
	l.grown = make(chan struct{})
}

// At is the position behind the last event.
func (l *Log) At() store.Position {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.position(l.before + uint64(len(l.kept)))
}

// Follow is that of store.Store.
func (l *Log) Follow(ctx context.Context, after store.Position, each func([]store.Event, store.Position)) error {
	next, err := l.number(after)
	if err != nil {
		return err
	}
	quiet := time.NewTimer(beat)
	defer quiet.Stop()
	for ctx.Err() == nil {
		events, grown, err := l.behind(next)
		if err != nil {
			return err
		}
		if len(events) == 0 {
			select {
			case <-grown:
				continue
			case <-ctx.Done():
				return ctx.Err()
			case <-quiet.C:
			}
		}
		next += uint64(len(events))
		each(events, l.position(next))
		quiet.Reset(beat)
	}
	return ctx.Err()
}

// Close ends following with ErrClosed.
func (l *Log) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		close(l.grown)
	}
}

func (l *Log) behind(next uint64) (events []store.Event, grown <-chan struct{}, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return nil, nil, store.ErrClosed
	case next < l.before || next > l.before+uint64(len(l.kept)):
		return nil, nil, store.ErrBehind
	}
	events = l.kept[next-l.before:]
	return events[:len(events):len(events)], l.grown, nil
}

func (l *Log) position(n uint64) store.Position {
	return store.Position(l.name + "-" + strconv.FormatUint(n, 10))
}

func (l *Log) number(p store.Position) (uint64, error) {
	if p == "" {
		return 0, nil
	}
	name, digits, _ := strings.Cut(string(p), "-")
	if name != l.name {
		return 0, store.ErrBehind // of a process before this one
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("local: position %q: %w", p, err)
	}
	return n, nil
}
