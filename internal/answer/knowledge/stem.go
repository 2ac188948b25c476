package knowledge

import (
	"cmp"

	"tania/internal/answer/knowledge/synonyms"
	"tania/internal/tania"
	"tania/internal/words"
)

// stem is the word's concept if it has one, else its root in a language.
func (w word) stem(lang tania.Language) string { return w.stemmed(lang, words.Stem) }

func (w word) stemmed(lang tania.Language, by stemmer) string {
	if w.number {
		return w.text
	}
	if c, ok := synonyms.Concepts[w.text]; ok {
		return c
	}
	root := synonyms.Root(w.text, lang, by)
	return cmp.Or(synonyms.Concept(w.text, root, lang), root)
}
