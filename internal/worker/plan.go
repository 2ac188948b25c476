package worker

import (
	"encoding/json"
	"fmt"
	"time"

	"tania/internal/tania"
)

// plan is what a turn is about to do. It is checkpointed before anything is sent, so that a later attempt
// neither pays the model again nor says something else.
type plan struct {
	// Parts are texts fitted to the channel, sent in order as the turn's parts "1", "2", …
	Parts []string `json:"parts,omitempty"`
	// Notice is said once in a while, instead of an answer or before a wait.
	Notice tania.Notice `json:"notice,omitempty"`
	// Handoff is set when a human takes over, HandoffDetail says why in words.
	Handoff       tania.HandoffReason `json:"handoff,omitempty"`
	HandoffDetail string              `json:"handoff_detail,omitempty"`
	// Message is said instead of the handoff's own words.
	Message string `json:"message,omitempty"`
	// Record is the decision record as far as it was made.
	Record tania.Record `json:"record"`

	// Waiting is since when the customer waited, by Chatwoot, before anything of the plan was sent; zero when it is not known.
	Waiting time.Time `json:"waiting,omitzero"`

	// Wait makes the turn wait before it is worked at all; never checkpointed.
	Wait time.Duration `json:"-"`
}

// firstPart is the part of the first text.
const firstPart = "1"

// quiet reports whether the customer will read nothing.
func (p *plan) quiet() bool { return len(p.Parts) == 0 && p.Handoff == "" }

// resume gives the plan of an earlier attempt, nil if there is none.
func (r *run) resume() (*plan, error) {
	if r.t.Checkpoint == nil {
		return nil, nil
	}
	var p plan
	if err := json.Unmarshal(r.t.Checkpoint, &p); err != nil {
		return nil, fmt.Errorf("worker: read checkpoint: %w", err)
	}
	p.Record.Attempt, p.Record.Error = r.t.Attempt, ""
	r.record = p.Record
	return &p, nil
}

// stepped notes how long a step took.
func (r *run) stepped(name string, since time.Time) {
	took := time.Since(since)
	r.record.Steps = append(r.record.Steps, tania.Step{Name: name, Millis: float64(took.Microseconds()) / 1000})
	r.Observer.Step(name, took)
}
