package procedure

import (
	"encoding/json"
	"slices"
	"strings"

	"tania/internal/tania"
	"tania/internal/words"
)

// Wanted is what a model that reads a message is told of a procedure: what it is for, and the slots that it may quote the customer's words
// for.
type Wanted struct {
	Description string
	// Parameters are a JSON schema of an object.
	Parameters json.RawMessage
}

// quotable reports whether a model may quote words for a slot. A yes, a no and a picture it may not: they are the customer's own.
func (s *slot) quotable() bool { return s.sort != sortYesNo && s.sort != sortPhoto }

// Wanted describes the procedure to a model, to begin it or, where a step's question is open, to go on with it.
func (p *Procedure) Wanted(state *tania.Procedure) Wanted {
	properties := map[string]any{}
	for _, s := range p.slots {
		switch {
		case s.sort == sortChoice:
			properties[s.name] = map[string]any{"type": "string", "description": s.described(p.own), "enum": s.ids()}
		case s.quotable():
			properties[s.name] = map[string]any{"type": "string", "description": s.described(p.own)}
		}
	}
	const quote = " For each value that the customer gave, quote their own words exactly as they stand in the message, or say which of the things to " +
		"choose they mean; leave out what they did not say."
	w := Wanted{Description: "Begins: " + p.Declared.About + " Call it where the customer wants this done, not where they only ask about it." + quote}
	if state != nil {
		w.Description = "The customer is in the middle of this: " + p.Declared.About + " Call it where their message answers the question that they were " +
			"asked last, or corrects what they said before; where they ask something else, answer that instead." + quote
	}
	data, err := json.Marshal(map[string]any{"type": "object", "properties": properties})
	if err == nil {
		w.Parameters = data
	}
	return w
}

func (s *slot) ids() (list []string) {
	for i := range s.options {
		list = append(list, s.options[i].id)
	}
	return list
}

// described is a slot for a model: its question, and what can be chosen.
func (s *slot) described(own tania.Language) string {
	text := "What was said to: " + s.ask.In(own, own)
	var titles []string
	for i := range s.options {
		titles = append(titles, s.options[i].id+": "+s.options[i].title.In(own, own))
	}
	if len(titles) > 0 {
		text += " (" + strings.Join(titles, ", ") + ")"
	}
	return text
}

// Quoted fills slots with what a model gives for them: words that have to stand in a message, which are read and bounded as what the
// customer says is, or one of the options. It gives how many were filled, or filled anew.
func (p *Procedure) Quoted(state *tania.Procedure, messages []Message, quotes map[string]string, t Turn) (filled int) {
	w := t.when(p.own)
	if state.Wrote() {
		return 0
	}
	for _, s := range p.slots {
		v, message, ok := s.quoted(strings.TrimSpace(quotes[s.name]), messages, w)
		if have := state.Slot(s.name); !ok || have != nil && have.Value == v.value {
			continue
		}
		state.Fill(tania.Filled{Slot: s.name, Value: v.value, Shown: v.shown, Message: message})
		filled++
	}
	if filled > 0 {
		state.Turn, state.At = t.ID, t.Now.UTC()
	}
	return filled
}

// quoted reads what a model gives for a slot: one of the options, or words that stand in a message.
func (s *slot) quoted(quote string, messages []Message, w when) (v value, from tania.MessageID, ok bool) {
	if i := slices.Index(s.ids(), quote); i >= 0 && len(messages) > 0 {
		return value{quote, s.titles(w)[i]}, messages[len(messages)-1].ID, true
	}
	i := slices.IndexFunc(messages, func(m Message) bool { return quote != "" && contains(m.Text, quote) })
	if i < 0 || !s.quotable() {
		return v, 0, false
	}
	text := readText(quote)
	found := s.read(&text, w, true)
	if len(found) != 1 || s.refused(found[0], w) != "" {
		return v, 0, false
	}
	return found[0], messages[i].ID, true
}

// contains reports whether a text has a quotation as whole words, however its letters and spaces are.
func contains(text, quote string) bool {
	plain := func(s string) string { return " " + strings.Join(strings.Fields(words.Fold(s)), " ") + " " }
	have, want := plain(text), strings.TrimSpace(plain(quote))
	at := strings.Index(have, want)
	return at >= 0 && want != "" && alone(have, at, at+len(want))
}
