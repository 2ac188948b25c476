// Package once makes the calls of a turn that its model asks for: policy first, then the journal, then the call, then the journal again. A
// later attempt at the turn finds what was done, and does nothing twice. What nobody can find out ends the turn with a human.
package once

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/queue"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/call"
	"tania/internal/tool/policy"
)

// Callers make the calls of each kind of tool; one that is nil calls nothing.
type Callers struct {
	HTTP, MCP, Chatwoot call.Caller
}

func (c Callers) of(t *tool.Tool) call.Caller {
	switch {
	case t.HTTP != nil:
		return c.HTTP
	case t.MCP != nil:
		return c.MCP
	}
	return c.Chatwoot
}

// Options configure New. All but Count and Settled are required.
type Options struct {
	Tools  []tool.Tool
	Policy *policy.Policy
	// Hidden are tools that cannot be called now, and are not offered.
	Hidden map[string]bool
	// Journal is the turn's.
	Journal queue.Journal
	Turn    *queue.Turn
	Callers Callers
	// Facts are what policy goes by: of the contact, of earlier turns, and what the customer agreed to. Made are calls of earlier turns.
	Facts policy.Facts
	// Approval is the request of the conversation that the team was asked for last, nil for none.
	Approval *tania.Approval
	// Count counts a call of a tool that is limited by day, and reports whether it may be made; nil where none is.
	Count func(ctx context.Context, t *tool.Tool) (bool, error)
	// Settled waits, before a call that changes something or is to be approved, until the customer has written what they want; nil: they have.
	Settled func(ctx context.Context) error
	// Calls and Tokens bound an answer, see answer.Toolbox.
	Calls  int
	Tokens int64
	Now    func() time.Time
}

// Box are the tools of a turn, for one attempt at it. It implements answer.Toolbox, and is not safe for concurrent use.
type Box struct {
	o     Options
	facts policy.Facts
	acts  []tania.Act
	asks  []tania.Ask
	wrote bool
	// pending is the request that waits, decided are those that do not any more. unmade is the entry of one that was approved and that the
	// model has to want once more, 0 for none.
	pending *Request
	decided []Decided
	unmade  int
}

// GoBy has policy go by other facts from the next answer on: the customer wrote on.
func (b *Box) GoBy(f policy.Facts) { b.o.Facts = f }

// New gives the tools of a turn.
func New(o Options) *Box { return &Box{o: o, facts: o.Facts} }

// Acts are the calls of the turn so far, in their order; Asks those that the customer has to agree to first.
func (b *Box) Acts() []tania.Act { return b.acts }

// Asks are the calls that the customer has to agree to first.
func (b *Box) Asks() []tania.Ask { return b.asks }

// Wrote implements answer.Toolbox.
func (b *Box) Wrote() bool { return b.wrote }

// Bounds implements answer.Toolbox.
func (b *Box) Bounds() (int, int64) { return b.o.Calls, b.o.Tokens }

// Offered implements answer.Toolbox: without the parameters that code sets.
func (b *Box) Offered() (list []llm.Tool) {
	for i := range b.o.Tools {
		t := &b.o.Tools[i]
		if b.o.Hidden[t.Name] {
			continue
		}
		list = append(list, llm.Tool{Name: t.Name, Description: t.Description, Parameters: b.o.Policy.Shown(t.Name)})
	}
	if b.pending != nil {
		list = append(list, withdrawTool)
	}
	return list
}

// DoubtfulError ends an answer: a call that changes something may have been made, and nobody can tell.
type DoubtfulError struct {
	Tool      string
	Arguments json.RawMessage
	Cause     string
}

// Error says what may have happened, for a person.
func (e *DoubtfulError) Error() string {
	return fmt.Sprintf("%s may have been done, or not (%s): please look before it is done again. It was called with %s", e.Tool, e.Cause, e.Arguments)
}

// intent is what the journal has before a call, result what it has afterwards.
type intent struct {
	Tool      string          `json:"tool"`
	Arguments json.RawMessage `json:"arguments"`
	At        time.Time       `json:"at"`
	// Ask is set in the entry of a request for the team's word, with a digest of what the customer had written; For in that of a call that was
	// approved, with the number of its request.
	Ask  bool   `json:"ask,omitempty"`
	Read string `json:"read,omitempty"`
	For  int    `json:"for,omitempty"`
}

