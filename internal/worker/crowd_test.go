package worker_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/tania"
)

// crowd is so many customers who write at once; it gives how long the last of them waited.
func crowd(t *testing.T, r *rig, n int) time.Duration {
	t.Helper()
	began := time.Now()
	var all []tania.ConversationID
	for i := range n {
		all = append(all, r.write(0, questions(i)))
	}
	for _, c := range all {
		r.replied(c, began)
	}
	took := time.Since(began)
	r.idle(time.Minute)
	r.stop()
	for _, c := range all {
		r.wantSaid(c, "Cuesta 350 pesos.")
	}
	return took
}

// TestACrowdIsServedByWhatTheModelBears without a setting: a model that answers any number is asked by ever more.
func TestACrowdIsServedByWhatTheModelBears(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
			time.Sleep(500 * time.Millisecond)
			return says("Cuesta 350 pesos.")(ctx, p)
		}, func(s *settings) {
			patiently(s)
			s.worker.Concurrency = 0
		})
		if took := crowd(t, r, 300); took > 4*time.Second {
			t.Errorf("the last of 300 customers waited %s", took)
		}
	})
}

// TestACrowdIsNoMoreThanAModelBears: what it refuses is asked again, and soon it refuses little.
func TestACrowdIsNoMoreThanAModelBears(t *testing.T) {
	const bears, customers = 40, 400
	synctest.Test(t, func(t *testing.T) {
		var at, refused, most atomic.Int64
		r := newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
			n := at.Add(1)
			defer at.Add(-1)
			most.Store(max(most.Load(), n))
			if n > bears {
				refused.Add(1)
				return llm.Response{}, llm.ErrUnavailable
			}
			time.Sleep(500 * time.Millisecond)
			return says("Cuesta 350 pesos.")(ctx, p)
		}, func(s *settings) {
			patiently(s)
			s.worker.Concurrency = 0
		})
		took := crowd(t, r, customers)
		t.Logf("%d customers in %s, %d at once at most, %d refused", customers, took, most.Load(), refused.Load())
		if refused.Load() > customers/4 || took > 30*time.Second {
			t.Errorf("%d questions of %d customers were refused in %s", refused.Load(), customers, took)
		}
	})
}
