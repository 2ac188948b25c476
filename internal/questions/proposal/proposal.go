// Package proposal drafts an entry of the FAQ from what a human answered: a conversation comes in, the answer goes out with personal data
// replaced, for a person to edit and publish.
package proposal

import (
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tania/internal/lazyregexp"
	"tania/internal/questions/exchange"
	"tania/internal/tania"
)

// longest is how much of an answer is proposed, in characters.
const longest = 4000

// Answer gives what humans of the team answered to a message of a conversation, without personal data, whose marks are in a language; ""
// where nobody did or where the conversation no longer holds it. Where they first asked back, it is what they said in the end. public are
// the texts that the bot tells everybody, as for Of.
func Answer(c *tania.Conversation, message tania.MessageID, l tania.Language, public iter.Seq[string]) string {
	all := exchange.Find(c.History)
	first := slices.IndexFunc(all, func(x exchange.Exchange) bool {
		return slices.ContainsFunc(x.Asked, func(e tania.Entry) bool { return e.ID == message })
	})
	if first < 0 {
		return ""
	}
	last := first + 1
	for last < len(all) && !all[last].Asks() {
		last++
	}
	fullest, ok := exchange.Fullest(all[first:last])
	if !ok {
		return ""
	}
	text := strings.Join(saying(fullest.Answered, Of(c, public), l), "\n")
	if utf8.RuneCountInString(text) > longest {
		text = string([]rune(text)[:longest])
	}
	return text
}

// saying are the texts of messages that say something, without personal data and greetings; questions back are left out where something
// else is said.
func saying(answered []tania.Entry, persons Persons, l tania.Language) (all []string) {
	var told []string
	for _, e := range answered {
		text := withoutGreeting(persons.Replace(strings.TrimSpace(e.Text), l))
		if exchange.Telling(withoutMarks(text)) == 0 {
			continue
		}
		all = append(all, text)
		if !strings.HasSuffix(text, "?") {
			told = append(told, text)
		}
	}
	if len(told) > 0 {
		return told
	}
	return all
}

// greeting is how a human's message to one customer begins.
var greeting = lazyregexp.New(`^(?i:hola|buen(?:os|as)? ?(?:d[ií]as?|tardes?|noches?)?|estimad[oa]|hi|hello|hey|good (?:morning|afternoon|evening)|dear|ol[áa]|oi|bom dia|boa (?:tarde|noite)|prezad[oa])\b?` +
	`[\s,!.]*(?:` + strings.Join(quoted(namesOf()), "|") + `)?[\s,!.:;]+`)

func quoted(all []string) (list []string) {
	for _, s := range all {
		list = append(list, regexp.QuoteMeta(s))
	}
	return list
}

// withoutGreeting takes the greeting off an answer that goes on after it.
func withoutGreeting(text string) string {
	for range 2 { // "Hola, buenas tardes."
		at := greeting.FindStringIndex(text)
		if at == nil || exchange.Telling(withoutMarks(text[at[1]:])) == 0 {
			break
		}
		text = text[at[1]:]
	}
	if at := link.FindStringIndex(text); at != nil && at[0] == 0 {
		return text // an address is written as it is
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
