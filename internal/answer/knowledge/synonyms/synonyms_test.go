package synonyms

import (
	"strings"
	"testing"

	"tania/internal/tania"
	"tania/internal/words"
)

func TestWordHasOneConcept(t *testing.T) {
	seen := map[string]string{}
	for name, words := range ConceptWords {
		for _, w := range strings.Fields(words) {
			if other, ok := seen[w]; ok && other != name {
				t.Errorf("%q is in %s and %s", w, name, other)
			}
			seen[w] = name
		}
	}
	phrases := map[string]string{}
	for _, row := range PhraseWords {
		for p := range strings.SplitSeq(row[1], ";") {
			p = strings.Join(strings.Fields(p), " ")
			if other, ok := phrases[p]; ok {
				t.Errorf("phrase %q is %q and %q", p, other, row[0])
			}
			phrases[p] = row[0]
		}
	}
}

func TestFormsOfAWordHaveItsConcept(t *testing.T) {
	for word, want := range map[string]string{
		"enviarmelo": "=shipping", "pagarlo": "=pay", "devolverla": "=return", "guaranteed": "=warranty", "reparandolo": "=repair",
		"carlo": "", "martillo": "", "mela": "", "sofa": "",
	} {
		got := ""
		for _, lang := range []tania.Language{tania.Spanish, tania.English, tania.Portuguese} {
			got += Concept(word, Root(word, lang, words.Stem), lang)
		}
		if got != want && (want == "" || !strings.Contains(got, want)) {
			t.Errorf("%q has the concept %q, want %q", word, got, want)
		}
	}
}
