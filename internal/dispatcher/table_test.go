package dispatcher

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"tania/internal/language"
)

// TestNoRuleIsPassedOver compares what the rules find with what they find when every one of them is tried at every word.
func TestNoRuleIsPassedOver(t *testing.T) {
	g := builtin()
	f, err := os.Open(filepath.Join("testdata", "mixed2.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	found := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var sample struct{ Text string }
		if err := json.Unmarshal(lines.Bytes(), &sample); err != nil {
			t.Fatal(err)
		}
		m := g.read(language.Read(sample.Text))
		got := map[hit]bool{}
		for _, h := range m.hits(nil) {
			got[h] = true
		}
		for h := range everyHit(m) {
			if found++; !got[h] {
				t.Errorf("%q: passed over %s at %q", sample.Text, h.block.name, m.words(h.from, h.to))
			}
		}
		m.release()
	}
	if found < 100 {
		t.Errorf("only %d hits were compared", found)
	}
}

// everyHit tries all rules at all words.
func everyHit(m *message) map[hit]bool {
	hits := map[hit]bool{}
	for _, blocks := range m.g.blocks {
		for _, b := range blocks {
			for _, p := range b.hits {
				for at := range m.tokens {
					if end, ok := m.match(p, at); ok {
						hits[hit{p, at, end}] = true
					}
				}
			}
		}
	}
	return hits
}
