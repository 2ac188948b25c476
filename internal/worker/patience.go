package worker

import (
	"context"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/outage"
	"tania/internal/reply"
	"tania/internal/tania"
)

// leastPatience is how long a turn waits at least for the model, however long its first question to it took.
const leastPatience = time.Second

// modelAway decides about a model that is away, being asked since a time. For a while the turn waits, at no cost; then the customer gets
// what can be had without a model. For a model that is closed to us nobody waits.
func (r *run) modelAway(ctx context.Context, since time.Time, err error) error {
	t := r.troubled(ctx, outage.Model, err, since)
	left := r.patience(&t)
	if t.Tries == 1 {
		left = max(left, leastPatience)
	}
	if left > 0 && r.ModelPatience > 0 && !llm.Closed(err) {
		return &waiting{reason: tania.ModelAway, after: min(r.Peers.Model.Appointment(), left), cause: err, again: t.Tries > 1}
	}
	return &reply.NoModelError{Cause: err}
}

// patience is how long a turn still waits for the model. While Chatwoot was away too nobody could have been answered: that does not count.
func (r *run) patience(t *tania.Trouble) time.Duration {
	since := t.Since
	if back := r.Peers.Chatwoot.State(); !back.Away && back.Since.After(since) {
		since = back.Since
	}
	return r.ModelPatience - time.Since(since)
}

// stillWaits gives the waiting of a turn that comes back while the model it waits for is still away and nothing is new; nil otherwise.
func (r *run) stillWaits(ctx context.Context, t *tania.Trouble) error {
	away := r.Peers.Model.Err()
	if t.Server != outage.Model || away == nil || t.Newest != r.newest().ID {
		return nil
	}
	left := r.patience(t)
	if left <= 0 {
		return nil
	}
	if r.TypingInterval > 0 {
		r.behind.Go(func() { r.setTyping(ctx, true) })
	}
	return &waiting{reason: tania.ModelAway, after: min(r.Peers.Model.Appointment(), left), cause: away, again: true}
}
