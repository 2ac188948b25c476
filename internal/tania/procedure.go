package tania

import (
	"encoding/json"
	"slices"
	"time"
)

// Procedure is what a customer is being taken through step by step, or was last. It is a value: who changes one changes a copy.
type Procedure struct {
	Name string `json:"name"`
	// Bot is the one that has it, empty for the main one.
	Bot string `json:"bot,omitempty"`
	// Slots are filled so far, in the order in which they were.
	Slots []Filled `json:"slots,omitempty"`
	// Results are what its tools gave, by the name of their step.
	Results map[string]Came `json:"results,omitempty"`
	// Asked is the step whose question is open, Tries how often it was asked again because what came was no answer. Again is how often each
	// step sent the customer back.
	Asked string         `json:"asked,omitempty"`
	Tries int            `json:"tries,omitempty"`
	Again map[string]int `json:"again,omitempty"`
	// Agreed is what the customer said yes to: a digest of the slots as they were summed up; AgreedAt is when.
	Agreed   string    `json:"agreed,omitempty"`
	AgreedAt time.Time `json:"agreed_at,omitzero"`
	// Turn is the one that brought it here. Since is when it began, At when the customer last wrote in it.
	Turn  TurnID    `json:"turn"`
	Since time.Time `json:"since"`
	At    time.Time `json:"at"`
	// End is how it ended, "" while it goes on.
	End ProcedureEnd `json:"end,omitempty"`
}

// Filled is a slot with its value.
type Filled struct {
	Slot string `json:"slot"`
	// Value is what expressions and tools are given, Shown what people read.
	Value any    `json:"value"`
	Shown string `json:"shown"`
	// Message is where it was said; 0 where it was not said by the customer.
	Message MessageID `json:"message,omitempty"`
	// Checked is a digest of all slots as they were when its checks were met.
	Checked string `json:"checked,omitempty"`
}

// Came is what a tool of a procedure gave.
type Came struct {
	// Digest is that of the call.
	Digest string          `json:"digest"`
	OK     bool            `json:"ok"`
	Result json.RawMessage `json:"result,omitempty"`
	// Wrote reports whether it changed something.
	Wrote bool `json:"wrote,omitempty"`
}

// ProcedureEnd is how a procedure ended, from a closed set.
type ProcedureEnd string

// The ends.
const (
	ProcedureAnswered   ProcedureEnd = "answer"
	ProcedureHandedOver ProcedureEnd = "handoff"
	ProcedureResolved   ProcedureEnd = "resolved"
	// ProcedureLeft is one that the customer did not want to go on with, ProcedureExpired one in which they wrote nothing for too long.
	ProcedureLeft    ProcedureEnd = "left"
	ProcedureExpired ProcedureEnd = "expired"
)

// ProcedureEnds are all of them.
func ProcedureEnds() []ProcedureEnd {
	return []ProcedureEnd{ProcedureAnswered, ProcedureHandedOver, ProcedureResolved, ProcedureLeft, ProcedureExpired}
}

// Clone is a copy that shares nothing that is changed.
func (p Procedure) Clone() Procedure {
	p.Slots = slices.Clone(p.Slots)
	results, again := map[string]Came{}, map[string]int{}
	for name, came := range p.Results {
		results[name] = came
	}
	for name, n := range p.Again {
		again[name] = n
	}
	p.Results, p.Again = results, again
	return p
}

// Slot gives a slot that is filled, nil for one that is not.
func (p *Procedure) Slot(name string) *Filled {
	for i := range p.Slots {
		if p.Slots[i].Slot == name {
			return &p.Slots[i]
		}
	}
	return nil
}

// Fill fills a slot, or fills it anew.
func (p *Procedure) Fill(f Filled) {
	if have := p.Slot(f.Slot); have != nil {
		*have = f
		return
	}
	p.Slots = append(p.Slots, f)
}

// Empty empties a slot.
func (p *Procedure) Empty(name string) {
	p.Slots = slices.DeleteFunc(p.Slots, func(f Filled) bool { return f.Slot == name })
}

// Wrote reports whether one of its tools changed something.
func (p *Procedure) Wrote() bool {
	for _, came := range p.Results {
		if came.Wrote {
			return true
		}
	}
	return false
}
