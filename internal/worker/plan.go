package worker

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"tania/internal/reply"
	"tania/internal/tania"
	"tania/internal/tool/chatwoottool"
)

// plan is what a turn is about to do. It is checkpointed before anything is sent, so that a later attempt
// neither pays the model again nor says something else. Steps take a plan and give it as they leave it, with its record.
type plan struct {
	reply.Plan

	// Waiting is since when the customer waited, by Chatwoot, before anything of the plan was sent; zero when it is not known.
	Waiting time.Time `json:"waiting,omitzero"`
	// Asks are the calls of tools that the customer is asked about.
	Asks []tania.Ask `json:"asks,omitempty"`
	// Closing is how the conversation is left once all was said; nil: as it is.
	Closing *chatwoottool.Closing `json:"closing,omitempty"`
	// Placeholders are those that the conversation has for its personal data.
	Placeholders []tania.Placeholder `json:"placeholders,omitempty"`
}

// repeats is the message that a part of the plan repeats, 0 for none.
func (p *plan) repeats(part string) tania.MessageID {
	if n, err := strconv.Atoi(part); err == nil && n <= len(p.Repeats) {
		return p.Repeats[n-1]
	}
	return 0
}

// undecided is the plan of an attempt that has not got anywhere yet.
func (r *run) undecided() plan {
	return plan{Plan: reply.Plan{Record: tania.Record{
		Key: r.t.Key, Turn: r.t.ID, Attempt: r.t.Attempt, Bot: r.Name, BotVersion: r.Version,
	}}}
}

// silenced is a plan to say nothing in place of another, for the reason in its record. What a procedure has done is remembered.
func (p plan) silenced() plan {
	quiet := plan{Plan: reply.Silence(p.Record)}
	if p.Procedure != nil && p.Procedure.Wrote() {
		quiet.Procedure = p.Procedure
	}
	return quiet
}

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
	return &p, nil
}
