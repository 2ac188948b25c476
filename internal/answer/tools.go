package answer

import (
	"context"
	"errors"
	"fmt"

	"tania/internal/answer/llm"
)

// Toolbox is what the model may call in answering one question.
type Toolbox interface {
	// Offered are the tools as the model is shown them.
	Offered() []llm.Tool
	// Before gives what was called for this answer by earlier attempts, and what the model is to be told beside it. An error ends the answer.
	Before(ctx context.Context) (steps []llm.Step, after string, err error)
	// Call makes a call, or refuses it, and gives what the model is told of it. An error ends the answer, and is its error.
	Call(ctx context.Context, c llm.Call) (string, error)
	// Bounds are how many calls may be made for the answer, and how many tokens it may take; 0: any number.
	Bounds() (calls int, tokens int64)
	// Wrote reports whether something was changed, or may have been, for this answer.
	Wrote() bool
}

// toolRules are added to the rules of a model that has tools.
const toolRules = `You have tools beside handoff:
- Call a tool where the customer's wish needs it. What it gives is a fact to answer from, like the knowledge, but has no number to cite.
- Take arguments from what the customer said or from what tools gave. Never invent any: ask the customer for what is missing.
- What you can do with a tool needs no handoff. Say that something was done only where a tool's result says so.
- Where a tool refuses, say so kindly, or do what it says.`

// ErrToolWanted is given for a question asked as anybody's whose model wants to call a tool: the answer is for one customer alone.
var ErrToolWanted = errors.New("answer: the model wants to call a tool")

// offered are tools that are shown and not called.
type offered struct{ Toolbox }

// Before implements Toolbox: what was called is the customer's.
func (offered) Before(context.Context) ([]llm.Step, string, error) { return nil, "", nil }

// Call implements Toolbox.
func (offered) Call(context.Context, llm.Call) (string, error) { return "", ErrToolWanted }

// Wrote implements Toolbox.
func (offered) Wrote() bool { return false }

// noMoreCalls is what the model is told that has called as much as it may.
const noMoreCalls = "refused: no more calls can be made for this answer. Answer the customer with what you know by now, or call handoff."

// respond asks the responder, makes the calls that it wants, and asks again, until it answers. The prompt has the calls then.
func (a *Answerer) respond(ctx context.Context, p *llm.Prompt, q Question) (llm.Response, error) {
	if q.Tools == nil {
		return a.options.Responder.Respond(ctx, *p)
	}
	var err error
	if p.Steps, p.After, err = q.Tools.Before(ctx); err != nil {
		return llm.Response{}, err
	}
	p.Tools = q.Tools.Offered() // what waits for somebody's word may be taken back, which Before finds out
	return a.rounds(ctx, p, q)
}

// rounds asks the responder, and makes the calls that it wants beside those that were made.
func (a *Answerer) rounds(ctx context.Context, p *llm.Prompt, q Question) (llm.Response, error) {
	if q.Tools == nil {
		return a.options.Responder.Respond(ctx, *p)
	}
	var err error
	most, tokens := q.Tools.Bounds()
	made := 0
	for _, s := range p.Steps {
		made += len(s.Calls)
	}
	var r llm.Response
	for refused := false; ; {
		paid, notes := r.Usage, r.Notes
		r, err = a.options.Responder.Respond(ctx, *p)
		r.Usage, r.Notes = paid.Add(r.Usage), append(notes, r.Notes...)
		switch {
		case err != nil || len(r.Calls) == 0:
			return r, err
		case refused:
			return llm.Response{Usage: r.Usage, Notes: r.Notes, Handoff: &llm.Handoff{Reason: "the model went on calling tools"}}, nil
		}
		refused = most > 0 && made >= most || tokens > 0 && r.Usage.InputTokens+r.Usage.OutputTokens >= tokens
		step, err := a.step(ctx, r.Calls, q.Tools, refused)
		if err != nil {
			return llm.Response{Usage: r.Usage, Notes: r.Notes}, err
		}
		made += len(step.Calls)
		p.Steps = append(p.Steps, step)
	}
}

// step makes the calls that the model wrote at once, one after the other.
func (a *Answerer) step(ctx context.Context, calls []llm.Call, tools Toolbox, refused bool) (step llm.Step, err error) {
	for _, c := range calls {
		result := noMoreCalls
		if !refused {
			if result, err = tools.Call(ctx, c); err != nil {
				return step, fmt.Errorf("answer: %s: %w", c.Tool, err)
			}
		}
		step.Calls = append(step.Calls, llm.Done{Call: c, Result: result})
	}
	return step, nil
}

// untold brings a human where something was changed and the customer would not be told: the answer was refused, withheld, or does not know.
func untold(made Answer, q Question) Answer {
	if q.Tools == nil || !q.Tools.Wrote() || made.Known || made.Handoff != nil {
		return made
	}
	made.Handoff = &llm.Handoff{Reason: "a tool changed something, and the model gave no answer that could be said"}
	return made
}
