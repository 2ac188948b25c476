package policy

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"tania/internal/tool"
)

// mostLooks bounds what is looked up to judge the calls of a turn.
const mostLooks = 60

// Judge says what is to be done with a call that the model asks for. It depends on nothing but its arguments: the same call with the same
// facts has the same verdict.
func (p *Policy) Judge(call Call, f Facts) Verdict {
	t, known := p.find(call.Tool)
	if !known || t.schema == nil {
		return refuse(UnknownTool, fmt.Sprintf("There is no tool %s.", call.Tool))
	}
	e := &evaluation{policy: p, tool: t, facts: f}
	var missing string
	if e.call, missing = t.complete(call, f.Contact); missing != "" {
		return refuse(Identity, fmt.Sprintf("%s is set by what is known of the customer, and that is not known for certain.", missing))
	}
	for _, rule := range []func(*evaluation) Verdict{
		arguments, identity, after, often, most, required, agreed, approved,
	} {
		if v := rule(e); v.Kind != Allow {
			return v
		}
	}
	return Verdict{Kind: Allow, Call: e.call}
}

// Review says whether the model may be given what a call came to: Allow, Refuse, or LookUp for what has to be known first.
func (p *Policy) Review(call Call, result any, f Facts) Verdict {
	t, known := p.find(call.Tool)
	if !known {
		return refuse(UnknownTool, fmt.Sprintf("There is no tool %s.", call.Tool))
	}
	e := &evaluation{policy: p, tool: t, facts: f, call: call, result: result, reviewing: true}
	if v := e.conditions(t.ensure, Ensure); v.Kind != Allow {
		return v
	}
	return Verdict{Kind: Allow, Call: call}
}

// complete sets the parameters that come from the contact, whatever the model wrote; it names one that is not known.
func (t *limited) complete(call Call, c Contact) (Call, string) {
	arguments := map[string]any{}
	maps.Copy(arguments, call.Arguments)
	for _, parameter := range slices.Sorted(maps.Keys(t.Limits.FromContact)) {
		v, ok := c.field(t.Limits.FromContact[parameter])
		if !ok {
			return Call{}, parameter
		}
		arguments[parameter] = v
	}
	return Call{Tool: call.Tool, Arguments: arguments}, ""
}

var allow = Verdict{Kind: Allow}

func arguments(e *evaluation) Verdict {
	if err := e.tool.schema.Validate(e.call.Arguments); err != nil {
		return refuse(Arguments, shortened(fmt.Sprintf("The arguments are not those of %s: %v", e.tool.Name, err)))
	}
	return allow
}

// shortened bounds what the model is told of arguments, which are as long as it likes.
func shortened(s string) string {
	const most = 400
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

func identity(e *evaluation) Verdict {
	if e.tool.Limits.Identity == "verified" && !e.facts.Contact.Verified {
		return refuse(Identity, "It is not certain who writes, so nothing personal may be done or told. Say so, and offer a colleague.")
	}
	return allow
}

func after(e *evaluation) Verdict {
	for _, name := range e.tool.Limits.After {
		if !slices.ContainsFunc(e.facts.Made, func(m tool.Made) bool { return m.Tool == name && m.OK }) {
			return refuse(After, fmt.Sprintf("Call %s first.", name))
		}
	}
	return allow
}

// often counts every call, also those that failed: trying is what it bounds.
func often(e *evaluation) Verdict {
	made := 0
	for _, m := range e.facts.Made {
		if m.Tool == e.tool.Name {
			made++
		}
	}
	switch l := e.tool.Limits; {
	case l.PerConversation > 0 && made >= l.PerConversation:
		return refuse(PerConversation, fmt.Sprintf("%s was called as often as it may be in a conversation.", e.tool.Name))
	case l.PerDay > 0 && e.facts.Today[e.tool.Name] >= l.PerDay:
		return refuse(PerDay, fmt.Sprintf("%s was called as often as it may be for a customer in a day.", e.tool.Name))
	default:
		return allow
	}
}

func most(e *evaluation) Verdict {
	for _, m := range e.tool.max {
		of := starlark.Value(starlark.None)
		if m.per != nil {
			var err error
			if of, err = e.value(m.per); err != nil {
				return e.fault(err)
			}
		}
		made := 0
		for _, earlier := range e.facts.Made {
			if earlier.OK && slices.Contains(m.Among, earlier.Tool) && e.sameAs(earlier, m.per, of) {
				made++
			}
		}
		if made >= m.Count {
			return refuse(Most, fmt.Sprintf("%s was done already, and may be done %d time(s) for this.", e.tool.Name, m.Count))
		}
	}
	return allow
}

// sameAs reports whether an earlier call was for the same thing. One of which that cannot be told counts as such.
func (e *evaluation) sameAs(earlier tool.Made, per *expression, of starlark.Value) bool {
	if per == nil {
		return true
	}
	then := &evaluation{policy: e.policy, tool: e.tool, facts: e.facts, call: Call{Tool: earlier.Tool, Arguments: earlier.Arguments}}
	what, err := then.value(per)
	if err != nil {
		return true
	}
	same, err := starlark.Equal(what, of)
	return err != nil || same
}

func required(e *evaluation) Verdict { return e.conditions(e.tool.require, Require) }

func agreed(e *evaluation) Verdict {
	if !e.tool.Limits.Confirm || e.consented(e.facts.Agreed) {
		return allow
	}
	return Verdict{Kind: Confirm, Call: e.call, Text: "Not yet: say to the customer exactly what will be done and ask whether they want it. " +
		"When they have said yes, in a message of their own, call the tool again with the same arguments."}
}

func approved(e *evaluation) Verdict {
	if e.tool.Risk != tool.Approve || e.consented(e.facts.Approved) {
		return allow
	}
	const wait = "Somebody of the team has to approve this first. Tell the customer that it is being looked at."
	return Verdict{Kind: Approve, Call: e.call, Text: wait}
}

// consented reports whether a word was given to exactly this call that no call has used up since.
func (e *evaluation) consented(list []Consent) bool {
	digest := e.call.Digest()
	for _, c := range list {
		used := func(m tool.Made) bool {
			return m.OK && m.At.After(c.At) && Call{Tool: m.Tool, Arguments: m.Arguments}.Digest() == digest
		}
		if c.Digest == digest && !slices.ContainsFunc(e.facts.Made, used) {
			return true
		}
	}
	return false
}

func (e *evaluation) conditions(list []condition, why Reason) Verdict {
	for _, c := range list {
		v, err := e.value(c.expression)
		if err != nil {
			return e.fault(err)
		}
		switch v {
		case starlark.True:
		case starlark.False:
			say := c.say
			if say == "" {
				say = "This is not allowed here: " + c.source
			}
			return refuse(why, say)
		default:
			return e.unclear(c.source + " is neither true nor false")
		}
	}
	return allow
}

// fault is the verdict where an expression has no value: something has to be looked up first, or it cannot be told.
func (e *evaluation) fault(err error) Verdict {
	if need, ok := errors.AsType[*lookUp](err); ok {
		return Verdict{Kind: LookUp, Call: need.call}
	}
	return e.unclear(err.Error())
}

func (e *evaluation) unclear(detail string) Verdict {
	v := refuse(Fault, "It could not be checked whether this is allowed, so it is not. Say so, and offer a colleague.")
	v.Detail = detail
	return v
}
