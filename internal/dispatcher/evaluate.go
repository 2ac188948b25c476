package dispatcher

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"tania/internal/tania"
)

// RouteOther is the label of ordinary questions in evaluation files: those that go to the FAQ, the cache or the model.
const RouteOther = "other"

// Score is how well a route is recognised. Precision and Recall are 0 where they are undefined; N counts its labels.
type Score struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	N         int     `json:"n"`
}

// Report is the result of Evaluate, by route.
type Report struct {
	Routes map[string]Score `json:"routes"`
	Misses []Miss           `json:"misses,omitempty"`
}

// Print writes the scores as a table for people, and a line for each miss.
func (r Report) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%-16s %9s %9s %6s\n", "route", "precision", "recall", "n")
	for _, route := range slices.Sorted(maps.Keys(r.Routes)) {
		s := r.Routes[route]
		fmt.Fprintf(&b, "%-16s %9.3f %9.3f %6d\n", route, s.Precision, s.Recall, s.N)
	}
	for _, m := range r.Misses {
		fmt.Fprintf(&b, "%s instead of %s: %q (%s)\n", m.Got, m.Route, m.Text, m.Why)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Miss is a message that did not get the route of its label.
type Miss struct {
	Text  string `json:"text"`
	Route string `json:"route"`
	Got   string `json:"got"`
	Why   string `json:"why"`
}

// Evaluate dispatches every {text, route} of a file of JSON lines. Errors name the line.
func Evaluate(r io.Reader, d *Dispatcher) (Report, error) {
	type tally struct{ labelled, predicted, both int }
	counts := map[string]*tally{}
	at := func(route string) *tally {
		if counts[route] == nil {
			counts[route] = &tally{}
		}
		return counts[route]
	}
	report := Report{Routes: map[string]Score{}}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var sample struct{ Text, Route string }
		if err := json.Unmarshal(lines.Bytes(), &sample); err != nil || sample.Route == "" {
			return Report{}, fmt.Errorf("dispatcher: line %d: want {\"text\", \"route\"}: %w", n, err)
		}
		choice := d.Dispatch(sample.Text)
		got := string(choice.Route)
		switch tania.Route(got) {
		case tania.RouteFAQ, tania.RouteModel, tania.RouteCached:
			got = RouteOther
		}
		at(sample.Route).labelled++
		at(got).predicted++
		if got == sample.Route {
			at(got).both++
		} else {
			report.Misses = append(report.Misses, Miss{sample.Text, sample.Route, got, choice.Why})
		}
	}
	for route, c := range counts {
		report.Routes[route] = Score{ratio(c.both, c.predicted), ratio(c.both, c.labelled), c.labelled}
	}
	return report, lines.Err()
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
