package once

import (
	"context"
	"encoding/json"
	"fmt"

	"tania/internal/answer/llm"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/policy"
)

// Reasons why a call is not made, beside those of policy.
const (
	// Unreadable are arguments that are no JSON, Again is a write that the turn made already, ToConfirm one that the customer has to agree to,
	// ToApprove one that somebody of the team has to.
	Unreadable = "unreadable"
	Again      = "again"
	ToConfirm  = "confirm"
	ToApprove  = "approve"
)

// Call implements answer.Toolbox. It ends the answer with a *DoubtfulError, an *ApprovalError, or what the queue refuses the intent with.
func (b *Box) Call(ctx context.Context, c llm.Call) (string, error) {
	if c.Tool == Withdraw && b.pending != nil {
		return withdrawn, b.End(ctx, tania.WithdrawnByCustomer)
	}
	if c.Arguments == nil {
		return b.refused(c.Tool, nil, Unreadable, "the arguments could not be read: write them as a JSON object"), nil
	}
	if err := b.settled(ctx, c.Tool); err != nil {
		return "", err
	}
	b.facts.Now = b.o.Now()
	v, err := b.judged(ctx, func() policy.Verdict {
		return b.o.Policy.Judge(policy.Call{Tool: c.Tool, Arguments: c.Arguments}, b.facts)
	})
	if err != nil {
		return "", err
	}
	arguments, err := json.Marshal(v.Call.Arguments)
	if err != nil {
		return "", fmt.Errorf("once: %w", err)
	}
	switch v.Kind {
	case policy.Allow:
		return b.allowed(ctx, v.Call, arguments, b.takeUnmade(v.Call))
	case policy.Confirm:
		b.asks = append(b.asks, tania.Ask{Digest: v.Call.Digest(), Turn: b.o.Turn.ID, At: b.facts.Now})
		return b.refused(c.Tool, v.Call.Arguments, ToConfirm, v.Text), nil
	case policy.Approve:
		return b.ask(ctx, v.Call, arguments)
	}
	return b.refused(c.Tool, c.Arguments, string(v.Reason), v.Text), nil
}

// settled waits, before a call that changes something, until the customer has written what they want.
func (b *Box) settled(ctx context.Context, name string) error {
	if t := b.tool(name); b.o.Settled != nil && t != nil && t.Risk.Writes() {
		return b.o.Settled(ctx)
	}
	return nil
}

// judged asks policy, and looks up what it needs to know.
func (b *Box) judged(ctx context.Context, judge func() policy.Verdict) (policy.Verdict, error) {
	for range mostLooks {
		v := judge()
		if v.Kind != policy.LookUp {
			return v, nil
		}
		if err := b.Look(ctx, v.Call); err != nil {
			return v, err
		}
	}
	return policy.Verdict{Kind: policy.Refuse, Reason: policy.Fault, Text: "It could not be checked whether this is allowed."}, nil
}

// mostLooks bounds the look-ups for one call.
const mostLooks = 20

// takeUnmade gives the request that a call is of, where it was approved and not made yet; 0: none.
func (b *Box) takeUnmade(c policy.Call) (entry int) {
	for _, d := range b.decided {
		if b.unmade != 0 && d.Entry == b.unmade && callOf(d.Request).Digest() == c.Digest() {
			entry, b.unmade = d.Entry, 0
		}
	}
	return entry
}

// allowed makes a call that policy allows: once in a turn, where it changes something. request is the entry of the request that it was
// approved by, 0 for none.
func (b *Box) allowed(ctx context.Context, c policy.Call, arguments json.RawMessage, request int) (string, error) {
	t := b.tool(c.Tool)
	if t == nil {
		return "", errNoTool
	}
	if earlier := b.same(t, c); earlier != nil {
		return b.refused(c.Tool, c.Arguments, Again, "this was done already for this answer, and gave "+string(earlier)), nil
	}
	if b.o.Count != nil && t.Limits.PerDay > 0 {
		may, err := b.o.Count(ctx, t)
		if err != nil {
			return "", err
		}
		if !may {
			return b.refused(c.Tool, c.Arguments, string(policy.PerDay), t.Name+" was called as often as it may be for a customer in a day."), nil
		}
	}
	was := intent{Tool: c.Tool, Arguments: arguments, At: b.o.Now(), For: request}
	data, err := json.Marshal(was)
	if err != nil {
		return "", fmt.Errorf("once: %w", err)
	}
	number, err := b.o.Journal.Intend(ctx, b.o.Turn, data)
	if err != nil {
		return "", err
	}
	came, err := b.make(ctx, t, c.Arguments, number)
	if err != nil {
		return "", err
	}
	if came, err = b.reviewed(ctx, c, came); err != nil {
		return "", err
	}
	if err := b.settle(ctx, number, came); err != nil {
		return "", err
	}
	done := b.took(number, was, came)
	if came.Doubtful != "" {
		return "", &DoubtfulError{Tool: c.Tool, Arguments: arguments, Cause: came.Doubtful}
	}
	return done.Result, nil
}

// same gives the result of a write that the turn made already with the same arguments, nil for none.
func (b *Box) same(t *tool.Tool, c policy.Call) json.RawMessage {
	if !t.Risk.Writes() {
		return nil
	}
	for _, a := range b.acts {
		var arguments map[string]any
		if a.Tool != c.Tool || !a.OK || json.Unmarshal(a.Arguments, &arguments) != nil {
			continue
		}
		if (policy.Call{Tool: a.Tool, Arguments: arguments}).Digest() == c.Digest() {
			return a.Result
		}
	}
	return nil
}

// reviewed withholds a result that the tool's conditions do not let through.
func (b *Box) reviewed(ctx context.Context, c policy.Call, came result) (result, error) {
	if !came.OK {
		return came, nil
	}
	t := b.tool(c.Tool)
	writes := t == nil || t.Risk.Writes()
	if writes { // what was done has to be stored, whoever gives up meanwhile
		ctx = context.WithoutCancel(ctx)
	}
	var value any
	if err := json.Unmarshal(came.Value, &value); err != nil {
		return came, fmt.Errorf("once: %w", err)
	}
	v, err := b.judged(ctx, func() policy.Verdict { return b.o.Policy.Review(c, value, b.facts) })
	switch {
	case err != nil:
		return came, err
	case v.Kind == policy.Allow:
		return came, nil
	}
	withheld := failed("refused: " + v.Text)
	withheld.OK, withheld.Millis = writes, came.Millis
	return withheld, nil
}

// refused notes a call that is not made, and gives what the model is told.
func (b *Box) refused(name string, arguments map[string]any, why, text string) string {
	written, err := json.Marshal(arguments)
	if err != nil || arguments == nil {
		written = nil
	}
	b.acts = append(b.acts, tania.Act{Turn: b.o.Turn.ID, Tool: name, Arguments: written, Refused: why, At: b.o.Now()})
	return "refused: " + text
}
