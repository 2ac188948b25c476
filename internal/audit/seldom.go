package audit

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How many entries are made of what whoever likes may bring about: of one kind by one in sameAgainAfter, and of all kinds seldomAtOnce,
// then one in seldomAgainAfter. Each is a write to the store, and pushes an older one out.
const (
	sameAgainAfter                 = 10 * time.Minute
	seldomAtOnce, seldomAgainAfter = 20, time.Minute
)

// seldom lets few entries of a process pass.
type seldom struct {
	mu    sync.Mutex
	all   *rate.Limiter
	noted map[Entry]time.Time
}

// allows reports whether an entry is to be made now. It remembers no more than all lets pass in sameAgainAfter.
func (s *seldom) allows(e Entry, now time.Time) bool {
	kind := Entry{As: e.As, By: e.By, From: e.From, Action: e.Action, Outcome: e.Outcome}
	s.mu.Lock()
	defer s.mu.Unlock()
	if at, ok := s.noted[kind]; ok && now.Sub(at) < sameAgainAfter {
		return false
	}
	if s.all == nil {
		s.all, s.noted = rate.NewLimiter(rate.Every(seldomAgainAfter), seldomAtOnce), map[Entry]time.Time{}
	}
	if !s.all.AllowN(now, 1) {
		return false
	}
	for other, at := range s.noted {
		if now.Sub(at) >= sameAgainAfter {
			delete(s.noted, other)
		}
	}
	s.noted[kind] = now
	return true
}

// NoteSeldom adds an entry of what whoever likes may bring about, unless the same was noted a moment ago or many others were. A nil Log
// notes nothing.
func (l *Log) NoteSeldom(ctx context.Context, log *slog.Logger, e Entry) {
	if l != nil && l.seldom.allows(e, l.now()) {
		l.Note(ctx, log, e)
	}
}

// Seldom has a request noted as NoteSeldom does.
func Seldom(ctx context.Context) {
	if n, ok := ctx.Value(noteKey{}).(*note); ok {
		n.seldom = true
	}
}
