// Package promise reads what a reply says was done, and what it promises, in Spanish, English and Portuguese; and what a text says that
// bears it out. No I/O.
package promise

import (
	"strings"

	"tania/internal/language"
)

// Act is what is said to be done or promised, from a closed set: several verbs are one act.
type Act string

// The acts. Other is one of none of the others.
const (
	Cancel   Act = "cancel"
	Book     Act = "book"
	Refund   Act = "refund"
	Send     Act = "send"
	Contact  Act = "contact"
	Change   Act = "change"
	Register Act = "register"
	Confirm  Act = "confirm"
	Charge   Act = "charge"
	Switch   Act = "switch"
	Check    Act = "check"
	HandOver Act = "hand over"
	Solve    Act = "solve"
	Other    Act = "other"
)

// Claim is something that a reply says was done, or promises.
type Claim struct {
	Act Act
	// Done reports whether it is said to be done already.
	Done bool
	Text string
	// stem is how the verb begins, or the word before it.
	stem string
}

// Given is what a reply may rest on.
type Given struct {
	// Passages are texts of the business; Results what tools gave, and what the bot and its colleagues said before.
	Passages, Results []string
	// Asked are the customer's own words: what they say was done may be said again to them.
	Asked []string
	// Handover says whether a human takes over with it.
	Handover Handover
}

// Handover says whether a human takes over with a reply.
type Handover uint8

const (
	// Possible is a handover of which is not known whether it is made.
	Possible Handover = iota
	// Made is one that is made: a human will look at the conversation.
	Made
	// None is none.
	None
)

// Unkept gives the claims of a reply that nothing bears out.
func Unkept(reply string, given Given) (unkept []Claim) {
	var known *evidence
	for sentence := range language.Sentences(withoutQuotations(reply)) {
		for _, c := range claims(sentence) {
			if known == nil {
				known = evidenceOf(given)
			}
			if !known.bears(c, sentence) {
				c.Text = strings.TrimSpace(sentence)
				unkept = append(unkept, c)
			}
		}
	}
	return unkept
}

// claims are those of a sentence.
func claims(sentence string) (list []Claim) {
	if strings.Contains(sentence, "?") || strings.Contains(sentence, "¿") {
		sentence = beforeQuestion(sentence)
	}
	for _, part := range parts(sentence) {
		c := read(part)
		c.text = part
		list = append(list, c.claims()...)
	}
	return list
}

// beforeQuestion is what a sentence says before it asks.
func beforeQuestion(sentence string) string {
	if head, _, ok := strings.Cut(sentence, "¿"); ok {
		return head
	}
	return ""
}

// parts are those of a sentence that a condition does not reach.
func parts(sentence string) []string {
	return strings.FieldsFunc(sentence, func(r rune) bool { return r == ';' || r == '—' || r == '\n' })
}

// withoutQuotations is a text without what stands between quotation marks.
func withoutQuotations(text string) string {
	for _, marks := range [][2]string{{"“", "”"}, {"«", "»"}, {"\"", "\""}} {
		for {
			from := strings.Index(text, marks[0])
			if from < 0 {
				break
			}
			size := strings.Index(text[from+len(marks[0]):], marks[1])
			if size < 0 {
				break
			}
			text = text[:from] + " … " + text[from+len(marks[0])+size+len(marks[1]):]
		}
	}
	return text
}
