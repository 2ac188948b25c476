package policy

import (
	"fmt"
	"slices"

	"go.starlark.net/starlark"

	"tania/internal/tool"
)

// Expressions compiles expressions of a procedure, which may name slots.NAME and results.NAME in place of a tool's args.
type Expressions struct{ compiler }

// Expression is one of them, compiled.
type Expression struct {
	expression *expression
	limited    *limited
}

// Expressions gives the compiler for a procedure with such slots and results.
func (p *Policy) Expressions(slots, results []string) *Expressions {
	return &Expressions{compiler{policy: p, limited: &limited{parameters: slots, results: results}}}
}

// Compile compiles an expression; of one that is wrong, what is wrong and how to correct it. A condition has to be true or false.
func (x *Expressions) Compile(source string, condition bool) (*Expression, *tool.Problem) {
	x.problems = nil
	e := x.expression("", source, scope{procedure: true, condition: condition})
	if len(x.problems) > 0 {
		return nil, &x.problems[0]
	}
	return &Expression{expression: e, limited: x.limited}, nil
}

// Known is what a procedure knows when an expression is evaluated. A slot that is not filled is None.
type Known struct{ Slots, Results map[string]any }

// Holds evaluates a condition. Where it needs a read first, it gives that call; an error is a condition that has no value.
func (p *Policy) Holds(x *Expression, k Known, f Facts) (bool, *Call, error) {
	e := &evaluation{policy: p, tool: x.limited, facts: f, call: Call{Arguments: k.Slots}, results: k.Results}
	v, err := e.value(x.expression)
	if err != nil {
		verdict := e.fault(err)
		if verdict.Kind == LookUp {
			return false, &verdict.Call, nil
		}
		return false, nil, err
	}
	switch v {
	case starlark.True:
		return true, nil, nil
	case starlark.False:
		return false, nil, nil
	}
	return false, nil, fmt.Errorf("policy: %s is neither true nor false", x.expression.source)
}

// given are the results that a procedure has; one that there is not yet is None.
func (e *evaluation) given() starlark.Value {
	all := map[string]any{}
	for _, name := range e.tool.results {
		all[name] = e.results[name]
	}
	return object(all)
}

// inScope are the names of a scope that every expression of its kind may use.
func inScope(s scope) []string {
	if !s.procedure {
		return slices.Concat(always, builtins)
	}
	return slices.Concat([]string{"slots", "results"}, always[1:], builtins)
}
