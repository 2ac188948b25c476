package dispatcher

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"tania/internal/tania"
)

// TestOddWords has emergencies, harm and requests for a human in odd words, and ordinary messages with the same words.
func TestOddWords(t *testing.T) {
	d := New(Options{})
	for _, name := range []string{"odd.jsonl", "odd2.jsonl"} {
		raw, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		wrong, ordinary := 0, 0
		for line := range strings.Lines(string(raw)) {
			var m struct{ Text, Route string }
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				t.Fatal(err)
			}
			c := d.Dispatch(m.Text)
			switch human := c.Route == tania.RouteHandoff || c.Route == tania.RouteFrustration || c.Route == tania.RouteSensitive; {
			case m.Route != "other" && !human:
				t.Errorf("%s: %q goes to %s, want a human", name, m.Text, c.Route)
			case m.Route == "other":
				ordinary++
				if human {
					wrong++
					t.Logf("%s: %q goes to a human: %s", name, m.Text, c.Why)
				}
			}
		}
		if wrong*50 > ordinary {
			t.Errorf("%s: %d of %d ordinary messages go to a human, want one in 50 at most", name, wrong, ordinary)
		}
	}
}
