package once

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/queue"
	"tania/internal/tania"
	"tania/internal/tool/policy"
)

// Request is a call that waits for the team's word.
type Request struct {
	// Entry is its number in the turn's journal.
	Entry     int
	Tool      string
	About     string
	Arguments json.RawMessage
	// Read is a digest of the messages that it stands with.
	Read string
}

// Decided is a request of the turn on which something was decided.
type Decided struct {
	Request
	Ruling tania.Ruling
	// Act is the call that was made of it, nil for none; Refused is why it was not made although it was approved.
	Act     *tania.Act
	Refused string
}

// ApprovalError ends an answer: somebody of the team has to allow a call.
type ApprovalError struct{ Request }

// Error says in a line what is to be done.
func (e *ApprovalError) Error() string {
	return fmt.Sprintf("%s with %s waits for the team's word", e.Tool, e.Arguments)
}

// What the model is told of requests.
const (
	waitsFor = "refused: not yet. The team was asked and has not decided. It goes on waiting, unless you call " + Withdraw + "."
	unmadeOf = "refused: not yet. The team approved it, and the customer has written since. Call it again with the same arguments where they still " +
		"want exactly this."
	undecided = "(A call waits for the team's word, and the customer has written since. Answer what they wrote, and say that the team is still " +
		"looking at the other matter. Call " + Withdraw + " where they do not want it any more. Where they want it otherwise, call the tool as they " +
		"want it now: it takes the place of the one that waits.)"
	withdrawn = "The request was withdrawn: nothing will be done. Tell the customer."
)

// Withdraw is the tool by which the model takes back what waits for the team's word.
const Withdraw = "withdraw_request"

var withdrawTool = llm.Tool{
	Name: Withdraw, Description: "Takes back what waits for the team's word, where the customer does not want it any more.",
	Parameters: json.RawMessage(`{"type":"object","properties":{}}`),
}

// Pending is the request that waits for the team's word, nil for none.
func (b *Box) Pending() *Request { return b.pending }

// Decided are the requests of the turn on which something was decided, in their order.
func (b *Box) Decided() []Decided { return b.decided }

