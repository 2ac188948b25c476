// Package tryout makes calls of tools outside of turns, as a turn would: for the try-out of the dashboard and for those who write tools.
// Policy, look-ups and callers are those of turns; the journal is in memory and ends with the trial.
package tryout

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/queue"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/call"
	"tania/internal/tool/once"
	"tania/internal/tool/policy"
)

// Options configure New.
type Options struct {
	Tools   []tool.Tool
	Policy  *policy.Policy
	Callers once.Callers
	Facts   policy.Facts
	// Writes makes calls that change something too; else they are said to have gone well, and are not made.
	Writes bool
	// Calls and Tokens bound an answer.
	Calls  int
	Tokens int64
	// Hidden are tools that cannot be called now.
	Hidden map[string]bool
}

// Box are the tools of a trial.
type Box struct {
	*once.Box
	last   *watched
	writes bool
}

// NotMade is what the model is told of a call that changes something, in a trial that changes nothing.
const NotMade = "This is a trial: the call was not made. Go on as if it had gone well."

// New gives the tools of a trial.
func New(o Options) *Box {
	o.Facts.Now = time.Now().UTC()
	last := &watched{}
	watch := func(c call.Caller) call.Caller {
		if c == nil && o.Writes {
			return nil
		}
		return &watcher{c, o.Writes, last}
	}
	return &Box{last: last, writes: o.Writes, Box: once.New(once.Options{
		Tools: o.Tools, Hidden: o.Hidden, Policy: o.Policy, Journal: &journal{}, Turn: &queue.Turn{ID: "trial"}, Facts: o.Facts,
		Callers: once.Callers{HTTP: watch(o.Callers.HTTP), MCP: watch(o.Callers.MCP), Chatwoot: watch(o.Callers.Chatwoot)},
		Calls:   o.Calls, Tokens: o.Tokens, Now: func() time.Time { return time.Now().UTC() },
	})}
}

// Call implements answer.Toolbox. In a trial that changes nothing, nobody of the team is asked either.
func (b *Box) Call(ctx context.Context, c llm.Call) (string, error) {
	said, err := b.Box.Call(ctx, c)
	if _, asked := errors.AsType[*once.ApprovalError](err); asked && !b.writes {
		return NotApproved, b.End(ctx, tania.WithdrawnForAnother)
	}
	return said, err
}

// NotApproved is what the model is told of a call that somebody of the team would be asked about.
const NotApproved = "This is a trial: somebody of the team would be asked first. Tell the customer that it is being looked at."

// FactsOf are what policy goes by for a message that a customer would write now, after calls of earlier turns.
func FactsOf(m *tania.Message, acts []tania.Act, now time.Time) policy.Facts {
	f := policy.Facts{Contact: policy.Contact{Contact: m.Contact, Custom: map[string]any{}, Verified: m.Identified()}, Turn: now, Now: now}
	for _, a := range m.Attributes {
		if name, own := strings.CutPrefix(a.Name, tania.KnownOfContact); own {
			f.Contact.Custom[name] = a.Value
		}
	}
	for _, a := range acts {
		made := tool.Made{Tool: a.Tool, OK: a.OK, At: a.At}
		// What was stored as JSON is read as such; what is not there is nil.
		_ = json.Unmarshal(a.Arguments, &made.Arguments)
		_ = json.Unmarshal(a.Result, &made.Result)
		f.Made = append(f.Made, made)
	}
	return f
}

// Status is the HTTP status of the last call's answer, 0 where it had none.
func (b *Box) Status() int { return b.last.status }

// watched is what was seen of calls.
type watched struct{ status int }

// watcher notes the status of answers, and keeps writes from being made.
type watcher struct {
	by     call.Caller
	writes bool
	seen   *watched
}

// Call implements call.Caller.
func (w *watcher) Call(ctx context.Context, r call.Request) (call.Outcome, error) {
	w.seen.status = 0
	switch {
	case r.Tool.Risk.Writes() && !w.writes:
		return call.Outcome{Result: map[string]any{"trial": NotMade}, OK: true}, nil
	case w.by == nil:
		return call.Outcome{}, &call.FailedError{Text: "it cannot be called here"}
	}
	o, err := w.by.Call(ctx, r)
	w.seen.status = o.Status
	return o, err
}

// journal is that of one trial.
type journal struct{ calls []queue.Call }

// Intend implements queue.Journal.
func (j *journal) Intend(_ context.Context, _ *queue.Turn, intent []byte) (int, error) {
	j.calls = append(j.calls, queue.Call{Number: len(j.calls) + 1, Intent: intent})
	return len(j.calls), nil
}

// Settle implements queue.Journal.
func (j *journal) Settle(_ context.Context, _ *queue.Turn, number int, result []byte) error {
	if number < 1 || number > len(j.calls) {
		return queue.ErrNotFound
	}
	j.calls[number-1].Settled, j.calls[number-1].Result = true, result
	return nil
}

// Calls implements queue.Journal.
func (j *journal) Calls(context.Context, *queue.Turn) ([]queue.Call, error) {
	return slices.Clone(j.calls), nil
}
