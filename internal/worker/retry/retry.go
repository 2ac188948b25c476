// Package retry says when an attempt that failed is made again.
package retry

import (
	"errors"
	"math/rand/v2"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot"
)

// longest is the longest wait that a server is granted.
const longest = time.Minute

// After is the wait that servers or breakers ask for, where it is longer than our own, and at most a minute.
func After(err error, own time.Duration) time.Duration {
	var unavailable *llm.UnavailableError
	if errors.As(err, &unavailable) {
		own = max(own, min(unavailable.Wait, longest))
	}
	var api *chatwoot.APIError
	if errors.As(err, &api) {
		own = max(own, min(api.RetryAfter, longest))
	}
	return own
}

// Backoff doubles the first wait with each attempt up to most, less a random part of up to a half.
func Backoff(first time.Duration, attempt int, most time.Duration) time.Duration {
	d := min(first, most)
	for range attempt - 1 {
		d = min(2*d, most)
	}
	return d - rand.N(d/2+1)
}
