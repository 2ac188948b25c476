package synonyms

import (
	"strings"
	"testing"
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
	for words, list := range PhraseWords {
		for _, p := range strings.Split(list, ";") {
			if p = strings.TrimSpace(p); phrases[p] != "" {
				t.Errorf("phrase %q is %q and %q", p, phrases[p], words)
			}
			phrases[p] = words
		}
	}
}
