// Package policy judges whether a tool may be called now: by the schema of its arguments, who writes, what was called before, and the
// conditions that bot.yaml declares. It does no I/O: what it needs to know and does not, it asks for as a verdict (LookUp).
package policy

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"tania/internal/tool"
)

// Policy is the limits of a bot's tools, compiled. That of a bot without tools may be nil.
type Policy struct {
	tools map[string]*limited
	reads []string
}

// limited is a tool with its limits compiled.
type limited struct {
	tool.Tool
	// schema checks all arguments, shown is what the model is given: without the parameters that code sets.
	schema     *jsonschema.Resolved
	parameters []string
	// open reports whether the parameters are an MCP server's, which is not asked yet: nothing can be called.
	open bool
	// results are the names of those of a procedure.
	results         []string
	facts           map[string]*expression
	require, ensure []condition
	max             []maximum
}

type condition struct {
	*expression
	say string
}

type maximum struct {
	tool.Max
	per *expression
}

// Identities are what a tool may ask for of who writes: nothing, or that somebody vouches for them.
var Identities = []string{"", "none", "verified"}

// New compiles the limits of tools. shared are facts that all tools may name; what is wrong in one is at the place
// "tool_facts.NAME", which is no tool's.
func New(tools []tool.Tool, shared map[string]string) (*Policy, []tool.Problem) {
	p := &Policy{tools: map[string]*limited{}}
	var problems []tool.Problem
	for _, t := range tools {
		p.tools[t.Name] = &limited{Tool: t}
		if t.Risk == tool.Read && isName(t.Name) {
			p.reads = append(p.reads, t.Name)
		}
	}
	slices.Sort(p.reads)
	for _, t := range tools {
		c := compiler{policy: p, limited: p.tools[t.Name], at: t.Name}
		c.compile(shared)
		for _, problem := range c.problems {
			if !slices.Contains(problems, problem) { // one of a shared fact, which another tool has too
				problems = append(problems, problem)
			}
		}
	}
	return p, problems
}

func (p *Policy) find(name string) (*limited, bool) {
	if p == nil {
		return nil, false
	}
	t, known := p.tools[name]
	return t, known
}

type compiler struct {
	policy   *Policy
	limited  *limited
	at       string
	problems []tool.Problem
}

// sharedFacts are where the facts of all tools are declared.
const sharedFacts = "tool_facts."

func (c *compiler) bad(path, text, fix string) {
	if strings.HasPrefix(path, sharedFacts) {
		c.problems = append(c.problems, tool.Problem{Path: path, Text: text, Fix: fix})
		return
	}
	c.problems = append(c.problems, tool.Problem{Path: c.at + path, Text: text, Fix: fix})
}

func (c *compiler) compile(shared map[string]string) {
	t := c.limited
	c.schema()
	c.facts(shared)
	t.require = c.conditions("require", t.Limits.Require, false)
	t.ensure = c.conditions("ensure", t.Limits.Ensure, true)
	for i, name := range t.Limits.After {
		c.tool(fmt.Sprintf(".after[%d]", i), name)
	}
	for i, m := range t.Limits.Max {
		path := fmt.Sprintf(".max[%d]", i)
		one := maximum{Max: m}
		if m.Count < 1 {
			c.bad(path+".count", fmt.Sprintf("is %d", m.Count), "write 1 or more")
		}
		if m.Per != "" {
			one.per = c.expression(path+".per", m.Per, scope{args: true, alone: true})
		}
		for j, name := range m.Among {
			c.tool(fmt.Sprintf("%s.among[%d]", path, j), name)
		}
		if len(m.Among) == 0 {
			one.Among = []string{t.Name}
		}
		t.max = append(t.max, one)
	}
	for parameter, source := range t.Limits.FromContact {
		path := ".from_contact." + parameter
		if !t.open && !slices.Contains(t.parameters, parameter) {
			c.bad(path, "is no parameter of the tool", "write one of "+strings.Join(t.parameters, ", "))
		}
		if field, ok := strings.CutPrefix(source, "contact."); !ok || !slices.Contains(contactFields, strings.SplitN(field, ".", 2)[0]) {
			c.bad(path, fmt.Sprintf("%q is nothing that is known of a contact", source), "write contact.identifier, contact.email, "+
				"contact.phone_number, contact.id, contact.name, or contact.custom.NAME")
		}
	}
	if !slices.Contains(Identities, t.Limits.Identity) {
		c.bad(".identity", fmt.Sprintf("%q is no identity", t.Limits.Identity), "write verified or none")
	}
	for key, n := range map[string]int{".per_conversation": t.Limits.PerConversation, ".per_day": t.Limits.PerDay} {
		if n < 0 {
			c.bad(key, fmt.Sprintf("is %d", n), "write 1 or more, or leave it out for no limit")
		}
	}
	slices.SortFunc(c.problems, func(a, b tool.Problem) int { return strings.Compare(a.Path, b.Path) })
}

