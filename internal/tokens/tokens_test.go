package tokens

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// counted is a text and what tokenizers make of it.
type counted struct {
	Kind, Text                    string
	O200k, Cl100k, Llama2, Llama3 int
}

func read(t *testing.T) (all []counted) {
	t.Helper()
	content, err := os.ReadFile("testdata/counted.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(content)) {
		var c counted
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

// TestTheEstimateIsSeldomTooLow holds how far the estimate is from the greater of what cl100k and llama3 count.
func TestTheEstimateIsSeldomTooLow(t *testing.T) {
	type sums struct{ estimated, real, small int }
	of := map[string]*sums{}
	for _, c := range read(t) {
		got, real := Count(c.Text), max(c.Cl100k, c.Llama3)
		if ratio := float64(got) / float64(real); ratio < 0.85 || ratio > 1.6 {
			t.Errorf("%s: %d instead of %d tokens (%.2f): %.60q", c.Kind, got, real, ratio, c.Text)
		}
		if of[c.Kind] == nil {
			of[c.Kind] = &sums{}
		}
		s := of[c.Kind]
		s.estimated, s.real, s.small = s.estimated+got, s.real+real, s.small+c.Llama2
	}
	for kind, s := range of {
		ratio, small := float64(s.estimated)/float64(s.real), float64(s.estimated)/float64(s.small)
		t.Logf("%s: %.2f of cl100k and llama3, %.2f of llama2", kind, ratio, small)
		if ratio < 0.92 || small < 0.6 {
			t.Errorf("%s: %.2f of cl100k and llama3, %.2f of llama2", kind, ratio, small)
		}
	}
}

func TestCutKeepsWithinTheCount(t *testing.T) {
	for _, c := range read(t) {
		for _, most := range []int{0, 1, 7, 25, 10_000} {
			cut := Cut(c.Text, most)
			if !strings.HasPrefix(c.Text, cut) || !utf8.ValidString(cut) || Count(cut) > most {
				t.Errorf("%s: %d tokens remain of %d: %q", c.Kind, Count(cut), most, cut)
			}
			if most == 10_000 && cut != c.Text {
				t.Errorf("%s: a short text was cut", c.Kind)
			}
		}
	}
	if got := Cut(strings.Repeat("a", 1000), 20); len(got) < 40 {
		t.Errorf("of a word without an end %d letters are left", len(got))
	}
	if got := Count("\xff\xfe"); got == 0 {
		t.Error("bytes that are no text count nothing")
	}
}

func BenchmarkCount(b *testing.B) {
	text := strings.Repeat("Abrimos de lunes a viernes de 9:00 a 18:00, y los sábados hasta las 14:00. ", 27)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Count(text)
	}
}
