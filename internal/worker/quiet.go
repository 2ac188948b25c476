package worker

import (
	"context"
	"time"
)

// quiet is the time in which the customer may still write on. The answer is made meanwhile, and leaves when that time is over.
type quiet struct {
	// after is how long nothing new has to have come; 0 where the queue itself holds a burst back.
	after time.Duration
	// until is the end of the quiet time, latest the last moment until which it may be put off; both are this process's time.
	until, latest time.Time
	// early counts the restarts within the quiet time. They are no sign of a turn that never ends: latest bounds them.
	early int
	// lend gives the turn's slot to another: a turn that only waits needs none.
	lend func()
}

// listen begins the quiet time of an attempt: what was claimed a while after it came has waited already. A message carries the time of the
// process that took it, whose clock may be wrong; the store's clock knows when a first attempt became due, which is when its message came.
func (r *run) listen(lend func()) {
	r.quiet.lend = lend
	if r.Quiet <= 0 || r.resumed {
		return
	}
	oldest, newest := r.t.Messages[0].Received, r.newest().Received
	if r.t.Attempt == 1 && r.t.Deferred == 0 {
		oldest, newest = later(oldest, r.t.Due), later(newest, r.t.Due)
	}
	most := min(oldest.Add(r.QuietMost).Sub(r.t.Claimed), r.QuietMost)
	r.quiet.after = r.Quiet
	r.quiet.latest = r.claimed.Add(most)
	r.quiet.until = r.claimed.Add(min(newest.Add(r.Quiet).Sub(r.t.Claimed), r.Quiet, most))
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// heard puts the end of the quiet time off: the customer wrote on.
func (q *quiet) heard() {
	if q.lasts() {
		q.early++
	}
	if until := time.Now().Add(q.after); until.Before(q.latest) {
		q.until = until
	} else {
		q.until = q.latest
	}
}

// lasts reports whether the quiet time is not over.
func (q *quiet) lasts() bool { return time.Until(q.until) > 0 }

// whenQuiet gives the plan at the end of the quiet time, and errNewer where the customer writes on before.
func (r *run) whenQuiet(ctx context.Context, p plan) (plan, error) {
	if !r.quiet.lasts() {
		return p, nil
	}
	ctx, done := r.step(ctx, "quiet")
	r.quiet.lend()
	err := r.quiet.pass(ctx, r.t.Newer)
	p.Record.Steps = append(p.Record.Steps, done())
	return p, err
}

// pass waits until the quiet time is over. It ends with errNewer when newer receives.
func (q *quiet) pass(ctx context.Context, newer <-chan struct{}) error {
	if !q.lasts() {
		return nil
	}
	timer := time.NewTimer(time.Until(q.until))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-newer:
		return errNewer
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
