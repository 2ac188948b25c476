// Package slots bounds how many turns are at work at once, by a fixed number or by what the servers bear.
package slots

import (
	"context"
	"sync"
	"time"
)

// Slots bound how many turns are at work at once. A turn that only waits lends its slot. All that it still has to do is to send what it
// has, for which it needs none; where it has to think again it takes one beyond the limit, and others begin the later for it.
//
// Where their number is not fixed it follows what the servers bear, as TCP does: it doubles with each round until one of them refuses,
// fails or slows down, and then it grows by one a round, and halves when that happens again.
type Slots struct {
	mu sync.Mutex
	// limit is how many there are, with what of the next has been earned; used how many are taken, waiting how many are waited for.
	limit         float64
	used, waiting int
	freed         chan struct{}
	// least and most bound the limit; equal, they fix it.
	least, most float64
	// steady is set when a server was found to bear no more.
	steady bool
	// took and answers add up to how long answers take now, in seconds; usual is how long they took when the server was least busy.
	took    float64
	answers int
	usual   float64
	// until is when the limit may be halved again: what was under way before it was halved says nothing of the new one.
	until time.Time
}

// The number of slots that is not fixed: fewest serve a server that bears little, and the number begins at first.
const (
	fewest   = 2
	first    = 16
	greatest = 256
)

// New gives n slots, and where n is 0 as many as the servers bear.
func New(n int) *Slots {
	s := &Slots{limit: float64(n), least: float64(n), most: float64(n), freed: make(chan struct{})}
	if n == 0 {
		s.limit, s.least, s.most = first, fewest, greatest
	}
	return s
}

// Take waits for a slot, until ctx ends. free gives it back, once however often it is called.
func (s *Slots) Take(ctx context.Context) (free func(), err error) {
	for {
		s.mu.Lock()
		if s.used < int(s.limit) {
			s.used++
			s.mu.Unlock()
			return sync.OnceFunc(s.give), nil
		}
		s.waiting++
		freed := s.freed
		s.mu.Unlock()
		select {
		case <-freed:
		case <-ctx.Done():
			err = ctx.Err()
		}
		s.mu.Lock()
		s.waiting--
		s.mu.Unlock()
		if err != nil {
			return nil, err
		}
	}
}

// Again takes a slot for a turn that lent its own, and does not wait: those that wait for work hold theirs. free is Take's.
func (s *Slots) Again() (free func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used++
	return sync.OnceFunc(s.give)
}

func (s *Slots) give() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used--
	s.wake()
}

// wake has those that wait look again. s.mu is held.
func (s *Slots) wake() {
	close(s.freed)
	s.freed = make(chan struct{})
}

// Number is how many slots there are now.
func (s *Slots) Number() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int(s.limit)
}

// Answers that take slowFactor times as long as usual have a server that works at its limit. How long they take differs with what is asked,
// so that fewer than enoughAnswers tell nothing, and what is usual drifts towards what they take by now while there are few slots.
const (
	slowFactor    = 2.5
	enoughAnswers = 20
	drift         = 0.05
)

// Answered notes an answer that a model gave.
func (s *Slots) Answered(took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.slow(took.Seconds()) && s.limit > first:
		s.shrink(first, took)
		return
	case s.waiting == 0 || s.limit >= s.most:
		return
	}
	if s.steady {
		s.limit += 1 / s.limit
	} else {
		s.limit++
	}
	s.limit = min(s.limit, s.most)
	s.wake()
}

// slow takes the time of an answer into the mean, and reports whether that is enough to tell that answers are slow. s.mu is held.
func (s *Slots) slow(seconds float64) bool {
	s.took, s.answers = s.took+seconds, s.answers+1
	if s.answers < max(enoughAnswers, int(s.limit/2)) {
		return false
	}
	mean := s.took / float64(s.answers)
	s.took, s.answers = 0, 0
	if s.usual == 0 || mean < s.usual {
		s.usual = mean
	}
	if s.limit < 2*first {
		s.usual += (mean - s.usual) * drift
	}
	return mean > slowFactor*s.usual
}

// Refused notes that a server did not bear a call: it refused it, failed or did not answer in time.
func (s *Slots) Refused(took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shrink(s.least, took)
}

// leastRound is how long the limit stands at least that was halved: what fails fails fast.
const leastRound = 100 * time.Millisecond

// shrink halves the limit, to no less than least, unless it was halved in this round. s.mu is held.
func (s *Slots) shrink(least float64, took time.Duration) {
	now := time.Now()
	if s.least == s.most || now.Before(s.until) {
		return
	}
	round := max(took, time.Duration(s.usual*float64(time.Second)), leastRound)
	s.steady, s.until = true, now.Add(round)
	s.limit = max(least, min(s.limit, float64(s.used))/2)
}
