package tania

import (
	"testing"
	"time"
)

// TestLate tells a message that was long on its way from a clock that is wrong.
func TestLate(t *testing.T) {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	for name, x := range map[string]struct {
		m    Message
		want time.Duration
	}{
		"at once":                         {Message{Created: now, Received: now}, 0},
		"Chatwoot's clock an hour behind": {Message{Created: now.Add(-time.Hour), Received: now}, 0},
		"Chatwoot's clock ahead":          {Message{Created: now.Add(time.Hour), Received: now}, 0},
		"a phone that was offline":        {Message{Written: now.Add(-48 * time.Hour), Created: now, Received: now}, 48 * time.Hour},
		"the same, and a clock behind": {
			Message{Written: now.Add(-48 * time.Hour), Created: now.Add(-time.Hour), Received: now},
			47 * time.Hour,
		},
		"saved with its old time":       {Message{Created: now.Add(-72 * time.Hour), Received: now}, 72 * time.Hour},
		"an hour late by a known clock": {Message{Created: now.Add(-time.Hour), Received: now, Settled: true}, time.Hour},
		"ahead of a known clock":        {Message{Created: now.Add(time.Second), Received: now, Settled: true}, 0},
		"offline, then held up for an hour": {
			Message{Written: now.Add(-48 * time.Hour), Created: now.Add(-time.Hour), Received: now, Settled: true}, 48 * time.Hour,
		},
		"months old, as in a replay":       {Message{Created: now.Add(-164 * 24 * time.Hour), Received: now, Settled: true}, 0},
		"a phone's clock of last year":     {Message{Written: now.Add(-365 * 24 * time.Hour), Created: now, Received: now}, 0},
		"no time of Chatwoot's":            {Message{Received: now}, 0},
		"written after it was saved, said": {Message{Written: now.Add(time.Minute), Created: now, Received: now}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := x.m.Late(); got != x.want {
				t.Errorf("late by %s, want %s", got, x.want)
			}
		})
	}
}
