package quiet

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

const (
	after = 1500 * time.Millisecond
	most  = 8 * time.Second
)

// begin is the quiet time of a turn whose oldest and newest message came so long before the claim, which is now.
func begin(oldest, newest time.Duration, change func(*queue.Turn)) Time {
	now := time.Now()
	t := &queue.Turn{Attempt: 1, Claimed: now, Due: now.Add(-oldest), Messages: []tania.Message{{Received: now.Add(-oldest)}}}
	if change != nil {
		change(t)
	}
	return Begin(t, now.Add(-newest), now, after, most)
}

// TestTheQuietTimeRunsFromWhenTheMessagesCame as the clock that is to be trusted tells it, within its bounds.
func TestTheQuietTimeRunsFromWhenTheMessagesCame(t *testing.T) {
	for name, c := range map[string]struct {
		oldest, newest time.Duration
		change         func(*queue.Turn)
		want           time.Duration
	}{
		"that came just now":           {0, 0, nil, after},
		"that came a while ago":        {time.Second, time.Second, nil, after - time.Second},
		"that waited long enough":      {after, after, nil, 0},
		"of a burst":                   {7 * time.Second, 0, func(q *queue.Turn) { q.Attempt = 2 }, time.Second},
		"of a burst that has its most": {most, 0, func(q *queue.Turn) { q.Attempt = 2 }, 0},
		// The clock of the process that took the message is an hour slow, then fast.
		"by the store where a clock is slow":             {time.Hour, time.Hour, func(q *queue.Turn) { q.Due = q.Claimed }, after},
		"by the process where the turn was tried before": {time.Second, time.Second, func(q *queue.Turn) { q.Attempt, q.Due = 2, q.Claimed }, after - time.Second},
		"by the process where the turn was put off":      {time.Second, time.Second, func(q *queue.Turn) { q.Deferred, q.Due = 1, q.Claimed }, after - time.Second},
		"no longer than it is where a clock is fast":     {-time.Hour, -time.Hour, func(q *queue.Turn) { q.Attempt = 2 }, after},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q, began := begin(c.oldest, c.newest, c.change), time.Now()
				if q.Lasts() != (c.want > 0) {
					t.Errorf("lasts: %t, want %s of it", q.Lasts(), c.want)
				}
				if err := q.Pass(t.Context(), nil); err != nil || time.Since(began) != c.want || q.Lasts() {
					t.Errorf("%v after %s, want the end after %s", err, time.Since(began), c.want)
				}
			})
		})
	}
}

func TestWhatTheQueueHoldsBackIsNotHeldBackAgain(t *testing.T) {
	var none Time
	now := time.Now()
	q := Begin(&queue.Turn{Claimed: now, Messages: []tania.Message{{Received: now}}}, now, now, 0, most)
	if none.Lasts() || q.Lasts() {
		t.Error("a quiet time that nobody asked for")
	}
}

// TestWhatIsHeardPutsTheEndOff, to the latest moment and no further; what is heard after it is no early restart.
func TestWhatIsHeardPutsTheEndOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, began := begin(0, 0, nil), time.Now()
		for n := range 7 {
			time.Sleep(time.Second) // the bubble's clock
			if q.Heard(); q.Early() != n+1 {
				t.Errorf("%d early restarts, want %d", q.Early(), n+1)
			}
		}
		if err := q.Pass(t.Context(), nil); err != nil || time.Since(began) != most {
			t.Errorf("%v after %s, want the most, %s", err, time.Since(began), most)
		}
		if q.Heard(); q.Early() != 7 || q.Lasts() {
			t.Errorf("%d early restarts of 7; lasts: %t", q.Early(), q.Lasts())
		}
	})
	synctest.Test(t, func(t *testing.T) {
		q, began := begin(0, 0, nil), time.Now()
		time.Sleep(time.Second) // the bubble's clock
		q.Heard()
		if err := q.Pass(t.Context(), nil); err != nil || time.Since(began) != time.Second+after {
			t.Errorf("%v after %s, want %s", err, time.Since(began), time.Second+after)
		}
	})
}

// TestAClockThatIsFastMakesNoneWaitLonger than the most, however long the customer writes on.
func TestAClockThatIsFastMakesNoneWaitLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, began := begin(-time.Hour, -time.Hour, func(q *queue.Turn) { q.Attempt = 2 }), time.Now()
		for q.Lasts() {
			time.Sleep(time.Second) // the bubble's clock
			q.Heard()
		}
		if took := time.Since(began); took != most {
			t.Errorf("%s, want %s", took, most)
		}
	})
}

// TestWhoWaitsIsTold of a newer message, and of the end of the turn.
func TestWhoWaitsIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, newer := begin(0, 0, nil), make(chan struct{}, 1)
		newer <- struct{}{}
		if err := q.Pass(t.Context(), newer); !errors.Is(err, ErrNewer) {
			t.Errorf("%v, want %v", err, ErrNewer)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(queue.ErrLost)
		if err := q.Pass(ctx, newer); !errors.Is(err, queue.ErrLost) {
			t.Errorf("%v, want %v", err, queue.ErrLost)
		}
	})
}
