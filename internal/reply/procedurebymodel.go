package reply

import (
	"context"
	"errors"
	"slices"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/dispatcher"
	"tania/internal/language"
	"tania/internal/procedure"
	"tania/internal/tania"
)

// byModelPrefix is what procedures are called by among the tools that a model is shown.
const byModelPrefix = "procedure_"

// wantedError ends an answer: the model takes what the customer wrote for a procedure's.
type wantedError struct {
	name string
	// quotes are words of the customer's by slot, as the model says.
	quotes map[string]string
}

// Error says so.
func (e *wantedError) Error() string { return "reply: the model wants the procedure " + e.name }

// offering are procedures among the tools that a model is shown.
type offering struct {
	// tools are the bot's, nil for none.
	tools answer.Toolbox
	of    []llm.Tool
}

// Offered implements answer.Toolbox.
func (o offering) Offered() []llm.Tool {
	if o.tools == nil {
		return o.of
	}
	own := o.tools.Offered()
	taken := func(t llm.Tool) bool {
		return slices.ContainsFunc(own, func(have llm.Tool) bool { return have.Name == t.Name })
	}
	return slices.Concat(own, slices.DeleteFunc(slices.Clone(o.of), taken))
}

// Before implements answer.Toolbox.
func (o offering) Before(ctx context.Context) ([]llm.Step, string, error) {
	if o.tools == nil {
		return nil, "", nil
	}
	return o.tools.Before(ctx)
}

// Call implements answer.Toolbox.
func (o offering) Call(ctx context.Context, c llm.Call) (string, error) {
	if !slices.ContainsFunc(o.of, func(t llm.Tool) bool { return t.Name == c.Tool }) {
		if o.tools == nil {
			return "refused: there is no tool " + c.Tool, nil
		}
		return o.tools.Call(ctx, c)
	}
	e := &wantedError{name: c.Tool[len(byModelPrefix):], quotes: map[string]string{}}
	for slot, v := range c.Arguments {
		if text, is := v.(string); is {
			e.quotes[slot] = text
		}
	}
	return "", e
}

// fewCalls bounds a model that has no tools but procedures.
const fewCalls = 4

// Bounds implements answer.Toolbox.
func (o offering) Bounds() (int, int64) {
	if o.tools == nil {
		return fewCalls, 0
	}
	return o.tools.Bounds()
}

// Wrote implements answer.Toolbox.
func (o offering) Wrote() bool { return o.tools != nil && o.tools.Wrote() }

// offered are the tools that a model is shown beside procedures: those that it may begin or, with a state, the one that goes on.
func (d *decision) offered(state *tania.Procedure, all ...*procedure.Procedure) answer.Toolbox {
	if len(all) == 0 || !d.Understands {
		return d.Tools
	}
	o := offering{tools: d.Tools}
	for _, p := range all {
		w := p.Wanted(state)
		o.of = append(o.of, llm.Tool{Name: byModelPrefix + p.Name, Description: w.Description, Parameters: w.Parameters})
	}
	return o
}

// begun begins the procedure that the model takes the case for.
func (d *decision) begunByModel(ctx context.Context, wanted *wantedError, q answer.Question, record tania.Record) (Plan, error) {
	p := procedure.Find(d.Bot.Procedures, wanted.name)
	c := &course{
		decision: d, procedure: p, turn: procedure.Turn{ID: d.Turn, Language: record.Language, Now: d.written()}, fresh: true,
		messages: d.heardBy(dispatcher.Choice{Route: q.Route}), quotes: wanted.quotes,
	}
	c.begun = p.Begin(d.Turn, c.turn.Now)
	c.begun.Bot = d.Name
	return c.run(ctx, dispatcher.Choice{Route: q.Route}, q.Reading, record)
}

// reread has a model read what code did not understand: it quotes the customer for the slots, answers what they ask beside, or neither.
func (c *course) reread(
	ctx context.Context, w walked, choice dispatcher.Choice, read *language.Reading, record tania.Record,
) (_ walked, beside *Plan, usage tania.Usage, err error) {
	understood := w.heard.Wrong == "" || w.heard.Took || w.heard.Aside
	if understood || c.fresh || !c.Understands || len(c.made) > 0 {
		return w, nil, usage, nil
	}
	q, record := c.question(ctx, choice, read, record)
	q.Within, q.Tools = true, c.offered(&c.begun, c.procedure)
	a, err := c.ask(ctx, q)
	usage = a.Usage
	wanted, is := errors.AsType[*wantedError](err)
	switch {
	case is:
		c.quotes = wanted.quotes
		again, err := c.through(ctx, c.messages, false)
		return again, nil, usage, err
	case err != nil:
		if away, gone := errors.AsType[*NoModelError](err); gone {
			c.Log.Warn("a procedure goes on without the model", "cause", away.Cause)
			return w, nil, usage, nil
		}
		return w, nil, usage, err
	case a.Handoff == nil && !a.Known:
		return w, nil, usage, nil
	}
	p := c.planned(record, a)
	w.state = c.begun.Clone()
	w.heard = procedure.Heard{Aside: true}
	w.move = c.procedure.Next(&w.state, w.heard, c.turn, c.facts())
	return w, &p, tania.Usage{}, nil
}
