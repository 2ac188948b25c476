package worker

import (
	"context"

	"tania/internal/worker/quiet"
)

// listen begins the quiet time of an attempt. One that carries out the plan of an earlier attempt has none.
func (r *run) listen(lend func()) {
	r.lend = lend
	if !r.resumed {
		r.quiet = quiet.Begin(r.t, r.newest().Received, r.claimed, r.Quiet, r.QuietMost)
	}
}

// whenQuiet gives the plan at the end of the quiet time, and quiet.ErrNewer where the customer writes on before.
func (r *run) whenQuiet(ctx context.Context, p plan) (plan, error) {
	if !r.quiet.Lasts() {
		return p, nil
	}
	ctx, done := r.step(ctx, "quiet")
	r.lend()
	err := r.quiet.Pass(ctx, r.t.Newer)
	if err != nil { // it thinks again
		r.lend = r.slots.Again()
	}
	p.Record.Steps = append(p.Record.Steps, done())
	return p, err
}
