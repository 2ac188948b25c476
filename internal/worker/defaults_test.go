package worker_test

import (
	"testing"
	"time"

	"tania/internal/worker"
)

// TestWhatIsNotSetHasAValue, and what is set keeps its own. No concurrency is as much as the servers bear.
func TestWhatIsNotSetHasAValue(t *testing.T) {
	type values struct {
		concurrency, attempts                  int
		lease, processing, patience, untilGone time.Duration
	}
	of := func(o worker.Options) values {
		w := worker.New(o)
		if w.Finished == nil || w.Observer == nil || w.Tracer == nil || w.Peers.Chatwoot == nil || w.Peers.Model == nil {
			t.Errorf("of %+v somebody is missing who is told or asked", o)
		}
		return values{w.Concurrency, w.MaxAttempts, w.Lease, w.ProcessingTimeout, w.ModelPatience, w.Grace}
	}
	for _, c := range []struct {
		set  worker.Options
		want values
	}{
		{worker.Options{}, values{0, 1, 15 * time.Second, 45 * time.Second, time.Minute, 7 * time.Second}},
		{
			worker.Options{Concurrency: 3, MaxAttempts: 4, Lease: 1, ProcessingTimeout: 2, ModelPatience: 3, Grace: 4},
			values{3, 4, 1, 2, 3, 4},
		},
		{worker.Options{ModelPatience: -1}, values{0, 1, 15 * time.Second, 45 * time.Second, -1, 7 * time.Second}},
	} {
		if got := of(c.set); got != c.want {
			t.Errorf("%+v, want %+v", got, c.want)
		}
	}
}
