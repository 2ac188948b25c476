package pii

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Score is how well a kind is found: of N values those that are hidden whole, and what was found where no value is.
type Score struct {
	Recall float64 `json:"recall"`
	N      int     `json:"n"`
	Missed int     `json:"missed"`
	// Otherwise are those that are hidden as another kind.
	Otherwise int `json:"otherwise"`
	False     int `json:"false"`
}

// Report is the result of Evaluate. FalseRate is the share of texts in which something was found where no value is.
type Report struct {
	Texts     int              `json:"texts"`
	Values    int              `json:"values"`
	Recall    float64          `json:"recall"`
	False     int              `json:"false"`
	FalseRate float64          `json:"false_rate"`
	Kinds     map[string]Score `json:"kinds"`
	Misses    []Miss           `json:"misses,omitempty"`
}

// Miss is a value that was not found whole, or something found that is no value.
type Miss struct {
	Text  string `json:"text"`
	Kind  string `json:"kind"`
	Value string `json:"value"`
	// False reports whether it was found and is no value.
	False bool `json:"false,omitempty"`
}

// sample is a line of an evaluation file.
type sample struct {
	Text   string `json:"text"`
	Values []struct {
		Kind  string `json:"kind"`
		Value string `json:"value"`
	} `json:"values"`
}

// Evaluate looks for personal data in every {text, values} of a file of JSON lines. Addresses are looked for where the file has some, or
// kinds say so; without kinds it is all the others. Errors name the line.
func Evaluate(r io.Reader, kinds ...Kind) (Report, error) {
	samples, err := samplesOf(r)
	if err != nil {
		return Report{}, err
	}
	if len(kinds) == 0 {
		kinds = slices.Clone(Kinds)
		if !slices.ContainsFunc(samples, sample.hasAddress) {
			kinds = slices.DeleteFunc(kinds, func(k Kind) bool { return k == Address })
		}
	}
	e := evaluation{report: Report{Kinds: map[string]Score{}, Texts: len(samples)}}
	set, wrong := SetOf(kinds...), 0
	for _, s := range samples {
		before := e.report.False
		e.judge(s, set.Find(s.Text))
		if e.report.False > before {
			wrong++
		}
	}
	return e.finished(wrong), nil
}

func (s sample) hasAddress() bool {
	for _, v := range s.Values {
		if v.Kind == string(Address) {
			return true
		}
	}
	return false
}

func samplesOf(r io.Reader) (all []sample, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<22)
	for n := 1; lines.Scan(); n++ {
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		var s sample
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			return nil, fmt.Errorf("pii: line %d: want {\"text\", \"values\": [{\"kind\", \"value\"}]}: %w", n, err)
		}
		for _, v := range s.Values {
			if v.Value == "" || !strings.Contains(s.Text, v.Value) {
				return nil, fmt.Errorf("pii: line %d: the value %q is not in the text", n, v.Value)
			}
		}
		all = append(all, s)
	}
	return all, lines.Err()
}

type evaluation struct{ report Report }

// judge compares what was found in a text with its values.
func (e *evaluation) judge(s sample, found []Found) {
	hidden := make([]*Found, len(s.Text))
	for i := range found {
		for at := found[i].Start; at < found[i].End; at++ {
			hidden[at] = &found[i]
		}
	}
	right := map[*Found]bool{}
	from := map[string]int{}
	for _, v := range s.Values {
		at := from[v.Value] + strings.Index(s.Text[from[v.Value]:], v.Value)
		if at < from[v.Value] { // it is named more often than it stands there
			at = strings.Index(s.Text, v.Value)
		}
		from[v.Value] = at + len(v.Value)
		kinds, whole := covering(s.Text, hidden, at, at+len(v.Value))
		for _, f := range kinds {
			right[f] = true
		}
		e.count(s, v.Kind, v.Value, whole, len(kinds) > 0 && string(kinds[0].Kind) != v.Kind)
	}
	for i := range found {
		if f := &found[i]; !right[f] {
			e.report.False++
			score := e.report.Kinds[string(f.Kind)]
			score.False++
			e.report.Kinds[string(f.Kind)] = score
			e.report.Misses = append(e.report.Misses, Miss{s.Text, string(f.Kind), s.Text[f.Start:f.End], true})
		}
	}
}

// covering gives what was found within two places, and reports whether no letter and no figure there is left.
func covering(text string, hidden []*Found, from, to int) (found []*Found, whole bool) {
	whole = true
	for at := from; at < to; at++ {
		switch f := hidden[at]; {
		case f != nil && !slices.Contains(found, f):
			found = append(found, f)
		case f == nil && (text[at] >= 0x80 || isAlnum(text[at]|0x20)):
			whole = false
		}
	}
	return found, whole
}

func (e *evaluation) count(s sample, kind, value string, whole, otherwise bool) {
	score := e.report.Kinds[kind]
	score.N++
	e.report.Values++
	switch {
	case !whole:
		score.Missed++
		e.report.Misses = append(e.report.Misses, Miss{Text: s.Text, Kind: kind, Value: value})
	case otherwise:
		score.Otherwise++
	}
	e.report.Kinds[kind] = score
}

func (e *evaluation) finished(wrong int) Report {
	r, missed := e.report, 0
	for kind, s := range r.Kinds {
		missed += s.Missed
		s.Recall = share(s.N-s.Missed, s.N)
		r.Kinds[kind] = s
	}
	r.Recall, r.FalseRate = share(r.Values-missed, r.Values), share(wrong, r.Texts)
	return r
}

func share(part, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(part) / float64(of)
}

// Print writes the scores as a table for people, and a line for each miss.
func (r Report) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%-10s %8s %6s %6s %9s %6s\n", "kind", "recall", "n", "missed", "otherwise", "false")
	for _, kind := range slices.Sorted(maps.Keys(r.Kinds)) {
		s := r.Kinds[kind]
		fmt.Fprintf(&b, "%-10s %8.4f %6d %6d %9d %6d\n", kind, s.Recall, s.N, s.Missed, s.Otherwise, s.False)
	}
	fmt.Fprintf(&b, "all        %8.4f %6d; something false in %.4f of %d texts\n", r.Recall, r.Values, r.FalseRate, r.Texts)
	for _, m := range r.Misses {
		what := "missed"
		if m.False {
			what = "false"
		}
		fmt.Fprintf(&b, "%s %s %q: %q\n", what, m.Kind, m.Value, m.Text)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
