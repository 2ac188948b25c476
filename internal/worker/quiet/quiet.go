// Package quiet keeps the time in which a customer may still write on. The answer is made meanwhile, and leaves when that time is over.
package quiet

import (
	"context"
	"errors"
	"time"

	"tania/internal/queue"
)

// ErrNewer is why an answer was given up: the customer wrote more.
var ErrNewer = errors.New("quiet: a newer message came")

// Time is the quiet time of an attempt. The zero one is over.
type Time struct {
	// after is how long nothing new has to have come; 0 where the queue itself holds a burst back.
	after time.Duration
	// until is the end of the quiet time, latest the last moment until which it may be put off; both are this process's time.
	until, latest time.Time
	// early counts the restarts within the quiet time.
	early int
}

// Begin gives the quiet time of a turn's first words: it lasts until nothing new came for after, but no longer than most. What was claimed
// a while after it came has waited already. claimed is this process's time at the claim, newest the turn's newest message.
//
// A message carries the time of the process that took it, whose clock may be wrong; the store's clock knows when a first attempt became
// due, which is when its message came.
func Begin(t *queue.Turn, newest, claimed time.Time, after, most time.Duration) Time {
	if after <= 0 {
		return Time{}
	}
	oldest := t.Messages[0].Received
	if t.Attempt == 1 && t.Deferred == 0 {
		oldest, newest = later(oldest, t.Due), later(newest, t.Due)
	}
	most = min(oldest.Add(most).Sub(t.Claimed), most)
	return Time{
		after: after, latest: claimed.Add(most),
		until: claimed.Add(min(newest.Add(after).Sub(t.Claimed), after, most)),
	}
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// Heard puts the end of the quiet time off: the customer wrote on.
func (q *Time) Heard() {
	if q.Lasts() {
		q.early++
	}
	if until := time.Now().Add(q.after); until.Before(q.latest) {
		q.until = until
	} else {
		q.until = q.latest
	}
}

// Early counts the restarts within the quiet time. They are no sign of a turn that never ends: the most that it may last bounds them.
func (q *Time) Early() int { return q.early }

// Lasts reports whether the quiet time is not over.
func (q *Time) Lasts() bool { return time.Until(q.until) > 0 }

// Pass waits until the quiet time is over. It ends with ErrNewer when newer receives.
func (q *Time) Pass(ctx context.Context, newer <-chan struct{}) error {
	if !q.Lasts() {
		return nil
	}
	timer := time.NewTimer(time.Until(q.until))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-newer:
		return ErrNewer
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
