package alert

import (
	"cmp"
	"slices"
	"time"
)

// incident is an alert between its first bad reading and the telling of its end.
type incident struct {
	Alert
	// Raised reports whether it is one; before that it may become one.
	Raised bool `json:"raised"`
	// InARow counts bad readings before it is raised, and fine ones after. Readings are counted, not times: another process, with
	// another clock, may go on.
	InARow int `json:"in_a_row"`
	// Told reports whether its beginning was told. Tries counts vain attempts, Pause the readings until the next one.
	Told bool `json:"told"`
	// Silent reports whether another process tells of it.
	Silent bool `json:"silent,omitempty"`
	Tries  int  `json:"tries,omitempty"`
	Pause  int  `json:"pause,omitempty"`
}

// state is what is known of incidents. It is a note in the store, or of one process.
type state struct {
	Incidents map[string]*incident `json:"incidents"`
	// Ended are incidents whose end is not told yet, Past the newest of those that are done with.
	Ended []*incident `json:"ended,omitempty"`
	Past  []Alert     `json:"past,omitempty"`
}

// pastLimit is how many are remembered.
const pastLimit = 20

// judge takes a reading of each rule.
func (s *state) judge(rules []rule, f facts, now time.Time) {
	if s.Incidents == nil {
		s.Incidents = map[string]*incident{}
	}
	for name := range s.Incidents {
		if !slices.ContainsFunc(rules, func(r rule) bool { return r.name == name }) {
			delete(s.Incidents, name) // another version's
		}
	}
	for _, rule := range rules {
		s.step(rule, rule.read(f), now)
	}
}

func (s *state) step(rule rule, r reading, now time.Time) {
	i := s.Incidents[rule.name]
	switch {
	case !r.known:
		return
	case i == nil && !r.bad:
		return
	case i == nil:
		i = &incident{Alert: Alert{Name: rule.name, Since: now}}
		s.Incidents[rule.name] = i
	}
	if !i.Raised {
		if !r.bad {
			delete(s.Incidents, rule.name)
			return
		}
		i.Value, i.Threshold = r.value, r.threshold
		i.Title, i.Text, i.Fix = words.say(rule.name+".title"), words.say(rule.name+".text", r.args...), words.say(rule.name+".fix")
		if i.InARow++; i.InARow >= rule.raise {
			i.Raised, i.InARow, i.Since = true, 0, now
		}
		return
	}
	if !r.fine {
		i.InARow = 0
		if r.bad {
			i.Value, i.Threshold, i.Text = r.value, r.threshold, words.say(rule.name+".text", r.args...)
		}
		return
	}
	if i.InARow++; i.InARow >= rule.end {
		i.Ended = now
		delete(s.Incidents, rule.name)
		i.Tries, i.Pause = 0, 0
		s.Ended = append(s.Ended, i)
	}
}

// raised are the incidents that last, oldest first.
func (s *state) raised() []Alert {
	var list []Alert
	for _, i := range s.Incidents {
		if i.Raised {
			list = append(list, i.Alert)
		}
	}
	sortAlerts(list)
	return list
}

func sortAlerts(list []Alert) {
	slices.SortFunc(list, func(a, b Alert) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Name, b.Name)) })
}

// due are the incidents of which something is to be told now: ends first, then beginnings.
func (s *state) due() []*incident {
	list := slices.Clone(s.Ended)
	for _, i := range s.Incidents {
		if i.Raised && !i.Told {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b *incident) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Name, b.Name)) })
	return slices.DeleteFunc(list, func(i *incident) bool {
		if i.Pause > 0 {
			i.Pause--
			return true
		}
		return false
	})
}

// alerted notes that an incident's beginning or end was told.
func (s *state) alerted(i *incident) {
	i.Told, i.Tries = true, 0
	if i.Ended.IsZero() {
		return
	}
	s.Ended = slices.DeleteFunc(s.Ended, func(other *incident) bool { return other == i })
	s.Past = append(s.Past, i.Alert)
	s.Past = s.Past[max(0, len(s.Past)-pastLimit):]
}

// longestPause is in readings: five minutes.
const longestPause = 5 * minute

// failed notes that it could not be told. The pause doubles.
func (s *state) failed(i *incident) {
	i.Pause = min(1<<min(i.Tries, 10), longestPause) - 1
	i.Tries++
}
