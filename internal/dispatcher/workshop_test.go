package dispatcher

import (
	"os"
	"strings"
	"testing"

	"tania/internal/tania"
)

// TestAWorkshopsCustomers has a bicycle workshop's FAQ and what its customers write. Whoever tells of harm or danger, or wants a human in
// whatever words, gets one; a fixed answer is given only to who asks that alone.
func TestAWorkshopsCustomers(t *testing.T) {
	rows := func(name string) (list [][]string) {
		raw, err := os.ReadFile("../answer/knowledge/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(raw)) {
			list = append(list, strings.Split(strings.TrimRight(line, "\n"), "\t"))
		}
		return list
	}
	var o Options
	for _, f := range rows("workshop.tsv") {
		if !strings.HasPrefix(f[0], "p:") {
			keywords := strings.FieldsFunc(f[3], func(r rune) bool { return r == ';' })
			o.FAQ = append(o.FAQ, FAQ{ID: f[0], Keywords: keywords, About: []string{f[1], f[2]}})
		}
	}
	d, humans, fixed := New(o), 0, 0
	for _, f := range rows("workshop-questions.tsv") {
		text := strings.ReplaceAll(f[1], `\n`, "\n")
		c := d.Dispatch(text)
		switch human := c.Route == tania.RouteHandoff || c.Route == tania.RouteFrustration || c.Route == tania.RouteSensitive; {
		case strings.HasPrefix(f[0], "!"):
			humans++
			if !human {
				t.Errorf("%q: %s, want a human for %s", text, c.Route, f[0])
			}
		case human && !strings.Contains(text, "no frena"): // brakes that fail are a danger
			t.Errorf("%q: %s (%s), want an answer", text, c.Route, c.Why)
		case c.Route == tania.RouteFAQ:
			fixed++
			if c.FAQ != f[0] {
				t.Errorf("%q: the fixed answer of %q, want that of %q", text, c.FAQ, f[0])
			}
		}
	}
	for text, want := range map[string]tania.Route{
		"que me atienda gente de carne y hueso":     tania.RouteHandoff,
		"let me talk to a being of flesh and blood": tania.RouteHandoff,
		"a qué hora abren":                          tania.RouteFAQ,
		"¿a qué hora abren y quién atiende?":        tania.RouteModel,
		"¿cuál es su dirección, dónde están?":       tania.RouteFAQ,
	} {
		if c := d.Dispatch(text); c.Route != want {
			t.Errorf("%q: %s (%s), want %s", text, c.Route, c.Why, want)
		}
	}
	t.Logf("%d messages for humans, %d fixed answers", humans, fixed)
}
