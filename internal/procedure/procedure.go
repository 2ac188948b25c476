// Package procedure takes customers through what must go in order: slots that are asked for, checked and corrected, branches, tools, a
// confirmation, an end. It is pure: what is remembered and what was written come in, what is to be asked or called comes out. Who calls it
// makes the calls, and sends.
package procedure

import (
	"regexp"
	"time"

	"tania/internal/language/days"
	"tania/internal/tania"
	"tania/internal/tool/policy"
)

// Procedure is one of a bot's, checked. Declared is what it is made of, and all that its JSON has.
type Procedure struct {
	Name     string   `json:"name"`
	Declared Declared `json:"declared"`

	// Expires is how long a customer may write nothing before it is over; Tries how often one question is asked again.
	Expires time.Duration `json:"-"`
	Tries   int           `json:"-"`

	steps  []step
	slots  []*slot
	starts [][]string
	// own is the bot's language, for texts that a customer's does not have.
	own    tania.Language
	policy *policy.Policy
}

// kind is what a step does.
type kind int

const (
	asks kind = iota + 1
	confirms
	calls
	sendsBack
	ends
)

// step is one of a procedure's; the steps that it leads to stand behind it.
type step struct {
	name string
	kind kind
	when *policy.Expression
	slot *slot
	text tania.Text
	tool string
	// arguments are those of the tool: a text that is {slot} alone becomes its value.
	arguments map[string]any
	// next is the step that follows, failed that which follows where the tool did not succeed, -1 for none in particular.
	next, failed int
	// again are the slots that are asked for anew.
	again []string
	end   tania.ProcedureEnd
}

// sort is the type of a slot.
type sort string

const (
	sortText    sort = "text"
	sortDate    sort = "date"
	sortTime    sort = "time"
	sortNumber  sort = "number"
	sortPattern sort = "pattern"
	sortEmail   sort = "email"
	sortPhone   sort = "phone"
	sortChoice  sort = "choice"
	sortYesNo   sort = "yes_no"
	sortPhoto   sort = "photo"
)

var sorts = []sort{sortText, sortDate, sortTime, sortNumber, sortPattern, sortEmail, sortPhone, sortChoice, sortYesNo, sortPhoto}

// slot is what a customer is asked for.
type slot struct {
	name    string
	sort    sort
	label   tania.Text
	ask     tania.Text
	invalid tania.Text
	// pattern finds a value in a text, whole is it alone.
	pattern, whole *regexp.Regexp
	// words stand beside a number that is meant, or name the slot.
	words []string
	// least and most bound numbers; from and to days; early and late times of day.
	least, most *float64
	from, to    *dayBound
	early, late days.Clock
	options     []option
	checks      []check
}

type option struct {
	id    string
	title tania.Text
	words [][]string
}

type check struct {
	holds *policy.Expression
	say   tania.Text
}

// sameKind reports whether two slots read the same values in a text.
func (s *slot) sameKind(other *slot) bool {
	return s.sort == other.sort && s.sort != sortChoice && (s.sort != sortPattern || s.pattern.String() == other.pattern.String())
}

func (p *Procedure) slot(name string) *slot {
	for _, s := range p.slots {
		if s.name == name {
			return s
		}
	}
	return nil
}

// stepOf gives the step of a name; nil where a new version of the bot has none.
func (p *Procedure) stepOf(name string) *step {
	for i := range p.steps {
		if p.steps[i].name == name {
			return &p.steps[i]
		}
	}
	return nil
}

// Begin is the state of a procedure that begins.
func (p *Procedure) Begin(turn tania.TurnID, now time.Time) tania.Procedure {
	return tania.Procedure{Name: p.Name, Turn: turn, Since: now, At: now}
}

// Find gives one of a bot's procedures, nil for none of that name.
func Find(all []*Procedure, name string) *Procedure {
	for _, p := range all {
		if p.Name == name {
			return p
		}
	}
	return nil
}
