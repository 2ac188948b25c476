package schedule

import (
	"encoding/json"
	"time"

	"tania/internal/queue"
)

// Parking is what a turn was parked for last.
type Parking struct {
	queue.Parked
	// Holds reports whether the turn has not been claimed since, so that it holds its conversation's place.
	Holds bool `json:"holds,omitempty"`
}

// Open reports whether somebody may still decide.
func (p *Parking) Open(now time.Time) bool {
	return p != nil && p.Holds && p.Decided.IsZero() && p.Until.After(now)
}

// View is what callers see; nil for a turn that never was parked.
func (p *Parking) View() *queue.Parked {
	if p == nil {
		return nil
	}
	shown := p.Parked
	return &shown
}

// Column is the value of turns.parked.
func (p *Parking) Column() []byte {
	if p == nil {
		return nil
	}
	body, _ := json.Marshal(p)
	return body
}

// holdsPlace reports whether no other turn of the conversation may go before.
func (t *Turn) holdsPlace() bool { return t.Parked != nil && t.Parked.Holds }
