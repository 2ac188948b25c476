package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"tania/internal/tania"
	"tania/internal/tool"
)

// Call is a tool with arguments.
type Call struct {
	Tool      string         `json:"tool"`
	Arguments map[string]any `json:"arguments"`
}

// Digest is the same for calls of one tool with the same arguments, and for no others.
func (c Call) Digest() string {
	if c.Arguments == nil {
		c.Arguments = map[string]any{}
	}
	written, err := json.Marshal(c)
	if err != nil { // a value that did not come from JSON: no call of a model
		written = []byte(err.Error())
	}
	sum := sha256.Sum256(written)
	return hex.EncodeToString(sum[:16])
}

// Facts are what a call is judged by.
type Facts struct {
	Contact Contact
	// Made are the calls of the conversation that the model asked for, of this turn and of earlier ones, oldest first. One that may have been
	// made, or not, is among them with OK false.
	Made []tool.Made
	// Looked are the calls that judging has asked for (LookUp) in this turn, oldest first. The model sees nothing of them.
	Looked []tool.Made
	// Today is how often each tool was called for the contact since midnight, over all of their conversations.
	Today map[string]int
	// Agreed are the calls that the customer has agreed to in so many words, Approved those that somebody of the team has.
	Agreed, Approved []Consent
	// Turn is when the turn began: what was read before is read anew.
	Turn, Now time.Time
}

// Consent is a word given to a call, by its digest. It holds for one call made after At.
type Consent struct {
	Digest string    `json:"digest"`
	At     time.Time `json:"at"`
}

// Contact is who writes, as far as it is known.
type Contact struct {
	tania.Contact
	// Custom are the custom attributes that Chatwoot has of the contact.
	Custom map[string]any
	// Verified reports that a website, a platform or a telephone network vouches for who writes (tania.Message.Identified).
	Verified bool
}

// Kind is what is to be done with a call.
type Kind string

// The kinds of verdicts.
const (
	// Allow makes the call, as Verdict.Call has it.
	Allow Kind = "allow"
	// Refuse does not make it and tells the model Verdict.Text.
	Refuse Kind = "refuse"
	// LookUp makes Verdict.Call first, a read, puts it among Facts.Looked, and judges again.
	LookUp Kind = "look_up"
	// Confirm does not make the call yet: the customer has to agree to it, in a message that comes after a question for exactly this.
	Confirm Kind = "confirm"
	// Approve does not make it yet: somebody of the team has to approve it.
	Approve Kind = "approve"
)

// Reason is why a call is refused, from a closed set.
type Reason string

// The reasons.
const (
	// UnknownTool is a tool that is not declared.
	UnknownTool Reason = "unknown_tool"
	// Arguments are not of the tool's schema.
	Arguments Reason = "arguments"
	// Identity is that it is not certain enough who writes.
	Identity Reason = "identity"
	// After is a tool that must have succeeded before.
	After Reason = "after"
	// Require is a condition that is not met.
	Require Reason = "require"
	// Ensure is a condition that the result does not meet: it is withheld.
	Ensure Reason = "ensure"
	// Most is a tool that was called as often as it may be for one thing.
	Most Reason = "max"
	// PerConversation and PerDay are tools that were called as often as they may be.
	PerConversation Reason = "per_conversation"
	PerDay          Reason = "per_day"
	// Fault is a condition that could not be evaluated: what is not known to be allowed is not.
	Fault Reason = "fault"
)

// Verdict is what is to be done with a call.
type Verdict struct {
	Kind   Kind
	Reason Reason
	// Text says to the model why not, and what to do. Nothing of it comes from a fact that was looked up.
	Text string
	// Detail is why a condition could not be evaluated, for whoever wrote it. It may have what was looked up, so the model is not given it.
	Detail string
	// Call is what is to be made: with the parameters that code sets, or the read for LookUp.
	Call Call
}

func refuse(why Reason, text string) Verdict { return Verdict{Kind: Refuse, Reason: why, Text: text} }
