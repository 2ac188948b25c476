package procedure

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tania/internal/setting"
	"tania/internal/tania"
)

// flow follows the steps: each has to be reached, every way has to end, and nothing is used before it can be known. Steps lead ahead
// alone, so that one pass in their order sees every way.
func (r *reader) flow() {
	steps := r.procedure.steps
	reached := make([]bool, len(steps)+1)
	r.fills, r.results = make([]map[string]bool, len(steps)+1), make([]map[string]bool, len(steps)+1)
	reached[0], r.fills[0], r.results[0] = true, map[string]bool{}, map[string]bool{}
	for i := range steps {
		s, path := &steps[i], fmt.Sprintf(".steps[%d]", i)
		if !reached[i] {
			r.bad(path, fmt.Sprintf("(%s) is never reached: the step before it leads elsewhere or ends", s.name),
				"give the step before it a when:, or lead to it with next:")
			r.fills[i], r.results[i] = map[string]bool{}, map[string]bool{}
		}
		r.uses(i, path)
		fills, results := maps.Clone(r.fills[i]), maps.Clone(r.results[i])
		if s.slot != nil {
			fills[s.slot.name] = true
		}
		if s.kind == calls {
			results[s.name] = true
		}
		lead := func(to int, fills, results map[string]bool) {
			if r.fills[to] == nil {
				r.fills[to], r.results[to] = map[string]bool{}, map[string]bool{}
			}
			reached[to] = true
			maps.Copy(r.fills[to], fills)
			maps.Copy(r.results[to], results)
		}
		if s.kind != ends {
			lead(following(s, i), fills, results)
		}
		if s.when != nil {
			lead(i+1, r.fills[i], r.results[i])
		}
		if s.failed >= 0 {
			lead(s.failed, fills, results)
		}
	}
	if reached[len(steps)] {
		r.bad(fmt.Sprintf(".steps[%d]", len(steps)-1), "is the last step, and does not end the procedure",
			"add a step with end: answer, handoff or resolved, without when:")
	}
}

// following is the step behind one that was done.
func following(s *step, i int) int {
	if s.next >= 0 {
		return s.next
	}
	return i + 1
}

// uses checks what a step names: slots that may be filled by then, and results that may be there.
func (r *reader) uses(i int, path string) {
	d, s := &r.declared.Steps[i], &r.procedure.steps[i]
	known := maps.Clone(r.fills[i])
	r.expressionUses(path+".when", d.When, known, r.results[i])
	if s.slot != nil {
		known[s.slot.name] = true
	}
	for j, c := range d.Check {
		at := fmt.Sprintf("%s.check[%d]", path, j)
		r.expressionUses(at+".if", c.If, known, r.results[i])
		r.textUses(at+".say", c.Say, known, r.results[i])
	}
	for j, name := range s.again {
		if !r.fills[i][name] {
			r.unknownSlot(fmt.Sprintf("%s.again[%d]", path, j), name, r.fills[i])
		}
	}
	r.textUses(path+".ask", d.Ask, r.fills[i], r.results[i])
	r.textUses(path+".invalid", d.Invalid, known, r.results[i])
	r.textUses(path+".confirm", d.Confirm, known, r.results[i])
	r.textUses(path+".text", d.Text, known, r.results[i])
	for _, name := range slices.Sorted(maps.Keys(d.Arguments)) {
		if text, is := d.Arguments[name].(string); is {
			r.textUses(path+".arguments."+name, Words{"default": text}, known, r.results[i])
		}
	}
}

func (r *reader) expressionUses(path, source string, slots, results map[string]bool) {
	for _, m := range named.FindAllStringSubmatch(source, -1) {
		if !slots[m[1]] {
			r.unknownSlot(path, m[1], slots)
		}
	}
	for _, m := range given.FindAllStringSubmatch(source, -1) {
		if !results[m[1]] {
			r.bad(path, fmt.Sprintf("uses results.%s, which no step before gives", m[1]), "move the tool's step before it")
		}
	}
}

// textUses checks the placeholders of a text: {slot}, or {step.field} of what a tool gave.
func (r *reader) textUses(path string, text Words, slots, results map[string]bool) {
	for _, language := range slices.Sorted(maps.Keys(text)) {
		for _, m := range placeholder.FindAllStringSubmatch(text[language], -1) {
			step, _, field := strings.Cut(m[1], ".")
			switch {
			case field && !results[step]:
				r.bad(path, fmt.Sprintf("has {%s}, and no tool's step %s before gives anything", m[1], step),
					"write {STEP.FIELD} with the name of a tool's step before it")
			case !field && !slots[m[1]]:
				r.unknownSlot(path, m[1], slots)
			}
		}
	}
}

func (r *reader) unknownSlot(path, name string, slots map[string]bool) {
	have := slices.Sorted(maps.Keys(slots))
	if r.procedure.slot(name) != nil {
		r.bad(path, fmt.Sprintf("uses %s, which is not filled before", name), "move the step that asks for it before this one")
		return
	}
	fix := "no slot is filled before it: leave it out"
	if meant := setting.Nearest(name, have); meant != "" {
		fix = fmt.Sprintf("did you mean %s?", meant)
	} else if len(have) > 0 {
		fix = "write one of " + strings.Join(have, ", ")
	}
	r.bad(path, fmt.Sprintf("uses %s, which is no slot", name), fix)
}

// Texts are all that customers may be told, for what reads a bot's texts.
func (p *Procedure) Texts() (all []tania.Text) {
	for i := range p.steps {
		s := &p.steps[i]
		all = append(all, s.text)
		if s.slot != nil {
			all = append(all, s.slot.ask, s.slot.invalid)
		}
	}
	return all
}
