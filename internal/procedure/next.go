package procedure

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"

	"tania/internal/tania"
	"tania/internal/tool/policy"
)

// Does is what is to be done next, from a closed set.
type Does int

// What is done next.
const (
	// Asks: the customer is told Text, with Options to be picked.
	Asks Does = iota + 1
	// Calls: Call is made, and Came told with Gave.
	Calls
	// Looks: Call, a read, is made and put among the facts; it is no step of the procedure.
	Looks
	// Ends: the procedure is over; the customer is told Text.
	Ends
	// GivesUp: it does not get on, and a human takes over; Why says to them why.
	GivesUp
)

// Move is what is to be done next.
type Move struct {
	Does Does
	// Step is the name of the one that does it.
	Step string
	// Text is what the customer is told; Listed is the same with the options by number.
	Text, Listed string
	Options      []string
	Call         policy.Call
	// Agreed is when the customer said yes to what Call does, zero where they were not asked.
	Agreed time.Time
	End    tania.ProcedureEnd
	Why    string
}

// mostTurns bounds how often a walk is sent back.
const mostTurns = 20

// Next gives what is to be done, from the first step on: what is filled, called and agreed to is passed by. The state is changed: what does
// not hold any more is emptied, and the open question noted.
func (p *Procedure) Next(state *tania.Procedure, heard Heard, t Turn, f policy.Facts) Move {
	w := &walk{Procedure: p, when: t.when(p.own), state: state, heard: heard, facts: f, why: heard.Wrong}
	for range mostTurns {
		if m, done := w.once(); done {
			return m
		}
	}
	return w.givesUp("the steps lead in a circle")
}

// walk is one look at what is to be done.
type walk struct {
	*Procedure
	when
	state *tania.Procedure
	heard Heard
	facts policy.Facts
	// why is said before the question.
	why string
}

func (w *walk) givesUp(why string) Move {
	return Move{Does: GivesUp, Why: w.Name + ": " + why, End: tania.ProcedureHandedOver}
}

// once goes through the steps; false where it was sent back, and goes through them again.
func (w *walk) once() (m Move, done bool) {
	for i := 0; i < len(w.steps); {
		s := &w.steps[i]
		if s.when != nil {
			holds, stop := w.holds(s.when)
			if stop != nil {
				return *stop, true
			}
			if !holds {
				i++
				continue
			}
		}
		to, stop := w.step(s, i)
		switch {
		case stop != nil:
			return *stop, true
		case to < 0:
			return Move{}, false
		}
		i = to
	}
	return w.givesUp("no step ends it"), true
}

// step passes a step that is done, and gives where it leads; else what is to be done, or -1 where it sent the customer back.
func (w *walk) step(s *step, i int) (to int, stop *Move) {
	switch s.kind {
	case asks:
		have := w.state.Slot(s.slot.name)
		if have == nil {
			return 0, w.ask(s)
		}
		return following(s, i), w.checked(s, have)
	case confirms:
		if w.state.Agreed != digest(w.state) {
			return 0, w.confirm(s)
		}
	case calls:
		return w.called(s, i)
	case sendsBack:
		return w.back(s)
	case ends:
		w.state.Asked = ""
		return 0, &Move{Does: Ends, Step: s.name, End: s.end, Text: w.with(fill(s.text.In(w.language, w.fallback), w.state))}
	}
	return following(s, i), nil
}

// holds evaluates a condition; stop is what is to be done before it can be, or because it never can be.
func (w *walk) holds(e *policy.Expression) (holds bool, stop *Move) {
	holds, look, err := w.policy.Holds(e, w.known(), w.facts)
	switch {
	case look != nil:
		return false, &Move{Does: Looks, Call: *look}
	case err != nil:
		m := w.givesUp("a condition could not be evaluated: " + err.Error())
		return false, &m
	}
	return holds, nil
}

func (w *walk) known() policy.Known {
	k := policy.Known{Slots: map[string]any{}, Results: map[string]any{}}
	for _, f := range w.state.Slots {
		k.Slots[f.Slot] = f.Value
	}
	for name, came := range w.state.Results {
		var v any
		_ = json.Unmarshal(came.Result, &v) // what was stored as JSON
		k.Results[name] = map[string]any{"ok": came.OK, "result": v}
	}
	return k
}

// with puts why something is asked again before a text.
func (w *walk) with(text string) string { return strings.TrimSpace(w.why + "\n" + text) }

// tries counts a question that is asked again because what came was no answer; false where it was asked often enough.
func (w *walk) tries(s *step) bool {
	again := w.state.Asked == s.name
	switch {
	case !again:
		w.state.Tries = 0
	case w.heard.Wrong != "" || w.heard.No:
		w.state.Tries++
	case w.heard.Took:
		w.state.Tries = 0
	}
	w.state.Asked = s.name
	return w.state.Tries <= w.Tries
}

func (w *walk) ask(s *step) *Move {
	if !w.tries(s) {
		m := w.givesUp("asked " + s.name + " as often as it may")
		return &m
	}
	m := Move{Does: Asks, Step: s.name, Text: w.with(fill(s.slot.ask.In(w.language, w.fallback), w.state))}
	switch s.slot.sort {
	case sortChoice:
		m.Options = s.slot.titles(w.when)
	case sortYesNo:
		m.Options = []string{sayIn(yesWord, w.when), sayIn(noWord, w.when)}
	default:
	}
	m.Listed = listed(m.Text, m.Options)
	return &m
}

