package retry

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot"
)

// TestAServerIsGrantedWhatItAsksFor, a minute at most, and never less than we would have waited.
func TestAServerIsGrantedWhatItAsksFor(t *testing.T) {
	own := 5 * time.Second
	model := func(d time.Duration) error { return fmt.Errorf("asked: %w", &llm.UnavailableError{Wait: d}) }
	api := func(d time.Duration) error {
		return fmt.Errorf("sent: %w", &chatwoot.APIError{Status: 429, RetryAfter: d})
	}
	for name, c := range map[string]struct {
		err  error
		want time.Duration
	}{
		"an error that asks for nothing":      {errors.New("broken"), own},
		"a model that asks for longer":        {model(20 * time.Second), 20 * time.Second},
		"a model that asks for less":          {model(time.Second), own},
		"a model that asks for an hour":       {model(time.Hour), time.Minute},
		"Chatwoot, which asks for longer":     {api(30 * time.Second), 30 * time.Second},
		"Chatwoot, which asks for nothing":    {api(0), own},
		"Chatwoot, which asks for an hour":    {api(time.Hour), time.Minute},
		"both, of which the longer is waited": {errors.Join(model(20*time.Second), api(30*time.Second)), 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			if got := After(c.err, own); got != c.want {
				t.Errorf("after %s, want %s", got, c.want)
			}
		})
	}
}

// TestTheWaitDoublesUpToTheMost, less a random part of up to a half.
func TestTheWaitDoublesUpToTheMost(t *testing.T) {
	seen := map[time.Duration]bool{}
	for attempt, whole := range map[int]time.Duration{
		1: time.Second, 2: 2 * time.Second, 3: 4 * time.Second, 6: 30 * time.Second, 100: 30 * time.Second,
	} {
		for range 200 {
			d := Backoff(time.Second, attempt, 30*time.Second)
			if d < whole/2 || d > whole {
				t.Fatalf("attempt %d: %s, want %s to %s", attempt, d, whole/2, whole)
			}
			seen[d] = true
		}
	}
	if len(seen) < 500 {
		t.Errorf("%d different waits of 1000: those who fail together come back together", len(seen))
	}
	if d := Backoff(time.Minute, 1, time.Second); d > time.Second {
		t.Errorf("a first wait of %s, want no more than the most", d)
	}
}
