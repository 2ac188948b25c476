// Package masked keeps personal data from a model: a prompt goes out with placeholders, and what comes back has the data in their place,
// in its words and in the arguments of its calls.
package masked

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"tania/internal/answer/llm"
	"tania/internal/pii"
	"tania/internal/pii/placeholder"
	"tania/internal/tania"
)

// New gives a responder that has kinds of personal data hidden from the one it asks.
func New(next llm.Responder, kinds pii.Set) llm.Responder { return responder{next, kinds} }

type responder struct {
	next  llm.Responder
	kinds pii.Set
}

// Respond implements llm.Responder. By the table of ctx a value has one placeholder throughout its conversation.
func (r responder) Respond(ctx context.Context, p llm.Prompt) (llm.Response, error) {
	table := placeholder.From(ctx, r.kinds)
	hidden := hide(table, p)
	a, err := r.next.Respond(ctx, hidden)
	if err != nil {
		return a, err
	}
	made := restore(table, a, p.Tools)
	if len(made.unknown) == 0 {
		return made.Response, nil
	}
	// A placeholder that stands for nothing is no answer: the model is told so, once.
	const wrong = "(You wrote %s, which stands for nothing. Write your reply again without it.)"
	hidden.After = strings.TrimSpace(hidden.After + "\n\n" + fmt.Sprintf(wrong, made.unknown[0]))
	second, err := r.next.Respond(ctx, hidden)
	paid := a.Usage
	if made = restore(table, second, p.Tools); len(made.unknown) > 0 {
		made.Response = withheld(made.Response)
	}
	made.Usage = paid.Add(made.Usage)
	return made.Response, err
}

// withheld is a response that nobody can be told.
func withheld(a llm.Response) llm.Response {
	a.Notes = append(a.Notes, "the model wrote a placeholder that stands for nothing, twice")
	a.Text, a.Known, a.Sources = "", false, nil
	if a.Handoff != nil || len(a.Calls) > 0 {
		a.Calls, a.Handoff = nil, &llm.Handoff{Reason: "the model wrote a placeholder that stands for nothing"}
	}
	return a
}

// hide is a prompt with placeholders. Its system text has no word of a customer. What was found in one place is looked for in all
// others, where nothing around it may say what it is.
func hide(t *placeholder.Table, p llm.Prompt) llm.Prompt {
	before := len(t.Known())
	p = changed(changed(p, t.Mask), t.Cover)
	p.Reading = nil // it is of the text as it was
	if before+len(t.Known()) > 0 {
		p = ruled(p, t)
	}
	return p
}

// changed is a prompt with all texts changed that are not ours.
func changed(p llm.Prompt, change func(string) string) llm.Prompt {
	history := make([]tania.Entry, len(p.History))
	for i, e := range p.History {
		e.Name, e.Text = change(e.Name), change(e.Text)
		history[i] = e
	}
	p.History, p.About, p.Text, p.After = history, change(p.About), change(p.Text), change(p.After)
	steps := make([]llm.Step, len(p.Steps))
	for i, s := range p.Steps {
		for _, c := range s.Calls {
			c.Arguments, _ = each(c.Arguments, change).(map[string]any)
			c.Result = change(c.Result)
			steps[i].Calls = append(steps[i].Calls, c)
		}
	}
	p.Steps = steps
	return p
}

// ruled adds the rule to a prompt's system text, also where that is shortened. A complaint there may quote a reply, and data with it.
func ruled(p llm.Prompt, t *placeholder.Table) llm.Prompt {
	p.System = t.Cover(p.System) + "\n\n" + placeholder.Rule
	if shorter := p.Shorter; shorter != nil {
		p.Shorter = func(share float64) string { return t.Cover(shorter(share)) + "\n\n" + placeholder.Rule }
	}
	return p
}

// restored is a response with the data put back.
type restored struct {
	llm.Response
	unknown []string
}

func restore(t *placeholder.Table, a llm.Response, tools []llm.Tool) restored {
	made := restored{Response: a}
	put := func(text string) string {
		r := t.Restore(text)
		made.Personal = made.Personal || r.Put > 0
		made.unknown = append(made.unknown, r.Unknown...)
		return r.Text
	}
	made.Text = put(a.Text)
	if a.Handoff != nil {
		h := *a.Handoff
		h.Reason = put(h.Reason)
		made.Handoff = &h
	}
	made.Calls = make([]llm.Call, 0, len(a.Calls))
	for _, c := range a.Calls {
		if c.Arguments != nil {
			given, _ := each(c.Arguments, put).(map[string]any)
			c.Arguments = figures(c.Arguments, given, schemaOf(tools, c.Tool))
		}
		made.Calls = append(made.Calls, c)
	}
	if len(a.Calls) == 0 {
		made.Calls = nil
	}
	return made
}

// each is a value of JSON with its texts changed.
func each(v any, change func(string) string) any {
	switch v := v.(type) {
	case string:
		return change(v)
	case map[string]any:
		if v == nil {
			return v
		}
		changed := make(map[string]any, len(v))
		for name, x := range v {
			changed[name] = each(x, change)
		}
		return changed
	case []any:
		changed := make([]any, len(v))
		for i, x := range v {
			changed[i] = each(x, change)
		}
		return changed
	case float64, json.Number:
		// A number may be one of a card or a document too.
		text := strings.Trim(fmt.Sprint(v), `"`)
		if f, ok := v.(float64); ok {
			text = strconv.FormatFloat(f, 'f', -1, 64)
		}
		if masked := change(text); masked != text {
			return masked
		}
	}
	return v
}

// figures has numbers in place of texts that were put back where the tool wants a number.
func figures(before, after map[string]any, types map[string]string) map[string]any {
	for name, v := range after {
		text, ok := v.(string)
		if !ok || text == before[name] || types[name] != "number" && types[name] != "integer" {
			continue
		}
		if n, err := strconv.ParseFloat(strings.NewReplacer(" ", "", "-", "", ".", "").Replace(text), 64); err == nil {
			after[name] = n
		}
	}
	return after
}

// schemaOf are the types of a tool's parameters.
func schemaOf(tools []llm.Tool, name string) map[string]string {
	for _, t := range tools {
		if t.Name != name {
			continue
		}
		var schema struct {
			Properties map[string]struct {
				Type any `json:"type"`
			} `json:"properties"`
		}
		if json.Unmarshal(t.Parameters, &schema) != nil {
			return nil
		}
		types := map[string]string{}
		for name, p := range schema.Properties {
			types[name], _ = p.Type.(string)
		}
		return types
	}
	return nil
}
