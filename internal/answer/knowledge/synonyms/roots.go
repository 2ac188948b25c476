package synonyms

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"tania/internal/tania"
	"tania/internal/words"
)

// Root is what a folded word's forms have in common: its stem, by words.Stem or what does the same, without the pronouns that Spanish
// writes behind a verb ("armarla", "llevármela"), of which Snowball takes off some after long verbs alone.
func Root(folded string, lang tania.Language, by func(string, tania.Language) string) string {
	if lang == tania.Spanish {
		folded = withoutPronouns(folded)
	}
	return by(folded, lang)
}

// shortestVerb is how long what is left without pronouns is at least.
const shortestVerb = 5

var pronouns = []string{
	"melo", "mela", "melos", "melas", "selo", "sela", "selos", "selas", "noslo", "nosla", "los", "las", "les", "nos",
	"lo", "la", "le", "me", "se", "te",
}

// withoutPronouns takes those off an infinitive or a gerund.
func withoutPronouns(folded string) string {
	for _, p := range pronouns {
		head, ok := strings.CutSuffix(folded, p)
		if !ok || len(head) < shortestVerb {
			continue
		}
		for _, verb := range []string{"ar", "er", "ir", "ando", "iendo"} {
			if strings.HasSuffix(head, verb) {
				return head
			}
		}
	}
	return folded
}

// shortestForm is how long a word is at least that is taken for a form of a concept's words which is not listed.
const shortestForm = 5

// Concept is the one whose words have a root, "" for none; word is the whole one.
func Concept(word, root string, lang tania.Language) string {
	if utf8.RuneCountInString(word) < shortestForm {
		return ""
	}
	return conceptRoots[lang][root]
}

// conceptRoots name concepts by the roots of their words, where those tell one.
var conceptRoots = rootsOf(Concepts)

func rootsOf(named map[string]string) map[tania.Language]map[string]string {
	roots := map[tania.Language]map[string]string{}
	for _, lang := range []tania.Language{tania.Spanish, tania.English, tania.Portuguese} {
		of := map[string]string{}
		for _, w := range slices.Sorted(maps.Keys(named)) {
			r, name := Root(w, lang, words.Stem), named[w]
			if had, ok := of[r]; ok && had != name {
				name = ""
			}
			of[r] = name
		}
		roots[lang] = of
	}
	return roots
}
