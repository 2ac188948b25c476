package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"tania/internal/setting"
)

// steps bounds an evaluation: a look at each of a thousand items is a few thousand.
const steps = 100_000

// longest is how long an expression may be, in bytes.
const longest = 2000

// expression is a Starlark expression (https://github.com/bazelbuild/starlark/blob/master/spec.md), compiled to a function of names.
type expression struct {
	source string
	// names are the function's parameters, facts those of them that are facts.
	names, facts []string
	compiled     *starlark.Function
}

// scope is which names an expression may use beside what all may.
type scope struct {
	args, result bool
	// anyArgument allows args.x for an x that the tool does not have.
	anyArgument bool
	// condition asks for a value that is true or false.
	condition bool
	// alone is without facts and look-ups.
	alone bool
	// procedure has slots and results in place of args.
	procedure bool
}

// always are the names that every expression may use; builtins are functions of ours, universal those of the language.
var (
	always    = []string{"args", "contact", "calls", "now"}
	builtins  = []string{"count", "days_since", "keys", "made", "range", "round", "sum", "values"}
	universal = []string{
		"None", "True", "False", "abs", "all", "any", "bool", "dict", "enumerate", "float", "getattr", "hasattr", "int", "len", "list",
		"max", "min", "reversed", "sorted", "str", "tuple", "type", "zip",
	}
	reserved = slices.Concat(always, builtins, universal, []string{"result"})
)

// contactFields are the fields of contact.
var contactFields = []string{"id", "name", "email", "phone_number", "identifier", "custom", "verified"}

var options = &syntax.FileOptions{}

func isName(s string) bool {
	_, err := options.ParseExpr("", s, 0)
	return err == nil && s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// expression compiles; nil where something is wrong, which is among the problems then.
func (c *compiler) expression(path, source string, s scope) *expression {
	fix := "write an expression like args.amount <= 500 (docs/tools.md)"
	if strings.TrimSpace(source) == "" || len(source) > longest {
		c.bad(path, fmt.Sprintf("is empty or longer than %d characters", longest), fix)
		return nil
	}
	parsed, err := options.ParseExpr("", source, 0)
	if err != nil {
		c.bad(path, "is no expression: "+plainError(err), fix)
		return nil
	}
	known := c.known(s)
	names := map[string]bool{}
	_, err = resolve.ExprOptions(options, parsed, func(name string) bool {
		names[name] = true
		return slices.Contains(known, name)
	}, func(name string) bool { return slices.Contains(universal, name) })
	if err != nil {
		c.undefined(path, err, known)
		return nil
	}
	if !c.sound(path, parsed, s) {
		return nil
	}
	e := &expression{source: source}
	for _, name := range known {
		if !names[name] {
			continue
		}
		e.names = append(e.names, name)
		if _, is := c.limited.facts[name]; is {
			e.facts = append(e.facts, name)
		}
	}
	function := "lambda " + strings.Join(e.names, ", ") + ": (" + source + "\n)"
	made, err := starlark.EvalOptions(options, &starlark.Thread{Print: silent}, "", function, nil)
	if err != nil {
		c.bad(path, "is no expression: "+plainError(err), fix)
		return nil
	}
	made.Freeze()
	e.compiled, _ = made.(*starlark.Function)
	return e
}

func silent(*starlark.Thread, string) {}

// known are the names of a scope.
func (c *compiler) known(s scope) []string {
	known := inScope(s)
	if s.result {
		known = append(known, "result")
	}
	if s.alone {
		return known
	}
	known = append(known, c.policy.reads...)
	for name := range c.limited.facts {
		known = append(known, name)
	}
	slices.Sort(known)
	return known
}

func (c *compiler) undefined(path string, err error, known []string) {
	text, fix := plainError(err), "write one of "+strings.Join(known, ", ")
	if name, ok := strings.CutPrefix(text, "undefined: "); ok {
		name, _, _ = strings.Cut(name, " ")
		text = fmt.Sprintf("names %q, which is not known here", name)
		if meant := setting.Nearest(name, known); meant != "" {
			fix = fmt.Sprintf("did you mean %s?", meant)
		}
	}
	c.bad(path, text, fix)
}

// plainError is an error of the language without the place in a file that there is not.
func plainError(err error) string {
	if e, ok := errors.AsType[syntax.Error](err); ok {
		return e.Msg
	}
	if e, ok := errors.AsType[resolve.ErrorList](err); ok && len(e) > 0 {
		return e[0].Msg
	}
	return err.Error()
}

// sound checks what the language itself does not: names of arguments, fields and tools, and that a condition is one.
func (c *compiler) sound(path string, parsed syntax.Expr, s scope) bool {
	before := len(c.problems)
	syntax.Walk(parsed, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.DotExpr:
			of, ok := n.X.(*syntax.Ident)
			field := n.Name.Name
			switch {
			case ok && of.Name == "args" && !s.anyArgument && !c.limited.open && !slices.Contains(c.limited.parameters, field):
				c.bad(path, fmt.Sprintf("names args.%s, which is no parameter of the tool", field), nearest(field, "args.", c.limited.parameters))
			case ok && of.Name == "slots" && s.procedure && !slices.Contains(c.limited.parameters, field):
				c.bad(path, fmt.Sprintf("names slots.%s, which is no slot of the procedure", field), nearest(field, "slots.", c.limited.parameters))
			case ok && of.Name == "results" && s.procedure && !slices.Contains(c.limited.results, field):
				c.bad(path, fmt.Sprintf("names results.%s, which no step of the procedure gives", field), nearest(field, "results.", c.limited.results))
			case ok && of.Name == "contact" && !slices.Contains(contactFields, field):
				c.bad(path, fmt.Sprintf("names contact.%s, which is not known of a contact", field), nearest(field, "contact.", contactFields))
			}
		case *syntax.CallExpr:
			if of, ok := n.Fn.(*syntax.Ident); ok && of.Name == "made" {
				for _, a := range n.Args {
					if name, ok := a.(*syntax.Literal); ok && name.Token == syntax.STRING {
						c.tool(path, name.Value.(string))
					}
				}
			}
		}
		return true
	})
	if s.condition && !yesOrNo(parsed) {
		c.bad(path, "is neither true nor false", "compare it with something: args.amount <= 500")
	}
	return len(c.problems) == before
}

func nearest(name, prefix string, all []string) string {
	if meant := setting.Nearest(name, all); meant != "" {
		return "did you mean " + prefix + meant + "?"
	}
	if len(all) == 0 {
		return "there is none"
	}
	return "write one of " + prefix + strings.Join(all, ", "+prefix)
}

// yesOrNo reports whether the value of an expression may be true or false, as far as its form tells.
func yesOrNo(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.ParenExpr:
		return yesOrNo(e.X)
	case *syntax.UnaryExpr:
		return e.Op == syntax.NOT
	case *syntax.BinaryExpr:
		switch e.Op {
		case syntax.AND, syntax.OR:
			return yesOrNo(e.X) && yesOrNo(e.Y)
		case syntax.EQL, syntax.NEQ, syntax.LT, syntax.GT, syntax.LE, syntax.GE, syntax.IN, syntax.NOT_IN:
			return true
		}
		return false
	case *syntax.CondExpr:
		return yesOrNo(e.True) && yesOrNo(e.False)
	case *syntax.CallExpr:
		f, ok := e.Fn.(*syntax.Ident)
		return !ok || slices.Contains([]string{"all", "any", "bool", "hasattr"}, f.Name)
	case *syntax.Ident, *syntax.DotExpr, *syntax.IndexExpr:
		return true // a fact, a field: known when it is evaluated
	default:
		return false
	}
}
