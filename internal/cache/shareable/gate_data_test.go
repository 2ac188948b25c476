package shareable_test

import (
	"bufio"
	"encoding/json"
	"hash/fnv"
	"os"
	"testing"

	"tania/internal/cache/shareable"
	"tania/internal/language"
)

// labelled is a line of the gate's test data.
type labelled struct {
	Lang      string `json:"lang"`
	Cacheable int    `json:"cacheable"`
	Why       string `json:"why"`
	Text      string `json:"text"`
}

// tuned reports whether a message is in the half that the rules were tuned on.
func tuned(text string) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(text))
	return h.Sum32()>>7&1 == 0
}

func readLabelled(t testing.TB, path string) (rows []labelled) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var r labelled
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	if len(rows) < 50 {
		t.Fatalf("%s has %d messages", path, len(rows))
	}
	return rows
}

// TestNoMessageOfOneCustomerIsAdmittedAndNearlyEveryQuestionIs holds the gate to labelled messages: none that is not the same for
// everybody, and 95 % of those that are.
func TestNoMessageOfOneCustomerIsAdmittedAndNearlyEveryQuestionIs(t *testing.T) {
	files := []string{"../testdata/cacheable.jsonl", "../testdata/probes.jsonl", "../testdata/sample.jsonl"}
	for _, path := range files {
		t.Run(path, func(t *testing.T) {
			asked, admitted := 0, 0
			for _, r := range readLabelled(t, path) {
				reason := shareable.Question(language.Read(r.Text))
				if r.Cacheable == 1 {
					asked++
					if reason == "" {
						admitted++
					} else {
						t.Logf("refused as %s: %q", reason, r.Text)
					}
				} else if reason == "" {
					t.Errorf("admitted, though %s: %q (tuned half: %v)", r.Why, r.Text, tuned(r.Text))
				}
			}
			if share := float64(admitted) / float64(asked); share < 0.95 {
				t.Errorf("%.1f %% of %d questions admitted, want 95 %%", 100*share, asked)
			}
		})
	}
}