type result struct {
	Value    json.RawMessage `json:"value,omitempty"`
	OK       bool            `json:"ok"`
	Doubtful string          `json:"doubtful,omitempty"`
	Millis   float64         `json:"ms,omitempty"`
	// Ruling is what was decided on a request, Refused why it was not made although it was approved.
	Ruling  *tania.Ruling `json:"ruling,omitempty"`
	Refused string        `json:"refused,omitempty"`
}

// resumed is what the model is told that goes on after calls of an earlier attempt.
const resumed = "(These calls were made already for this answer, and what they did stays done: do not ask for it again. Since then the customer may have " +
	"written on or corrected themselves; their messages above are as they read now.)"

// Before implements answer.Toolbox. What an earlier attempt left without a result is found out: by asking again with the same key, or by
// the tool's look-up.
func (b *Box) Before(ctx context.Context) ([]llm.Step, string, error) {
	calls, err := b.o.Journal.Calls(ctx, b.o.Turn)
	if err != nil {
		return nil, "", err
	}
	b.facts = b.o.Facts
	b.facts.Made, b.facts.Looked = append([]tool.Made(nil), b.o.Facts.Made...), nil
	b.facts.Approved, b.facts.Agreed = slices.Clone(b.o.Facts.Approved), slices.Clone(b.o.Facts.Agreed)
	b.acts, b.asks, b.wrote = b.uncalled(), nil, false
	b.pending, b.decided, b.unmade = nil, nil, 0
	b.facts.Now = b.o.Now()
	var steps []llm.Step
	for _, c := range calls {
		var was intent
		var came result
		if err := json.Unmarshal(c.Intent, &was); err != nil {
			return nil, "", fmt.Errorf("once: read the journal: %w", err)
		}
		if was.Ask {
			told, err := b.asked(ctx, c, was, calls)
			if err != nil {
				return nil, "", err
			}
			if told != nil {
				steps = append(steps, llm.Step{Calls: []llm.Done{*told}})
			}
			continue
		}
		if c.Settled {
			err = json.Unmarshal(c.Result, &came)
		} else {
			came, err = b.find(ctx, c.Number, was)
		}
		if err != nil {
			return nil, "", fmt.Errorf("once: %w", err)
		}
		done := b.took(c.Number, was, came)
		if came.Doubtful != "" {
			return nil, "", &DoubtfulError{Tool: was.Tool, Arguments: was.Arguments, Cause: came.Doubtful}
		}
		steps = append(steps, llm.Step{Calls: []llm.Done{done}})
	}
	switch {
	case len(steps) == 0:
		return nil, "", nil
	case b.pending != nil:
		return steps, resumed + "\n" + undecided, nil
	}
	return steps, resumed, nil
}

// uncalled are the acts that the journal does not have: those that were refused.
func (b *Box) uncalled() (refused []tania.Act) {
	for _, a := range b.acts {
		if a.Refused != "" && a.Number == 0 {
			refused = append(refused, a)
		}
	}
	return refused
}

// find finds out what came of a call that an earlier attempt meant to make, and settles it.
func (b *Box) find(ctx context.Context, number int, was intent) (result, error) {
	t := b.tool(was.Tool)
	arguments := map[string]any{}
	err := json.Unmarshal(was.Arguments, &arguments)
	if err != nil {
		return result{}, fmt.Errorf("read the journal: %w", err)
	}
	came := result{Doubtful: "the process ended while it was made"}
	switch {
	case t == nil:
		came.Doubtful = "the process ended while it was made, and the bot no longer has the tool"
	case t.Repeatable():
		came, err = b.make(ctx, t, arguments, number)
	case t.Once.Check != "":
		found, known := b.check(ctx, t, arguments)
		switch {
		case known && found != nil:
			came = result{Value: found, OK: true}
		case known:
			came, err = b.make(ctx, t, arguments, number)
		}
	}
	if err != nil {
		return came, err
	}
	came, err = b.reviewed(ctx, policy.Call{Tool: was.Tool, Arguments: arguments}, came)
	if err != nil {
		return came, err
	}
	return came, b.settle(ctx, number, came)
}

func (b *Box) settle(ctx context.Context, number int, came result) error {
	data, err := json.Marshal(came)
	if err != nil {
		return err
	}
	// What was done is stored although the customer writes on or the time is over.
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer done()
	return b.o.Journal.Settle(ctx, b.o.Turn, number, data)
}

