package worker

import (
	"context"
	"time"
)

// typing is the dots that the customer sees while an answer is made.
type typing struct {
	begin, end func()
}

// startTyping prepares the dots of a turn. They show from begin to stop, renewed meanwhile, and are always switched off,
// whatever became of the turn. Neither call waits for Chatwoot.
func (r *run) startTyping(ctx context.Context) *typing {
	if r.TypingInterval <= 0 {
		return &typing{begin: func() {}, end: func() {}}
	}
	shown, hide := context.WithCancel(ctx)
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

func (t *typing) stop() { t.end() }

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
	r.setTyping(ctx, false)
}

// setTyping is not cut short by the end of the turn: an "on" abandoned under way could arrive after the "off".
func (r *run) setTyping(ctx context.Context, on bool) {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer done()
	if err := r.Chatwoot.SetTyping(ctx, r.t.Key, on); err != nil {
		r.log.Debug("typing failed", "on", on, "error", err)
	}
}
