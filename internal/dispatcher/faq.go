package dispatcher

import (
	"slices"
	"strings"
)

// keywords is one phrase of an FAQ entry.
type keywords struct {
	id string
	// words are the stems of the phrase's words, each once.
	words []string
	text  string
}

func (g *grammar) compileFAQ(entries []FAQ) []keywords {
	var list []keywords
	for _, e := range entries {
		for _, text := range e.Keywords {
			words := g.wordsOf(text)
			for i := range words {
				words[i] = stem(words[i])
			}
			slices.Sort(words)
			if words = slices.Compact(words); len(words) > 0 {
				list = append(list, keywords{e.ID, words, text})
			}
		}
	}
	// The most specific phrase wins, then the first in the file.
	slices.SortStableFunc(list, func(a, b keywords) int { return len(b.words) - len(a.words) })
	return list
}

// findFAQ gives the first phrase whose words are all in the message.
func (m *message) findFAQ(list []keywords) (id, why string, ok bool) {
	if len(list) == 0 {
		return "", "", false
	}
	var have [64]string
	stems := have[:0]
	for i := range m.tokens {
		stems = append(stems, stem(m.tokens[i].text))
	}
	for _, k := range list {
		if !slices.ContainsFunc(k.words, func(w string) bool { return !slices.Contains(stems, w) }) {
			return k.id, k.text, true
		}
	}
	return "", "", false
}

// stem takes the ending of number and gender off: horarios and horario, abierta and abierto, prices and price, are the
// same keyword. What remains has at least three letters.
func stem(word string) string {
	for _, ending := range [...]string{"es", "s"} {
		if s, ok := strings.CutSuffix(word, ending); ok && len(s) >= 3 {
			word = s
			break
		}
	}
	if len(word) > 3 && strings.IndexByte("aeo", word[len(word)-1]) >= 0 {
		word = word[:len(word)-1]
	}
	return word
}
