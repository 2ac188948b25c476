package tania

import (
	"encoding/json"
	"time"
)

// Approval is a call of a tool that waits for the team's word, or the last one of a conversation that did.
type Approval struct {
	Turn TurnID `json:"turn"`
	// Entry is the request's number in the turn's journal; Number counts the conversation's requests from 1, which is how people name them.
	Entry  int `json:"entry"`
	Number int `json:"number"`
	// Named is set where only a word counts that names the number: the request took the place of one that somebody may still have before
	// their eyes.
	Named bool   `json:"named,omitempty"`
	Tool  string `json:"tool"`
	// About says what the tool does, in bot.yaml's words.
	About     string          `json:"about,omitempty"`
	Arguments json.RawMessage `json:"arguments,omitempty"`
	// Read is a digest of the customer's messages that the request stands with: what they write beyond is looked at first.
	// Newest is the last of them.
	Read   string    `json:"read,omitempty"`
	Newest MessageID `json:"newest,omitempty"`
	// Newer is set when the customer has written, or corrected themselves, since; only the turn's worker takes it back.
	Newer bool `json:"newer,omitempty"`
	// Note is the private note that asks for the word.
	Note  MessageID `json:"note,omitempty"`
	At    time.Time `json:"at"`
	Until time.Time `json:"until"`
	// Ruling is what was decided, nil as long as nothing is. Closed is set when the turn has gone by it.
	Ruling *Ruling `json:"ruling,omitempty"`
	Closed bool    `json:"closed,omitempty"`
}

// Open reports whether nobody has decided yet.
func (a *Approval) Open() bool { return a != nil && a.Ruling == nil && !a.Closed }

// Of reports whether the request is one of a turn.
func (a *Approval) Of(turn TurnID) bool { return a != nil && a.Turn == turn }

// Ruling is what was decided on a request.
type Ruling struct {
	Verdict Approved `json:"verdict"`
	// Reason is somebody's, or, of what was withdrawn, from the closed set of withdrawals.
	Reason string `json:"reason,omitempty"`
	// By is who decided, empty for the customer and for time; Way is how, from a closed set.
	By  string    `json:"by,omitempty"`
	Way RuledBy   `json:"way,omitempty"`
	At  time.Time `json:"at"`
}

// Approved is what was decided on a request, from a closed set.
type Approved string

// The verdicts.
const (
	ApprovalGiven     Approved = "approved"
	ApprovalRejected  Approved = "rejected"
	ApprovalWithdrawn Approved = "withdrawn"
	ApprovalExpired   Approved = "expired"
)

// Verdicts are all of them.
func Verdicts() []Approved {
	return []Approved{ApprovalGiven, ApprovalRejected, ApprovalWithdrawn, ApprovalExpired}
}

// RuledBy is the way of a decision.
type RuledBy string

// The ways.
const (
	RuledByNote    RuledBy = "note"
	RuledByLabel   RuledBy = "label"
	RuledByPage    RuledBy = "dashboard"
	RuledByCommand RuledBy = "command"
)

// Why a request was withdrawn.
const (
	// WithdrawnByCustomer: they do not want it any more; WithdrawnForAnother: they want something else, which is asked for instead.
	WithdrawnByCustomer = "customer"
	WithdrawnForAnother = "changed"
	// WithdrawnForHuman: a person of the team writes to the customer; WithdrawnAtEnd: the bot has the conversation no longer.
	WithdrawnForHuman = "human"
	WithdrawnAtEnd    = "ended"
)

// Rule decides on the conversation's open request; it reports false where none is.
func (c *Conversation) Rule(r Ruling) bool {
	if !c.Approval.Open() {
		return false
	}
	a := *c.Approval
	a.Ruling = &r
	c.Approval = &a
	return true
}
