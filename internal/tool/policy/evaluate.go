package policy

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"go.starlark.net/starlark"

	"tania/internal/tool"
)

// evaluation is a call with what its expressions may look at.
type evaluation struct {
	policy    *Policy
	tool      *limited
	call      Call
	facts     Facts
	result    any
	results   map[string]any
	reviewing bool
	// found are the facts that have been evaluated.
	found map[string]starlark.Value
}

// lookUp is a call that has to be made before an expression has a value.
type lookUp struct{ call Call }

func (l *lookUp) Error() string { return "not known yet: " + l.call.Tool }

// value evaluates an expression, in a bounded number of steps.
func (e *evaluation) value(x *expression) (starlark.Value, error) {
	if x == nil {
		return nil, fmt.Errorf("the expression is not valid")
	}
	values := make(starlark.Tuple, len(x.names))
	for i, name := range x.names {
		v, err := e.name(name)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	thread := &starlark.Thread{Print: silent}
	thread.SetMaxExecutionSteps(steps)
	return starlark.Call(thread, x.compiled, values, nil)
}

func (e *evaluation) name(name string) (starlark.Value, error) {
	switch name {
	case "args", "slots":
		return e.arguments(), nil
	case "results":
		return e.given(), nil
	case "contact":
		return e.facts.Contact.object(), nil
	case "now":
		return starlark.String(e.facts.Now.UTC().Format(time.RFC3339)), nil
	case "result":
		return value(e.result), nil
	case "calls":
		return e.made(e.facts.Made), nil
	case "made":
		return builtin(name, e.madeOf), nil
	case "days_since":
		return builtin(name, e.daysSince), nil
	}
	if f, is := pure[name]; is {
		return builtin(name, f), nil
	}
	if x, is := e.tool.facts[name]; is {
		return e.fact(name, x)
	}
	return builtin(name, e.read(name)), nil
}

func (e *evaluation) fact(name string, x *expression) (starlark.Value, error) {
	if v, have := e.found[name]; have {
		return v, nil
	}
	v, err := e.value(x)
	if err != nil {
		return nil, err
	}
	v.Freeze()
	if e.found == nil {
		e.found = map[string]starlark.Value{}
	}
	e.found[name] = v
	return v, nil
}

// arguments are those of the call; a parameter that was left out is None.
func (e *evaluation) arguments() starlark.Value {
	all := map[string]any{}
	for _, parameter := range e.tool.parameters {
		all[parameter] = nil
	}
	maps.Copy(all, e.call.Arguments)
	return object(all)
}

// object is the contact in expressions. What is stored of somebody of whom it is not certain that they write is None.
func (c Contact) object() starlark.Value {
	all := map[string]any{"verified": c.Verified}
	for _, name := range contactFields {
		if name != "verified" {
			all[name], _ = c.field("contact." + name)
		}
	}
	return object(all)
}

// field gives what is known of the contact for certain, by its name in bot.yaml; false for what is not known.
func (c Contact) field(source string) (any, bool) {
	name, _ := strings.CutPrefix(source, "contact.")
	if !c.Verified {
		return nil, false
	}
	if key, custom := strings.CutPrefix(name, "custom."); custom {
		v, ok := c.Custom[key]
		return v, ok && v != nil && v != ""
	}
	var text string
	switch name {
	case "id":
		return float64(c.ID), c.ID != 0
	case "custom":
		return c.Custom, c.Custom != nil
	case "name":
		text = c.Name
	case "email":
		text = c.Email
	case "phone_number":
		text = c.Phone
	case "identifier":
		text = c.Identifier
	}
	if text == "" {
		return nil, false
	}
	return text, true
}

// function is a function of expressions.
type function func(args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error)

func builtin(name string, f function) starlark.Value {
	type values = starlark.Tuple
	return starlark.NewBuiltin(name, func(_ *starlark.Thread, _ *starlark.Builtin, args values, named []values) (starlark.Value, error) {
		return f(args, named)
	})
}

// read gives what a tool that reads said in this turn, after the last write; else the tool has to be called first.
func (e *evaluation) read(name string) function {
	return func(args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
		call := Call{Tool: name, Arguments: map[string]any{}}
		if len(args) > 0 {
			return nil, fmt.Errorf("%s: name the arguments", name)
		}
		for _, pair := range named {
			key, _ := starlark.AsString(pair[0])
			v, ok := plain(pair[1])
			if !ok {
				return nil, fmt.Errorf("%s: %s cannot be given to a tool", name, key)
			}
			call.Arguments[key] = v
		}
		t := e.policy.tools[name]
		call, missing := t.complete(call, e.facts.Contact)
		if missing != "" {
			return nil, fmt.Errorf("%s: %s is not known", name, missing)
		}
		if t.schema == nil || t.schema.Validate(call.Arguments) != nil {
			return nil, fmt.Errorf("%s: the arguments are not those of the tool", name)
		}
		if m, ok := e.known(call); ok {
			if !m.OK {
				return nil, fmt.Errorf("%s did not succeed", name)
			}
			return value(m.Result), nil
		}
		if len(e.facts.Looked) >= mostLooks {
			return nil, fmt.Errorf("too much would have to be looked up")
		}
		return nil, &lookUp{call}
	}
}

// known finds a read that was made for this judgement already, or that the model made in this turn, if nothing was written since.
func (e *evaluation) known(call Call) (tool.Made, bool) {
	digest, wrote := call.Digest(), e.wrote()
	begin := e.facts.Turn
	if wrote.After(begin) {
		begin = wrote
	}
	for _, from := range []struct {
		list  []tool.Made
		since time.Time
	}{{e.facts.Looked, wrote}, {e.facts.Made, begin}} {
		for _, m := range slices.Backward(from.list) {
			if m.Tool == call.Tool && !m.At.Before(from.since) && (Call{Tool: m.Tool, Arguments: m.Arguments}).Digest() == digest {
				return m, true
			}
		}
	}
	return tool.Made{}, false
}

// wrote is when something was written last. A time to come is that of an earlier turn, by the clock of a process that is ahead: waiting for
// it would have every look-up look old.
func (e *evaluation) wrote() (last time.Time) {
	for _, m := range e.facts.Made {
		t, is := e.policy.tools[m.Tool]
		if writes := !is || t.Risk != tool.Read; writes && m.At.After(last) && !m.At.After(e.facts.Now) {
			last = m.At
		}
	}
	return last
}

func (e *evaluation) made(list []tool.Made) starlark.Value {
	var all []any
	for _, m := range list {
		all = append(all, map[string]any{"tool": m.Tool, "args": m.Arguments, "result": m.Result, "ok": m.OK})
	}
	return value(all)
}

// madeOf gives the calls of some tools that succeeded: made("get_order", "find_order").
func (e *evaluation) madeOf(args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	var some []tool.Made
	for _, m := range e.facts.Made {
		if m.OK && slices.Contains([]starlark.Value(args), starlark.Value(starlark.String(m.Tool))) {
			some = append(some, m)
		}
	}
	return e.made(some), nil
}

// daysSince gives the days since a time, "2026-11-29" or as RFC 3339 has it.
func (e *evaluation) daysSince(args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) != 1 {
		return nil, fmt.Errorf("days_since: give one time")
	}
	text, _ := starlark.AsString(args[0])
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return starlark.Float(e.facts.Now.Sub(t).Hours() / 24), nil
		}
	}
	return nil, fmt.Errorf("days_since: %q is no time", text)
}

