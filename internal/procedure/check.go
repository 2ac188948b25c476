package procedure

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tania/internal/language/days"
	"tania/internal/setting"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/policy"
)

// Bounds of what is declared.
const (
	mostProcedures = 32
	mostSteps      = 60
	mostOptions    = 20
	longestText    = 2000
	usualExpiry    = 24 * time.Hour
	longestExpiry  = 30 * 24 * time.Hour
	usualTries     = 3
	mostTries      = 10
)

var (
	goodName     = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	languageCode = regexp.MustCompile(`^[a-z]{2}$`)
	placeholder  = regexp.MustCompile(`\{([a-z][a-z0-9_.]*)\}`)
	named        = regexp.MustCompile(`\bslots\.([A-Za-z0-9_]+)`)
	given        = regexp.MustCompile(`\bresults\.([A-Za-z0-9_]+)`)
)

const namesFix = "write small letters, digits and _, beginning with a letter"

// Options are what procedures stand beside.
type Options struct {
	Tools []tool.Tool
	// Policy compiles expressions; nil for a bot without tools.
	Policy *policy.Policy
	// Language is the bot's own.
	Language tania.Language
}

// Check checks the procedures of a bot and gives them in the order of their names. What is wrong has its place: "return.steps[2].when".
func Check(declared map[string]Declared, o Options) ([]*Procedure, []tool.Problem) {
	if len(declared) > mostProcedures {
		return nil, []tool.Problem{{Text: fmt.Sprintf("are more than %d", mostProcedures), Fix: "leave out those that are rare"}}
	}
	if o.Policy == nil {
		o.Policy, _ = policy.New(nil, nil)
	}
	var all []*Procedure
	var problems []tool.Problem
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		r := &reader{Options: o, at: name, declared: declared[name], procedure: &Procedure{
			Name: name, Declared: declared[name], own: o.Language, policy: o.Policy,
		}}
		r.read()
		all, problems = append(all, r.procedure), append(problems, r.problems...)
	}
	return all, problems
}

// reader reads one procedure.
type reader struct {
	Options
	at        string
	declared  Declared
	procedure *Procedure
	problems  []tool.Problem
	compiler  *policy.Expressions
	// fills are the slots that may be filled before a step, results what may be given: by the step's place.
	fills, results []map[string]bool
}

func (r *reader) bad(path, text, fix string) {
	r.problems = append(r.problems, tool.Problem{Path: r.at + path, Text: text, Fix: fix})
}

func (r *reader) read() {
	p, d := r.procedure, r.declared
	if !goodName.MatchString(p.Name) {
		r.bad("", fmt.Sprintf("%q cannot be a procedure's name", p.Name), namesFix)
	}
	if strings.TrimSpace(d.About) == "" {
		r.bad(".about", "is missing", "say in a sentence what the procedure is for: the model and your team know it by that")
	}
	r.bounds()
	r.starts()
	if len(d.Steps) == 0 || len(d.Steps) > mostSteps {
		r.bad(".steps", fmt.Sprintf("are %d", len(d.Steps)), fmt.Sprintf("write 1 to %d steps", mostSteps))
		return
	}
	r.named()
	for i := range d.Steps {
		r.step(i)
	}
	if len(r.problems) == 0 {
		r.flow()
	}
}

func (r *reader) bounds() {
	p, d := r.procedure, r.declared
	p.Expires, p.Tries = usualExpiry, usualTries
	if d.Expires != "" {
		var err error
		if p.Expires, err = time.ParseDuration(d.Expires); err != nil || p.Expires < time.Minute || p.Expires > longestExpiry {
			r.bad(".expires", fmt.Sprintf("%q is no such time", d.Expires), "write 30m, 24h, up to 720h")
		}
	}
	if d.Tries != 0 {
		if p.Tries = d.Tries; d.Tries < 1 || d.Tries > mostTries {
			r.bad(".tries", fmt.Sprintf("is %d", d.Tries), fmt.Sprintf("write 1 to %d", mostTries))
		}
	}
}