func (c *compiler) tool(path, name string) {
	if _, known := c.policy.tools[name]; !known {
		c.bad(path, fmt.Sprintf("%q is no tool", name), "write one of "+strings.Join(slices.Sorted(maps.Keys(c.policy.tools)), ", "))
	}
}

// schema reads the schema of the parameters: an object, which takes no others.
func (c *compiler) schema() {
	t := c.limited
	source := t.Parameters
	if t.open = t.MCP != nil && len(source) == 0; t.open {
		return
	}
	if len(source) == 0 {
		source = json.RawMessage(`{"type":"object","properties":{}}`)
	}
	var s jsonschema.Schema
	if err := json.Unmarshal(source, &s); err != nil {
		c.bad(".parameters", "is no JSON schema: "+err.Error(), "write the schema of an object")
		return
	}
	if s.Type != "object" {
		c.bad(".parameters", "is no schema of an object", "write type: object, with properties")
		return
	}
	if s.AdditionalProperties == nil {
		s.AdditionalProperties = &jsonschema.Schema{Not: &jsonschema.Schema{}}
	}
	t.parameters = slices.Sorted(maps.Keys(s.Properties))
	resolved, err := s.Resolve(nil)
	if err != nil {
		c.bad(".parameters", "is no JSON schema: "+err.Error(), "correct it; references must stay within the schema")
		return
	}
	t.schema = resolved
}

// facts compiles the tool's facts and the shared ones; the tool's own go first.
func (c *compiler) facts(shared map[string]string) {
	t := c.limited
	all := maps.Clone(shared)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, t.Limits.Facts)
	t.facts = map[string]*expression{}
	for name := range all {
		t.facts[name] = nil
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		path := sharedFacts + name
		_, own := t.Limits.Facts[name]
		if own {
			path = ".facts." + name
		}
		if !isName(name) || slices.Contains(reserved, name) || slices.Contains(c.policy.reads, name) {
			c.bad(path, "cannot be the name of a fact", "write another name, of small letters and _, that is no tool's")
			continue
		}
		// A shared fact may name a parameter that only some tools have; those that do not have it cannot name the fact.
		t.facts[name] = c.expression(path, all[name], scope{args: true, anyArgument: !own})
	}
	for _, name := range slices.Sorted(maps.Keys(t.facts)) {
		if c.circular(name, nil) {
			c.bad(".facts."+name, "needs itself", "write facts that lead to one another without a circle")
			t.facts[name] = nil
		}
	}
}

func (c *compiler) circular(name string, above []string) bool {
	if slices.Contains(above, name) {
		return true
	}
	e := c.limited.facts[name]
	return e != nil && slices.ContainsFunc(e.facts, func(f string) bool { return c.circular(f, append(above, name)) })
}

func (c *compiler) conditions(key string, list []tool.Condition, result bool) []condition {
	var compiled []condition
	for i, one := range list {
		path := fmt.Sprintf(".%s[%d]", key, i)
		e := c.expression(path, one.If, scope{args: true, result: result, condition: true})
		if e == nil {
			continue
		}
		compiled = append(compiled, condition{expression: e, say: one.Say})
	}
	return compiled
}

// Shown is the schema of a tool's parameters as the model is given it: without those that code sets.
func (p *Policy) Shown(name string) json.RawMessage {
	t, known := p.find(name)
	if !known || len(t.Limits.FromContact) == 0 {
		if known {
			return t.Parameters
		}
		return nil
	}
	var s map[string]any
	if json.Unmarshal(t.Parameters, &s) != nil {
		return nil
	}
	properties, _ := s["properties"].(map[string]any)
	required, _ := s["required"].([]any)
	for parameter := range t.Limits.FromContact {
		delete(properties, parameter)
		required = slices.DeleteFunc(required, func(r any) bool { return r == parameter })
	}
	if s["required"] != nil {
		s["required"] = required
	}
	written, err := json.Marshal(s)
	if err != nil {
		return nil
	}
	return written
}
