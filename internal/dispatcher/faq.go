package dispatcher

import (
	"slices"
	"strings"

	"tania/internal/tania"
)

// FAQ is an entry recognised by keywords: every word of one phrase must be in the message, in any order, and nothing in it may ask for
// something else.
type FAQ struct {
	ID       string
	Keywords []string
	// About are the entry's other texts, its questions and answers: what they speak of is what the entry deals with.
	About []string
}

// topic is what an entry is about, in stems.
type topic struct {
	id string
	// asked are the words of its keywords, told those of its other texts.
	asked, told map[string]struct{}
}

// keywords is one phrase of an FAQ entry.
type keywords struct {
	topic *topic
	// words are the stems of the phrase's words, each once.
	words []string
	text  string
}

func (g *grammar) compileFAQ(entries []FAQ) []keywords {
	var list []keywords
	for _, e := range entries {
		t := &topic{id: e.ID, asked: map[string]struct{}{}, told: map[string]struct{}{}}
		for _, text := range e.Keywords {
			words := g.stemsOf(text)
			for _, w := range words {
				t.asked[w] = struct{}{}
			}
			slices.Sort(words)
			if words = slices.Compact(words); len(words) > 0 {
				list = append(list, keywords{t, words, text})
			}
		}
		for _, text := range e.About {
			for _, w := range g.stemsOf(text) {
				t.told[w] = struct{}{}
			}
		}
	}
	// The most specific phrase wins, then the first in the file.
	slices.SortStableFunc(list, func(a, b keywords) int { return len(b.words) - len(a.words) })
	return list
}

func (g *grammar) stemsOf(text string) []string {
	words := g.wordsOf(text)
	for i := range words {
		words[i] = stem(words[i])
	}
	return words
}

// match is a phrase whose words are all in the message.
type match struct {
	keywords
	// more says what else the message asks or says, which the entry does not deal with; it is empty where the message is wholly its question.
	more string
}

// findFAQ gives the most specific phrase whose words are all in the message; false when there is none.
func (m *message) findFAQ(list []keywords) (match, bool) {
	if len(list) == 0 {
		return match{}, false
	}
	var have [64]string
	stems := have[:0]
	for i := range m.tokens {
		stems = append(stems, stem(m.tokens[i].text))
	}
	var found match
	for _, k := range list {
		switch {
		case slices.ContainsFunc(k.words, func(w string) bool { return !slices.Contains(stems, w) }):
		case found.topic == nil:
			found = match{k, m.beyond(k.topic, stems)}
		case k.topic != found.topic && found.more == "" && !within(k.words, found.words):
			found.more = k.text
		}
	}
	return found, found.topic != nil
}

// beyond gives the first word of the message that has a meaning of its own beside the topic: no function word, no pleasantry, and no word
// of the entry. A negation is one, unless the keywords have it: "no quiero factura" does not ask for an invoice.
func (m *message) beyond(t *topic, stems []string) string {
	s := &m.g.social
	covered := 0
	for i := range m.tokens {
		for at := m.heads[i]; at >= 0; at = m.spans[at].next {
			if s.courtesy.has(m.spans[at].symbol) {
				covered = max(covered, i+int(m.spans[at].length))
			}
		}
		if _, asked := t.asked[stems[i]]; asked || i < covered {
			continue
		}
		_, told := t.told[stems[i]]
		if told = told || m.has(i, s.plain) && !subjects[m.tokens[i].text] || m.tokens[i].text == "no"; !told || m.negates(i) {
			return m.tokens[i].text
		}
	}
	return ""
}

// subjects are function words that ask for a place, a person or a reason: beside an entry that has none of them they ask for more than it
// says ("a qué hora abren y dónde están").
var subjects = map[string]bool{
	"donde": true, "adonde": true, "quien": true, "quienes": true, "where": true, "who": true, "why": true, "onde": true, "aonde": true,
	"quem": true,
}

// negates reports whether a word turns round what is said. The Portuguese "no" is "in the".
func (m *message) negates(at int) bool {
	return m.has(at, m.g.social.negation) && (m.tokens[at].text != "no" || m.spoken != tania.Portuguese)
}

func within(words, all []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(all, w) })
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
