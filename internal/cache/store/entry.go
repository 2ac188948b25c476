package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"tania/internal/tania"
)

// Scope is what must be the same for two questions to have one answer. It is part of the key, and never compared by likeness.
type Scope struct {
	Account  tania.AccountID `json:"account"`
	Inbox    tania.InboxID   `json:"inbox"`
	Language tania.Language  `json:"language"`
	// Audience is the group of customers that is told something of its own, by bot.yaml; empty: everybody.
	Audience string `json:"audience,omitempty"`
	// Version is of what shapes every answer: persona, languages, model, embedder. Of the knowledge each entry names its basis.
	Version string `json:"version"`
}

// Key names the scope.
func (s Scope) Key() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\x00%d\x00%s\x00%s\x00%s", s.Account, s.Inbox, s.Language, s.Audience, s.Version))
	return hex.EncodeToString(sum[:12])
}

// Category says how long an answer stays true.
type Category string

// The categories of the specification.
const (
	CategoryFAQ       Category = "faq"
	CategoryGeneral   Category = "general"
	CategoryTransient Category = "transient"
)

// State of an entry.
type State string

// The states. A customer's or an agent's signals take an entry from one to the next.
const (
	// StateActive is served.
	StateActive State = ""
	// StateDemoted is not served; the next answer to its question decides whether it was right.
	StateDemoted State = "demoted"
	// StateQuarantined is not served, and nothing is stored for its question, until it expires.
	StateQuarantined State = "quarantined"
)

// Entry is one phrasing of a question with what was answered, from the store to the screen.
type Entry struct {
	ID    string `json:"id"`
	Scope Scope  `json:"scope"`
	// Question is as it was asked; it has passed the gate.
	Question string `json:"question"`
	Answer   string `json:"answer"`
	// Cluster is the id of the first entry with this answer; the others are its aliases.
	Cluster  string   `json:"cluster"`
	Category Category `json:"category"`
	Sources  []string `json:"sources,omitempty"`
	// Made is the version of the bot that the answer was made by, Basis the fingerprint of what of its knowledge the answer rests on; empty:
	// it rests on none that changes.
	Made  string `json:"made,omitempty"`
	Basis string `json:"basis,omitempty"`
	// Created and Expires are UTC. Hits do not move Expires.
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
	// Tokens and Cost are what the answer took, Cost in micro-USD: what a hit saves.
	Tokens int64 `json:"tokens,omitempty"`
	Cost   int64 `json:"cost_micro_usd,omitempty"`
	// Vector is the question's embedding, one byte a dimension; nil without an embedder.
	Vector []byte `json:"vector,omitempty"`
	State  State  `json:"state,omitempty"`
	// Rev counts the changes since it was made. The store takes a change only of what it has as it was before.
	Rev int `json:"rev,omitempty"`
	// Blame is the sum of the signals against it, Blamers the conversations they came from, at most a few.
	Blame   int      `json:"blame,omitempty"`
	Blamers []string `json:"blamers,omitempty"`
	// Warm is set for what bot.yaml gave.
	Warm bool `json:"warm,omitempty"`
	// Use is counted by the store: Put passes it over, and an event has none.
	Use
}

// Use is how often an entry answered, in all processes, and when it last did: the zero time if it never has.
type Use struct {
	Hits int64     `json:"hits"`
	Used time.Time `json:"used,omitzero"`
}

// Add gives the use of both together.
func (u Use) Add(o Use) Use {
	u.Hits += o.Hits
	if o.Used.After(u.Used) {
		u.Used = o.Used
	}
	return u
}

// NewestUse orders entries by when they last answered, the newest first; one that never has counts as used when it was made.
func NewestUse(a, b Entry) int {
	return cmp.Or(b.lastUse().Compare(a.lastUse()), cmp.Compare(a.ID, b.ID))
}

func (e Entry) lastUse() time.Time {
	if e.Used.IsZero() {
		return e.Created
	}
	return e.Used
}

// Content is the entry without what the store counts and without its vector: what stores write as JSON.
func (e Entry) Content() Entry {
	e.Use, e.Vector = Use{}, nil
	return e
}