func (r *reader) starts() {
	for i, phrase := range r.declared.Start {
		stems := phraseOf(phrase)
		if len(stems) == 0 {
			r.bad(fmt.Sprintf(".start[%d]", i), "has no word that tells anything", "write words such as: devolver pedido")
			continue
		}
		r.procedure.starts = append(r.procedure.starts, stems)
	}
	if len(r.declared.Start) == 0 {
		r.bad(".start", "is missing", "write phrases, in each language: a message with all words of one begins the procedure")
	}
}

// named gives every step its name, and the compiler the names of slots and results.
func (r *reader) named() {
	p := r.procedure
	p.steps = make([]step, len(r.declared.Steps))
	seen := map[string]bool{}
	var slots, results []string
	for i := range r.declared.Steps {
		d, path := &r.declared.Steps[i], fmt.Sprintf(".steps[%d]", i)
		s := &p.steps[i]
		s.next, s.failed = -1, -1
		s.name = d.Name
		for _, other := range []string{d.Slot, d.Tool} {
			if s.name == "" {
				s.name = other
			}
		}
		if s.name == "" {
			s.name = fmt.Sprintf("step_%d", i+1)
		}
		switch {
		case !goodName.MatchString(s.name):
			r.bad(path, fmt.Sprintf("%q cannot be a step's name", s.name), namesFix)
		case seen[s.name]:
			r.bad(path, fmt.Sprintf("has the name %q, as an earlier step", s.name), "give it a name: of its own")
		}
		seen[s.name] = true
		if d.Slot != "" {
			slots = append(slots, d.Slot)
			if d.Name != "" && d.Name != d.Slot {
				r.bad(path+".name", "is another than its slot's", "leave it out: a slot's step has its name")
			}
		}
		if d.Tool != "" {
			results = append(results, s.name)
		}
	}
	r.compiler = r.Policy.Expressions(slots, results)
}

// step reads what a step does.
func (r *reader) step(i int) {
	d, s, path := &r.declared.Steps[i], &r.procedure.steps[i], fmt.Sprintf(".steps[%d]", i)
	kinds := map[string]bool{
		"slot": d.Slot != "", "confirm": d.Confirm != nil, "tool": d.Tool != "", "again": len(d.Again) > 0,
		"end": d.End != "",
	}
	maps.DeleteFunc(kinds, func(_ string, is bool) bool { return !is })
	if len(kinds) != 1 {
		r.bad(path, "does "+[]string{"nothing", "one thing", "several things at once"}[min(len(kinds), 2)],
			"write one of slot, confirm, tool, again, end")
		return
	}
	if d.When != "" {
		s.when = r.expression(path+".when", d.When)
	}
	s.text = r.text(path+".text", d.Text)
	switch {
	case d.Slot != "":
		s.kind, s.slot = asks, r.slot(path, d)
		r.procedure.slots = append(r.procedure.slots, s.slot)
	case d.Confirm != nil:
		s.kind, s.text = confirms, r.text(path+".confirm", d.Confirm)
	case d.Tool != "":
		s.kind = calls
		r.call(path, d, s)
	case len(d.Again) > 0:
		s.kind, s.again = sendsBack, d.Again
		if d.When == "" {
			r.bad(path+".when", "is missing: customers would be sent back for ever", "write when: with the condition on which they are")
		}
		r.required(path+".text", d.Text, "say why it is asked again")
	default:
		s.kind = ends
		r.end(path, d, s)
	}
	r.leads(path+".next", d.Next, i, &s.next)
	r.leads(path+".failed", d.Failed, i, &s.failed)
	if d.Failed != "" && s.kind != calls {
		r.bad(path+".failed", "stands beside no tool", "leave it out")
	}
	if d.Next != "" && s.kind == ends {
		r.bad(path+".next", "stands beside an end", "leave it out")
	}
}

func (r *reader) end(path string, d *DeclaredStep, s *step) {
	s.end = tania.ProcedureEnd(d.End)
	if !slices.Contains([]tania.ProcedureEnd{tania.ProcedureAnswered, tania.ProcedureHandedOver, tania.ProcedureResolved}, s.end) {
		r.bad(path+".end", fmt.Sprintf("is %q", d.End), "write answer, handoff or resolved")
	}
	if s.end != tania.ProcedureHandedOver {
		r.required(path+".text", d.Text, "say what the customer is told")
	}
}

