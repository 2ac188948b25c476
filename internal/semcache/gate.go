package semcache

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tania/internal/words"
)

// Refusal is why a message is neither looked up nor its answer stored.
type Refusal string

// The refusals of questions.
const (
	RefusalIdentifying Refusal = "identifying" // a number, an address, a name
	RefusalPersonal    Refusal = "personal"    // about the customer's own order, account, balance
	RefusalFollowUp    Refusal = "follow_up"   // needs what was said before
	RefusalAction      Refusal = "action"      // asks to do something
	RefusalVolatile    Refusal = "volatile"    // true at this moment only
	RefusalInstructs   Refusal = "instructs"   // tells the bot how or what to answer
	RefusalTooLong     Refusal = "too_long"
)

// longest is the longest text that the cache reads, in bytes.
const longest = 1000

// Gate says why a message must not be served from, or stored in, a cache that customers share; "" if it may. It knows the message alone,
// not the conversation, and judges by grammar: who acts, what is possessed, which pronoun has nothing to stand for. In doubt it refuses:
// a message refused costs a model call, a message admitted wrongly tells one customer what is another's.
func Gate(text string) Refusal {
	if len(text) > longest {
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
	m := &spoken{all: canonical(tokenise(folded)), accented: accented(text)}
	m.rest = withoutCourtesy(m.all)
	for _, w := range m.rest {
		if !functionWords[w] && !addresses[w] {
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

// says says whether one of the phrases stands anywhere in the message.
func (m *spoken) says(book phrasebook) bool {
	for i := range m.rest {
		if m.saysAt(book, i) {
			return true
		}
	}
	return false
}

// saysAt says whether one of the phrases begins at a position.
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

func has(list []string, of map[string]bool) bool {
	return slices.ContainsFunc(list, func(w string) bool { return of[w] })
}

// infinitive says that a word looks like one of Spanish or Portuguese.
func infinitive(w string) bool {
	if notInfinitives[w] || len(w) < 4 && !(w == "ver" || w == "ir" || w == "ser" || w == "dar") {
		return false
	}
	w = strings.TrimSuffix(strings.TrimSuffix(w, "me"), "se")
	return strings.HasSuffix(w, "ar") || strings.HasSuffix(w, "er") || strings.HasSuffix(w, "ir")
}

// notInfinitives end as infinitives do; the English ones because a gate does not know the language.
var notInfinitives = set(`lugar celular mujer ayer hogar bar car mar dolar familiar similar ejemplar particular regular escolar order ever never other another over under after however
	number folder letter water paper computer customer manager user member offer power summer winter weather whether together better later cheaper larger smaller bigger
	answer center super poder primer tercer mayor alquiler taller lunar popular acucar azucar`)