// Reads is a digest of the turn's messages as they read now.
func (b *Box) Reads() string {
	sum := sha256.New()
	for i := range b.o.Turn.Messages {
		m := &b.o.Turn.Messages[i]
		if m.Undelivered != nil {
			continue // the bot's own
		}
		_, _ = fmt.Fprintf(sum, "%d %t %q\n", m.ID, m.Deleted, m.Spoken())
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// End withdraws the request that waits, for a cause of the closed set of withdrawals.
func (b *Box) End(ctx context.Context, cause string) error {
	if b.pending == nil {
		return nil
	}
	r := *b.pending
	ruling := tania.Ruling{Verdict: tania.ApprovalWithdrawn, Reason: cause, At: b.o.Now()}
	if err := b.settle(ctx, r.Entry, result{Ruling: &ruling}); err != nil {
		return err
	}
	b.pending = nil
	b.decided = append(b.decided, Decided{Request: r, Ruling: ruling})
	for i := range b.acts {
		if b.acts[i].Refused == ToApprove && b.acts[i].Number == r.Entry {
			b.acts[i].Refused, b.acts[i].Ruling = string(ruling.Verdict), &ruling
		}
	}
	return nil
}

// ask has the team asked for a call, unless it was asked already.
func (b *Box) ask(ctx context.Context, c policy.Call, arguments json.RawMessage) (string, error) {
	t, digest := b.tool(c.Tool), c.Digest()
	if t == nil {
		return "", errNoTool
	}
	if earlier := b.same(t, c); earlier != nil {
		return b.refused(c.Tool, c.Arguments, Again, "this was done already for this answer, and gave "+string(earlier)), nil
	}
	if b.pending != nil && digestOf(b.pending.Tool, b.pending.Arguments) == digest {
		return waitsFor, nil
	}
	for _, d := range b.decided {
		if d.Ruling.Verdict == tania.ApprovalRejected && digestOf(d.Tool, d.Arguments) == digest {
			return toldOf(d.Ruling), nil
		}
	}
	if err := b.End(ctx, tania.WithdrawnForAnother); err != nil {
		return "", err
	}
	was := intent{Tool: c.Tool, Arguments: arguments, At: b.o.Now(), Ask: true, Read: b.Reads()}
	data, err := json.Marshal(was)
	if err != nil {
		return "", fmt.Errorf("once: %w", err)
	}
	number, err := b.o.Journal.Intend(ctx, b.o.Turn, data)
	if err != nil {
		return "", err
	}
	return "", b.waits(b.request(number, was))
}

// waits notes a request that nobody has decided on, and gives the error that ends the answer with it.
func (b *Box) waits(r Request) *ApprovalError {
	b.pending = &r
	b.acts = append(b.acts, tania.Act{
		Turn: b.o.Turn.ID, Number: r.Entry, Tool: r.Tool, Arguments: r.Arguments, Refused: ToApprove, At: b.o.Now(),
	})
	return &ApprovalError{r}
}

func (b *Box) request(number int, was intent) Request {
	r := Request{Entry: number, Tool: was.Tool, Arguments: was.Arguments, Read: was.Read}
	if t := b.tool(was.Tool); t != nil {
		r.About = t.Description
	}
	if a := b.o.Approval; a.Of(b.o.Turn.ID) && a.Entry == number && a.Read != "" {
		r.Read = a.Read
	}
	return r
}

// asked takes up a request of the journal: it waits still, or something was decided. It gives what the model is told of it, nil where its
// call has an entry of its own.
func (b *Box) asked(ctx context.Context, c queue.Call, was intent, all []queue.Call) (*llm.Done, error) {
	var came result
	if c.Settled {
		if err := json.Unmarshal(c.Result, &came); err != nil {
			return nil, fmt.Errorf("once: read the journal: %w", err)
		}
	}
	r := b.request(c.Number, was)
	if a := b.o.Approval; came.Ruling == nil && a.Of(b.o.Turn.ID) && a.Entry == c.Number && a.Ruling != nil {
		came.Ruling = a.Ruling
		if err := b.settle(ctx, c.Number, came); err != nil {
			return nil, err
		}
	}
	changed := r.Read != b.Reads()
	switch {
	case came.Ruling == nil && !changed:
		return nil, b.waits(r)
	case came.Ruling == nil:
		_ = b.waits(r) // the customer has written since: the answer goes on
		return b.told(r, waitsFor), nil
	}
	b.decided = append(b.decided, Decided{Request: r, Ruling: *came.Ruling, Refused: came.Refused})
	switch {
	case came.Ruling.Verdict != tania.ApprovalGiven:
		b.noteRuled(r, string(came.Ruling.Verdict), came.Ruling)
		return b.told(r, toldOf(*came.Ruling)), nil
	case slices.ContainsFunc(all, func(other queue.Call) bool { return madeFor(other) == c.Number }):
		return nil, nil //nolint:nilnil // the call has its own entry
	case came.Refused != "":
		b.noteRuled(r, string(came.Ruling.Verdict), came.Ruling)
		return b.told(r, came.Refused), nil
	case changed:
		b.facts.Approved = append(b.facts.Approved, b.consent(r, came.Ruling.At))
		b.unmade = c.Number
		return b.told(r, unmadeOf), nil
	}
	return b.approved(ctx, r, was, came)
}

// approved makes a call that the team has approved, if the limits allow it now.
func (b *Box) approved(ctx context.Context, r Request, was intent, came result) (*llm.Done, error) {
	consent := b.consent(r, came.Ruling.At)
	b.facts.Now = b.o.Now()
	b.facts.Approved = append(b.facts.Approved, consent)
	if t := b.tool(r.Tool); t != nil && t.Limits.Confirm {
		// The customer's yes came before the team was asked.
		b.facts.Agreed = append(b.facts.Agreed, policy.Consent{Digest: consent.Digest, At: was.At})
	}
	v, err := b.judged(ctx, func() policy.Verdict { return b.o.Policy.Judge(callOf(r), b.facts) })
	if err != nil {
		return nil, err
	}
	said, made := "refused: "+v.Text, 0
	if v.Kind == policy.Allow {
		written, err := json.Marshal(v.Call.Arguments)
		if err != nil {
			return nil, fmt.Errorf("once: %w", err)
		}
		made = len(b.facts.Made)
		if said, err = b.allowed(ctx, v.Call, written, r.Entry); err != nil {
			return nil, err
		}
		made = len(b.facts.Made) - made
	}
	if made > 0 {
		return b.told(r, said), nil
	}
	came.Refused = said
	b.decided[len(b.decided)-1].Refused = said
	b.noteRuled(r, string(came.Ruling.Verdict), came.Ruling)
	return b.told(r, said), b.settle(ctx, r.Entry, came)
}

// consent is the team's word for a request.
func (b *Box) consent(r Request, at time.Time) policy.Consent {
	if now := b.o.Now(); at.After(now) { // another machine's clock
		at = now
	}
	return policy.Consent{Digest: callOf(r).Digest(), At: at}
}

// noteRuled notes a request that was not made, for the record.
func (b *Box) noteRuled(r Request, why string, ruling *tania.Ruling) {
	b.acts = append(b.acts, tania.Act{
		Turn: b.o.Turn.ID, Number: r.Entry, Tool: r.Tool, Arguments: r.Arguments, Refused: why, Ruling: ruling, At: b.o.Now(),
	})
}

func (b *Box) told(r Request, text string) *llm.Done {
	return &llm.Done{Call: llm.Call{Tool: r.Tool, Arguments: callOf(r).Arguments}, Result: text}
}

// toldOf is what the model is told of a request that is not to be done.
func toldOf(r tania.Ruling) string {
	switch r.Verdict {
	case tania.ApprovalRejected:
		if r.Reason == "" {
			return "refused: the team decided against it. Tell the customer so."
		}
		return "refused: the team decided against it, and says: " + r.Reason
	case tania.ApprovalExpired:
		return "refused: nobody of the team has decided in time."
	default:
		return "refused: it was withdrawn before anything was done."
	}
}

func callOf(r Request) policy.Call {
	arguments := map[string]any{}
	_ = json.Unmarshal(r.Arguments, &arguments) // what was marshalled here
	return policy.Call{Tool: r.Tool, Arguments: arguments}
}

func digestOf(tool string, arguments json.RawMessage) string {
	return callOf(Request{Tool: tool, Arguments: arguments}).Digest()
}

// madeFor gives the request that an entry of the journal is the call of, 0 for none.
func madeFor(c queue.Call) int {
	var was intent
	if json.Unmarshal(c.Intent, &was) != nil {
		return 0
	}
	return was.For
}