// leads finds the step that one leads to, which stands behind it: what led back would go round for ever.
func (r *reader) leads(path, name string, from int, to *int) {
	if name == "" {
		return
	}
	var names []string
	for i := range r.procedure.steps {
		names = append(names, r.procedure.steps[i].name)
	}
	*to = slices.Index(names, name)
	switch {
	case *to < 0:
		fix := "write the name of a later step"
		if meant := setting.Nearest(name, names); meant != "" {
			fix = fmt.Sprintf("did you mean %s?", meant)
		}
		r.bad(path, fmt.Sprintf("%q is no step", name), fix)
	case *to <= from:
		r.bad(path, fmt.Sprintf("leads back to %s, a loop without an exit", name),
			"write a later step; to have slots asked anew, a step with again: and when:")
	}
}

func (r *reader) expression(path, source string) *policy.Expression {
	e, problem := r.compiler.Compile(source, true)
	if problem != nil {
		fix := strings.ReplaceAll(problem.Fix, "an expression like args.amount <= 500 (docs/tools.md)",
			`an expression like slots.reason == "broken"`)
		r.bad(path, problem.Text, strings.ReplaceAll(fix, "args.amount", "slots.amount"))
	}
	return e
}

func (r *reader) text(path string, given Words) tania.Text {
	text := tania.Text{}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		said, l := strings.TrimSpace(given[key]), tania.Language(key)
		switch {
		case key == "default":
			l = tania.AnyLanguage
		case !languageCode.MatchString(key):
			r.bad(path+"."+key, "is not a language", "write two small letters (es, en, pt), or default for every language")
		}
		if said == "" || utf8.RuneCountInString(said) > longestText {
			r.bad(path+"."+key, fmt.Sprintf("is empty or longer than %d characters", longestText), "write a text")
		}
		text[l] = said
	}
	return text
}

func (r *reader) required(path string, given Words, fix string) {
	if len(given) == 0 {
		r.bad(path, "is missing", fix)
	}
}

// call reads a step that calls a tool.
func (r *reader) call(path string, d *DeclaredStep, s *step) {
	s.tool, s.arguments = d.Tool, d.Arguments
	i := slices.IndexFunc(r.Tools, func(t tool.Tool) bool { return t.Name == d.Tool })
	if i < 0 {
		var names []string
		for j := range r.Tools {
			names = append(names, r.Tools[j].Name)
		}
		fix := "declare it below tools:"
		if meant := setting.Nearest(d.Tool, names); meant != "" {
			fix = fmt.Sprintf("did you mean %s?", meant)
		}
		r.bad(path+".tool", fmt.Sprintf("%q is no tool", d.Tool), fix)
		return
	}
	t := &r.Tools[i]
	var schema struct {
		Properties map[string]any `json:"properties"`
		Required   []string       `json:"required"`
	}
	if json.Unmarshal(t.Parameters, &schema) != nil {
		return // what is wrong with the tool is told with it
	}
	for _, name := range slices.Sorted(maps.Keys(d.Arguments)) {
		if _, is := schema.Properties[name]; !is {
			r.bad(path+".arguments."+name, "is no parameter of "+d.Tool, "write one of "+strings.Join(slices.Sorted(maps.Keys(schema.Properties)),
				", "))
		}
		if _, set := t.Limits.FromContact[name]; set {
			r.bad(path+".arguments."+name, "is set by what is known of the contact", "leave it out")
		}
	}
	for _, name := range schema.Required {
		if _, have := d.Arguments[name]; !have && t.Limits.FromContact[name] == "" {
			r.bad(path+".arguments", fmt.Sprintf("lack %s, which %s needs", name, d.Tool), fmt.Sprintf(`write %s: "{SLOT}" below it`, name))
		}
	}
}