// pure are the functions that need to know nothing of a call.
var pure = map[string]function{
	"keys":   func(args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) { return each(args, 0) },
	"values": func(args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) { return each(args, 1) },
	"count":  count,
	"range":  span,
	"round":  round,
	"sum":    sum,
}

func each(args starlark.Tuple, side int) (starlark.Value, error) {
	if len(args) != 1 {
		return nil, fmt.Errorf("give one object")
	}
	o, ok := args[0].(object)
	if !ok {
		return nil, fmt.Errorf("%s is no object", args[0].Type())
	}
	var list []starlark.Value
	for _, item := range o.Items() {
		list = append(list, item[side])
	}
	return starlark.NewList(list), nil
}

// longestSpan bounds range: what runs through one in a function of the language counts as one step.
const longestSpan = 10_000

// span is the language's range, bounded.
func span(args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
	r, err := starlark.Call(&starlark.Thread{}, starlark.Universe["range"], args, named)
	if err != nil {
		return nil, err
	}
	if n := starlark.Len(r); n > longestSpan {
		return nil, fmt.Errorf("range: %d is more than %d", n, longestSpan)
	}
	return r, nil
}

// count gives how often something is in a list.
func count(args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) != 2 {
		return nil, fmt.Errorf("count: give a list and what to count")
	}
	list, ok := args[0].(starlark.Indexable)
	if !ok {
		return nil, fmt.Errorf("count: %s is no list", args[0].Type())
	}
	n := 0
	for i := range list.Len() {
		same, err := starlark.Equal(list.Index(i), args[1])
		if err != nil {
			return nil, err
		}
		if same {
			n++
		}
	}
	return starlark.MakeInt(n), nil
}

func sum(args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) != 1 {
		return nil, fmt.Errorf("sum: give one list")
	}
	list, ok := args[0].(starlark.Indexable)
	if !ok {
		return nil, fmt.Errorf("sum: %s is no list", args[0].Type())
	}
	total := 0.0
	for i := range list.Len() {
		f, ok := starlark.AsFloat(list.Index(i))
		if !ok {
			return nil, fmt.Errorf("sum: %s is no number", list.Index(i).Type())
		}
		total += f
	}
	return number(total), nil
}

// round rounds to a number of digits behind the point, 0 without one.
func round(args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) < 1 || len(args) > 2 {
		return nil, fmt.Errorf("round: give a number and how many digits")
	}
	f, ok := starlark.AsFloat(args[0])
	digits := 0
	if ok && len(args) == 2 {
		n, err := starlark.AsInt32(args[1])
		if ok = err == nil && n >= 0 && n <= 9; ok {
			digits = n
		}
	}
	if !ok {
		return nil, fmt.Errorf("round: give a number and how many digits, 0 to 9")
	}
	scale := math.Pow(10, float64(digits))
	return number(math.Round(f*scale) / scale), nil
}
