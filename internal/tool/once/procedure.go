package once

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/call"
	"tania/internal/tool/policy"
)

// Begin is Before for calls that code makes, not a model: what earlier attempts at the turn called, and whether something was changed by
// it.
func (b *Box) Begin(ctx context.Context) (made []tania.Act, wrote bool, err error) {
	if _, _, err := b.Before(ctx); err != nil {
		return nil, false, err
	}
	made = slices.DeleteFunc(slices.Clone(b.acts), func(a tania.Act) bool { return a.Refused != "" })
	return made, b.wrote, nil
}

// Facts are what calls are judged by, as it is known now.
func (b *Box) Facts() policy.Facts { return b.facts }

// Look makes a call that a condition needs: one that reads. It is no call of the turn's, and is made again by a later attempt.
func (b *Box) Look(ctx context.Context, c policy.Call) error {
	t := b.tool(c.Tool)
	if t == nil {
		return errNoTool
	}
	looked := tool.Made{Tool: c.Tool, Arguments: c.Arguments, At: b.o.Now()}
	if caller := b.o.Callers.of(t); caller != nil {
		if o, err := caller.Call(ctx, call.Request{Tool: t, Arguments: c.Arguments}); err == nil {
			looked.Result, looked.OK = o.Result, o.OK
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	b.facts.Looked = append(b.facts.Looked, looked)
	return nil
}

// Do makes a call that code asks for, within the same limits and once, as Call does for a model. agreed is when the customer said yes to
// just this, zero where they were not asked. It ends as Call does with what a person has to look at.
func (b *Box) Do(ctx context.Context, c policy.Call, agreed time.Time) (tania.Came, error) {
	if err := b.settled(ctx, c.Tool); err != nil {
		return tania.Came{}, err
	}
	b.facts.Now = b.o.Now()
	judge := func() policy.Verdict { return b.o.Policy.Judge(c, b.facts) }
	v, err := b.judged(ctx, judge)
	if err == nil && v.Kind == policy.Confirm && !agreed.IsZero() {
		b.facts.Agreed = append(slices.Clone(b.facts.Agreed), policy.Consent{Digest: v.Call.Digest(), At: agreed})
		v, err = b.judged(ctx, judge)
	}
	if err != nil {
		return tania.Came{}, err
	}
	arguments, err := json.Marshal(v.Call.Arguments)
	if err != nil {
		return tania.Came{}, fmt.Errorf("once: %w", err)
	}
	switch v.Kind {
	case policy.Allow:
		if _, err = b.allowed(ctx, v.Call, arguments, 0); err != nil {
			return tania.Came{}, err
		}
	case policy.Approve:
		b.refused(c.Tool, v.Call.Arguments, ToApprove, v.Text)
		return tania.Came{}, &ByHandError{Tool: c.Tool, Arguments: arguments}
	default:
		why := v.Reason
		if v.Kind == policy.Confirm {
			why = ToConfirm
		}
		b.refused(c.Tool, c.Arguments, string(why), v.Text)
	}
	return b.came(c.Tool, v.Text), nil
}

// ByHandError ends a procedure: a call that somebody of the team has to allow is left to them.
type ByHandError struct {
	Tool      string
	Arguments json.RawMessage
}

// Error says in a line what is to be done.
func (e *ByHandError) Error() string {
	return fmt.Sprintf("the customer wants %s with %s, which a person has to do or decide on", e.Tool, e.Arguments)
}

// came is what the newest act came to; one that was refused says why.
func (b *Box) came(name, why string) tania.Came {
	a := b.acts[len(b.acts)-1]
	if a.Refused != "" {
		result, err := json.Marshal(map[string]string{"refused": a.Refused, "why": why})
		if err != nil {
			result = nil
		}
		return tania.Came{Result: result}
	}
	t := b.tool(name)
	return tania.Came{OK: a.OK, Result: a.Result, Wrote: a.OK && (t == nil || t.Risk.Writes())}
}
