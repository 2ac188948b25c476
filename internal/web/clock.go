package web

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"tania/internal/chatwoot"
)

const (
	// clockPatience bounds the question for Chatwoot's time: a webhook waits for the answer, and Chatwoot for 5 s.
	clockPatience = 2 * time.Second
	// clockReads are asked in a row at most, and one more every clockEvery.
	clockReads = 4
	clockEvery = 5 * time.Second
)

// clockReader keeps deliveries that doubt Chatwoot's time from asking for it each by itself.
type clockReader struct {
	mu    sync.Mutex
	spent int
	last  time.Time
	// failed reports whether the last question failed, and that this was logged.
	failed bool
}

// endCheck judges a delivery's signature by Chatwoot's time, as far as that is known. A timestamp that is too far from it may mean that
// a clock was set: then Chatwoot is asked, and the timestamp is looked at once more.
func (s *Server) endCheck(r *http.Request, check *chatwoot.Check) error {
	err := check.End(s.Clock.Theirs(s.Now()))
	if errors.Is(err, chatwoot.ErrStale) && s.readClock(r.Context()) {
		err = check.End(s.Clock.Theirs(s.Now()))
	}
	if err == nil {
		s.Clock.Signed(r.Header, s.Now())
	}
	return err
}

// readClock asks Chatwoot for its time, and reports whether it may be known better than when the caller came. Who comes while it is
// asked waits for the answer.
func (s *Server) readClock(ctx context.Context) bool {
	came := s.Now()
	s.clock.mu.Lock()
	defer s.clock.mu.Unlock()
	now := s.Now()
	switch {
	case s.ReadClock == nil:
		return false
	case s.clock.last.After(came):
		return true
	case now.Sub(s.clock.last) > clockEvery || now.Before(s.clock.last):
		s.clock.spent = 0
	}
	if s.clock.spent >= clockReads {
		return false
	}
	s.clock.spent++
	ctx, done := context.WithTimeout(ctx, clockPatience)
	defer done()
	err := s.ReadClock(ctx)
	s.clock.last = s.Now()
	if err != nil {
		s.clock.spent = clockReads
	}
	if err != nil && !s.clock.failed {
		s.Log.Warn("could not read Chatwoot's clock; a webhook's own times are believed", "error", err)
	}
	s.clock.failed = err != nil
	return err == nil
}

// decode reads an event, with its times in this machine's. One that was not signed shows Chatwoot's clock by the times in it; where it
// shows another than is known, it is late or a clock was set, and Chatwoot is asked.
func (s *Server) decode(ctx context.Context, body []byte, learn bool) (*chatwoot.Event, error) {
	event, err := s.Intake.Decode(body)
	if err != nil {
		return event, err
	}
	if learn {
		if s.Clock.Doubts(event, s.Now()) {
			s.readClock(ctx)
		}
		s.Clock.Arrived(event, s.Now())
	}
	s.Clock.Settle(event)
	return event, nil
}
