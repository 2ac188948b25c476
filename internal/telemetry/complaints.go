package telemetry

import (
	"log/slog"
	"sync"
	"time"
)

// complaints logs errors of background sending, one a minute: a receiver that is away is away for each batch.
type complaints struct {
	log *slog.Logger
	now func() time.Time

	mu   sync.Mutex
	last time.Time
	// held counts those since the last line.
	held int
}

const complainEvery = time.Minute

func newComplaints(log *slog.Logger) *complaints { return &complaints{log: log, now: time.Now} }

// Handle implements otel.ErrorHandler.
func (c *complaints) Handle(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if !c.last.IsZero() && now.Sub(c.last) < complainEvery {
		c.held++
		return
	}
	c.log.Warn("traces could not be sent", "error", err, "more_since_last", c.held)
	c.last, c.held = now, 0
}