// checked holds a slot's conditions against its value, once for a state of the slots. One that does not hold empties it, and asks again.
func (w *walk) checked(s *step, have *tania.Filled) *Move {
	now := digest(w.state)
	if len(s.slot.checks) == 0 || have.Checked == now {
		return nil
	}
	for _, c := range s.slot.checks {
		holds, stop := w.holds(c.holds)
		if stop != nil {
			return stop
		}
		if !holds {
			w.why = fill(c.say.In(w.language, w.fallback), w.state)
			w.heard.Wrong = w.why
			w.state.Empty(s.slot.name)
			return w.again(s)
		}
	}
	have.Checked = now
	return nil
}

// again asks for a slot whose value was not taken: the question counts as asked before.
func (w *walk) again(s *step) *Move {
	if w.state.Again == nil {
		w.state.Again = map[string]int{}
	}
	if w.state.Again[s.name]++; w.state.Again[s.name] > w.Tries {
		m := w.givesUp("no value of " + s.name + " was taken")
		return &m
	}
	w.state.Asked = "" // it is counted here
	return w.ask(s)
}

func (w *walk) confirm(s *step) *Move {
	if !w.tries(s) {
		m := w.givesUp("the customer did not agree to what was summed up")
		return &m
	}
	if w.heard.No && w.why == "" {
		return &Move{Does: Asks, Step: s.name, Text: sayIn(whatElse, w.when), Listed: sayIn(whatElse, w.when)}
	}
	question := s.text.In(w.language, w.fallback)
	if question == "" || question == "true" {
		question = sayIn(isItRight, w.when)
	}
	text := w.with(sayIn(sumUp, w.when) + "\n" + w.summary(w.state, w.when) + "\n\n" + fill(question, w.state))
	options := []string{sayIn(yesWord, w.when), sayIn(noWord, w.when)}
	return &Move{Does: Asks, Step: s.name, Text: text, Listed: listed(text, options), Options: options}
}

// called passes a tool that was called with these very arguments; else it is to be called.
func (w *walk) called(s *step, i int) (to int, stop *Move) {
	call := policy.Call{Tool: s.tool, Arguments: w.arguments(s)}
	came, have := w.state.Results[s.name]
	switch {
	case have && came.Digest != call.Digest() && came.Wrote:
		m := w.givesUp(s.name + " was done with other values before")
		return 0, &m
	case !have || came.Digest != call.Digest():
		m := Move{Does: Calls, Step: s.name, Call: call}
		if w.state.Agreed == digest(w.state) {
			m.Agreed = w.state.AgreedAt
		}
		return 0, &m
	case !came.OK && s.failed >= 0:
		return s.failed, nil
	}
	return following(s, i), nil
}

// arguments are those of a step's call: a text that is {slot} alone becomes its value, and is left out where the slot is not filled.
func (w *walk) arguments(s *step) map[string]any {
	all := map[string]any{}
	for name, given := range s.arguments {
		text, is := given.(string)
		if !is {
			all[name] = plain(given)
			continue
		}
		if m := placeholder.FindString(text); m == text && m != "" && !strings.Contains(m, ".") {
			if have := w.state.Slot(strings.Trim(m, "{}")); have != nil {
				all[name] = have.Value
			}
			continue
		}
		all[name] = fill(text, w.state)
	}
	return all
}

// plain is a value of bot.yaml as JSON has it.
func plain(v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var as any
	if json.Unmarshal(data, &as) != nil {
		return nil
	}
	return as
}

// Gave takes in what a call of a step came to. Where it failed and no step is for that, the procedure does not get on: it gives why.
func (p *Procedure) Gave(state *tania.Procedure, m Move, came tania.Came) (why string) {
	came.Digest = m.Call.Digest()
	if state.Results == nil {
		state.Results = map[string]tania.Came{}
	}
	state.Results[m.Step] = came
	if s := p.stepOf(m.Step); !came.OK && (s == nil || s.failed < 0) {
		return fmt.Sprintf("%s: %s failed: %s", p.Name, m.Call.Tool, came.Result)
	}
	return ""
}

// back empties slots, once its reason is told, and has the steps gone through again.
func (w *walk) back(s *step) (to int, stop *Move) {
	if w.state.Again == nil {
		w.state.Again = map[string]int{}
	}
	if w.state.Again[s.name]++; w.state.Again[s.name] > w.Tries {
		m := w.givesUp("sent back by " + s.name + " as often as it may")
		return 0, &m
	}
	w.why = fill(s.text.In(w.language, w.fallback), w.state)
	for _, name := range s.again {
		w.state.Empty(name)
	}
	// What was found out by the old values is found out anew.
	maps.DeleteFunc(w.state.Results, func(_ string, came tania.Came) bool { return !came.Wrote })
	w.state.Asked, w.heard = "", Heard{Took: true}
	return -1, nil
}

// digest tells a state of the slots from another.
func digest(s *tania.Procedure) string {
	all := map[string]any{}
	for _, f := range s.Slots {
		all[f.Slot] = f.Value
	}
	data, err := json.Marshal(all)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}