// settleTime bounds the storing of a result.
const settleTime = 10 * time.Second

// check looks whether a write was made. found is nil where it was not; known is false where the look-up does not tell.
func (b *Box) check(ctx context.Context, t *tool.Tool, arguments map[string]any) (found json.RawMessage, known bool) {
	look := b.tool(t.Once.Check)
	caller := b.o.Callers.of(look)
	if caller == nil {
		return nil, false
	}
	o, err := caller.Call(ctx, call.Request{Tool: look, Arguments: arguments})
	switch {
	case err != nil:
		return nil, false
	case !o.OK && o.Status == notFound:
		return nil, true
	case !o.OK:
		return nil, false
	case empty(o.Result):
		return nil, true
	}
	found, err = json.Marshal(o.Result)
	return found, err == nil
}

const notFound = 404

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// make makes a call that the journal has. One that changes something is not given up half-way because the customer writes on. An error
// leaves the call to a later attempt.
func (b *Box) make(ctx context.Context, t *tool.Tool, arguments map[string]any, number int) (result, error) {
	began := b.o.Now()
	if t.Risk.Writes() {
		ctx = context.WithoutCancel(ctx)
	}
	caller := b.o.Callers.of(t)
	if caller == nil {
		return failed("it cannot be called here"), nil
	}
	o, err := caller.Call(ctx, call.Request{Tool: t, Arguments: arguments, Key: Key(b.o.Turn.ID, number)})
	came := result{OK: o.OK, Millis: float64(b.o.Now().Sub(began).Microseconds()) / 1000}
	switch {
	case err == nil:
		came.Value, err = json.Marshal(o.Result)
		if err == nil {
			return came, nil
		}
		return failed("its answer cannot be written"), nil
	case call.Repeats(err) && t.Repeatable():
		return result{}, err
	case !t.Risk.Writes() || !call.MayHaveBeenMade(err):
		return failed(err.Error()), nil
	case t.Once.Check != "":
		if found, known := b.check(ctx, t, arguments); known && found != nil {
			came.Value, came.OK = found, true
			return came, nil
		} else if known {
			return failed(err.Error()), nil
		}
	}
	came.Doubtful, came.OK = err.Error(), false
	return came, nil
}

// failed is the result of a call that is known to have come to nothing.
func failed(why string) result {
	text, err := json.Marshal(map[string]string{"error": why})
	if err != nil {
		text = []byte(`{"error":"unknown"}`)
	}
	return result{Value: text}
}

// Key is what a server knows a call by, however often it is asked.
func Key(turn tania.TurnID, number int) string {
	return "tania-" + string(turn) + "-" + strconv.Itoa(number)
}

func (b *Box) tool(name string) *tool.Tool {
	for i := range b.o.Tools {
		if b.o.Tools[i].Name == name {
			return &b.o.Tools[i]
		}
	}
	return nil
}

// took notes a call with its result: for policy, for the record, and as the model is told it.
func (b *Box) took(number int, was intent, came result) llm.Done {
	made := tool.Made{Tool: was.Tool, OK: came.OK, At: was.At}
	_ = json.Unmarshal(was.Arguments, &made.Arguments) // what was marshalled here
	_ = json.Unmarshal(came.Value, &made.Result)
	b.facts.Made = append(b.facts.Made, made)
	act := tania.Act{
		Turn: b.o.Turn.ID, Number: number, Tool: was.Tool, Arguments: was.Arguments, Result: came.Value, OK: came.OK,
		Doubtful: came.Doubtful != "", Millis: came.Millis, At: was.At,
	}
	if t := b.tool(was.Tool); t == nil || t.Risk.Writes() {
		act.Wrote = true
	}
	for i := range b.decided {
		if d := &b.decided[i]; was.For != 0 && d.Entry == was.For {
			act.Ruling, d.Act = &d.Ruling, &act
		}
	}
	b.acts = append(b.acts, act)
	if t := b.tool(was.Tool); t == nil || t.Risk.Writes() {
		b.wrote = b.wrote || came.OK || came.Doubtful != ""
	}
	return llm.Done{Call: llm.Call{Tool: was.Tool, Arguments: made.Arguments}, Result: string(came.Value)}
}

// errNoTool is given by no call of the model's: policy refuses those.
var errNoTool = errors.New("once: no such tool")