// slot reads a step that asks.
func (r *reader) slot(path string, d *DeclaredStep) *slot {
	s := &slot{name: d.Slot, sort: sort(d.Type), words: d.Words, late: 24*60 - 1}
	s.label, s.ask, s.invalid = r.text(path+".label", d.Label), r.text(path+".ask", d.Ask), r.text(path+".invalid", d.Invalid)
	if d.Type == "" {
		s.sort = sortText
	}
	if !slices.Contains(sorts, s.sort) {
		r.bad(path+".type", fmt.Sprintf("is %q", d.Type), "write one of text, date, time, number, pattern, email, phone, choice, yes_no, photo")
	}
	r.required(path+".ask", d.Ask, "write the question that the customer is asked, in each language")
	r.pattern(path, d, s)
	r.bounded(path, d, s)
	r.options(path, d, s)
	for i, c := range d.Check {
		at := fmt.Sprintf("%s.check[%d]", path, i)
		r.required(at+".say", c.Say, "say what the customer is told where it does not hold")
		s.checks = append(s.checks, check{holds: r.expression(at+".if", c.If), say: r.text(at+".say", c.Say)})
	}
	return s
}

func (r *reader) pattern(path string, d *DeclaredStep, s *slot) {
	switch {
	case s.sort != sortPattern && d.Pattern != "":
		r.bad(path+".pattern", "stands beside type: "+string(s.sort), "write type: pattern")
	case s.sort == sortPattern:
		whole, err := regexp.Compile(`(?i)^(?:` + d.Pattern + `)$`)
		if d.Pattern == "" || err != nil || whole.MatchString("") {
			r.bad(path+".pattern", fmt.Sprintf("%q is no pattern of something", d.Pattern),
				`write a regular expression of the whole value: '\d{4,6}'`)
			return
		}
		s.whole = whole
		s.pattern = regexp.MustCompile(`(?i)(?:^|[^\pL\pN_])(` + d.Pattern + `)`)
	}
}

// bounded reads the least and the most that a value may be.
func (r *reader) bounded(path string, d *DeclaredStep, s *slot) {
	for _, b := range []struct {
		key, given string
		number     **float64
		day        **dayBound
		clock      *days.Clock
	}{{".min", d.Min, &s.least, &s.from, &s.early}, {".max", d.Max, &s.most, &s.to, &s.late}} {
		if b.given == "" {
			continue
		}
		ok, fix := false, "leave it out"
		switch s.sort {
		case sortNumber:
			n, err := strconv.ParseFloat(b.given, 64)
			ok, fix, *b.number = err == nil, "write a number", &n
		case sortDate:
			var day dayBound
			day, ok = parseBound(b.given)
			fix, *b.day = "write today, +30d, -90d or 2026-12-31", &day
		case sortTime:
			*b.clock, ok = days.ParseClock(b.given)
			fix = `write a time in quotation marks, "20:30"`
		}
		if !ok {
			r.bad(path+b.key, fmt.Sprintf("%q is none for type: %s", b.given, s.sort), fix)
		}
	}
}

func (r *reader) options(path string, d *DeclaredStep, s *slot) {
	if s.sort != sortChoice {
		if len(d.Options) > 0 {
			r.bad(path+".options", "stand beside type: "+string(s.sort), "write type: choice")
		}
		return
	}
	if len(d.Options) < 2 || len(d.Options) > mostOptions {
		r.bad(path+".options", fmt.Sprintf("are %d", len(d.Options)), fmt.Sprintf("write 2 to %d", mostOptions))
	}
	seen := map[string]bool{}
	for i, o := range d.Options {
		at := fmt.Sprintf("%s.options[%d]", path, i)
		if !goodName.MatchString(o.ID) || seen[o.ID] {
			r.bad(at+".id", fmt.Sprintf("%q cannot be an option's id", o.ID), namesFix+"; each once")
		}
		seen[o.ID] = true
		r.required(at+".title", o.Title, "write what the customer reads and presses")
		one := option{id: o.ID, title: r.text(at+".title", o.Title)}
		for _, phrase := range append(slices.Sorted(maps.Values(o.Title)), o.Words...) {
			if stems := phraseOf(phrase); len(stems) > 0 {
				one.words = append(one.words, stems)
			}
		}
		s.options = append(s.options, one)
	}
}
