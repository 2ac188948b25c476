package worker

import (
	"context"
	"errors"
	"time"
)

// typing is the dots that the customer sees while an answer is made.
type typing struct {
	begin func()
	end   context.CancelCauseFunc
}

// startTyping prepares the dots of an attempt. They show from begin to stop, renewed meanwhile, also while a turn starts over, and are
// always switched off, whatever became of the turn. Neither call waits for Chatwoot.
func (r *run) startTyping(ctx context.Context) *typing {
	if r.TypingInterval <= 0 {
		return &typing{begin: func() {}, end: func(error) {}}
	}
	shown, hide := context.WithCancelCause(ctx)
	started := false
	return &typing{
		begin: func() {
			if started {
				return
			}
			started = true
			r.behind.Go(func() { r.showTyping(shown) })
		},
		end: hide,
	}
}

// stop switches the dots off, unless the turn ends with a wait for the model: then the customer goes on seeing them, for as long as
// the channel shows them, and whoever goes on with the turn switches them off.
func (t *typing) stop(err error) {
	var w *waiting
	if errors.As(err, &w) {
		t.end(errLeftOn)
		return
	}
	t.end(nil)
}

var errLeftOn = errors.New("worker: the dots stay on")

func (r *run) showTyping(ctx context.Context) {
	tick := time.NewTicker(r.TypingInterval)
	defer tick.Stop()
	for ctx.Err() == nil {
		r.setTyping(ctx, true)
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	if !errors.Is(context.Cause(ctx), errLeftOn) {
		r.setTyping(ctx, false)
	}
}

// setTyping is not cut short by the end of the turn: an "on" abandoned under way could arrive after the "off".
func (r *run) setTyping(ctx context.Context, on bool) {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer done()
	if err := r.Chatwoot.SetTyping(ctx, r.t.Key, on); err != nil {
		r.log.Debug("typing failed", "on", on, "error", err)
	}
}
