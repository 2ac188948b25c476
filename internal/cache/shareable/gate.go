// Package shareable decides what customers may share: which questions may be answered from the cache, and which answers may be kept in it.
package shareable

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tania/internal/cache/reading"
	"tania/internal/words"
)

// LongestQuestion is the longest text that the cache reads, in bytes.
const LongestQuestion = 1000

// Question says why a message must not be served from, or stored in, a cache that customers share; "" if it may. It knows the message alone,
// not the conversation, and judges by grammar: who acts, what is possessed, which pronoun has nothing to stand for. In doubt it refuses:
// a message refused costs a model call, a message admitted wrongly tells one customer what is another's.
func Question(text string) Refusal {
	if len(text) > LongestQuestion {
		return RefusalTooLong
	}
	folded := words.Fold(text)
	switch {
	case identifying(text, folded):
		return RefusalIdentifying
	case instructs(text, folded):
		return RefusalInstructs
	}
	m := hear(text, folded)
	switch {
	case m.followsUp():
		return RefusalFollowUp
	case m.action():
		return RefusalAction
	case m.personal():
		return RefusalPersonal
	case m.volatile():
		return RefusalVolatile
	}
	return ""
}

// spoken is a message as the gate's rules read it.
type spoken struct {
	// all is every word, folded; rest is those without courtesy; content is those of rest that carry meaning.
	all, rest, content []string
	// accented is the words of the text that lose an accent which tells verbs from other words: "está", "é", "compré".
	accented map[string]bool
}

// hear reads a message, given folded too.
func hear(text, folded string) *spoken {
	m := &spoken{all: reading.Canonical(reading.Tokenise(folded)), accented: accented(text)}
	m.rest = reading.WithoutCourtesy(m.all)
	for _, w := range m.rest {
		if !reading.FunctionWords[w] && !reading.Addresses[w] {
			m.content = append(m.content, w)
		}
	}
	return m
}

// accented gives the words of a text that end in an accented vowel, folded.
func accented(text string) map[string]bool {
	var found map[string]bool
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return nil
	}
	for field := range strings.FieldsSeq(text) {
		field = strings.TrimFunc(field, func(r rune) bool { return strings.ContainsRune(`¿?¡!.,;:"'()…`, r) })
		for _, end := range []string{"á", "é", "í", "ó", "ú", "à", "Á", "É", "Í", "Ó", "él", "Él", "más", "Más", "às", "Às"} {
			if strings.HasSuffix(field, end) {
				if found == nil {
					found = map[string]bool{}
				}
				found[words.Fold(field)] = true
				break
			}
		}
	}
	return found
}

// at is the word of rest at a position, "" outside.
func (m *spoken) at(i int) string {
	if i < 0 || i >= len(m.rest) {
		return ""
	}
	return m.rest[i]
}

// says reports whether one of the phrases stands anywhere in the message.
func (m *spoken) says(book phrasebook) bool {
	for i := range m.rest {
		if m.saysAt(book, i) {
			return true
		}
	}
	return false
}

// saysAt reports whether one of the phrases begins at a position.
func (m *spoken) saysAt(book phrasebook, i int) bool {
	for _, phrase := range book[m.at(i)] {
		if len(m.rest)-i >= len(phrase) && slices.Equal(m.rest[i:i+len(phrase)], phrase) {
			return true
		}
	}
	return false
}

// phrasebook holds phrases by their first word.
type phrasebook map[string][][]string

// book makes a phrasebook of phrases that stand between bars, written as canonical does.
func book(list string) phrasebook {
	b := phrasebook{}
	for phrase := range strings.SplitSeq(list, "|") {
		if parts := strings.Fields(phrase); len(parts) > 0 {
			b[parts[0]] = append(b[parts[0]], parts)
		}
	}
	return b
}

// infinitive reports whether a word looks like one of Spanish or Portuguese.
func infinitive(w string) bool {
	if notInfinitives[w] || len(w) < 4 && !(w == "ver" || w == "ir" || w == "ser" || w == "dar") {
		return false
	}
	w = strings.TrimSuffix(strings.TrimSuffix(w, "me"), "se")
	return strings.HasSuffix(w, "ar") || strings.HasSuffix(w, "er") || strings.HasSuffix(w, "ir")
}

// notInfinitives end as infinitives do; the English ones because a gate does not know the language.
var notInfinitives = reading.WordSet(`lugar celular mujer ayer hogar bar car mar dolar familiar similar ejemplar particular regular escolar order ever never other another over under after however
	number folder letter water paper computer customer manager user member offer power summer winter weather whether together better later cheaper larger smaller bigger
	answer center super poder primer tercer mayor alquiler taller lunar popular acucar azucar`)
