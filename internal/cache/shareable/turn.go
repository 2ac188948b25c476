package shareable

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tania/internal/cache/store"
	"tania/internal/language"
	"tania/internal/tania"
	"tania/internal/words"
)

// Knowledge is what one version of a bot knows, as far as answers rest on it.
type Knowledge interface {
	// Version names the version.
	Version() string
	// Basis is a fingerprint of what an answer to a question rests on that was made from sources: the answer holds in every version in which
	// it is the same.
	Basis(question *language.Reading, sources []string) string
}

// Request is a turn as the cache needs it. The governor has let it pass.
type Request struct {
	Scope store.Scope
	// Knowledge is the bot's that answers; nil: it never changes.
	Knowledge Knowledge
	// Text is all of the turn; Attachments reports whether there is more than text.
	Text        string
	Attachments bool
	// Reading is that of Text where the turn has read it already; nil: the cache reads it.
	Reading *language.Reading
	// Quoted reports whether the customer answers a message by quoting it, or comes from an advertisement or a story: the text alone is
	// not all of the question.
	Quoted bool
	// History is what was said before, the newest last.
	History []tania.Entry
	// Contact is who asks: an answer that names them is not stored.
	Contact tania.Contact
	Channel tania.Channel
}

// Alone is the request as anybody's: without what was said before, and without who asks. An answer that is kept is made for it.
func (r Request) Alone() Request {
	r.History, r.Contact = nil, tania.Contact{}
	return r
}

// Turn reports why a turn must not be served from, or stored in, what customers share, "" if it may: the text's own reason, or one that
// only the conversation knows.
func Turn(r Request, now time.Time) Refusal {
	switch {
	case r.Attachments:
		return RefusalAttachment
	case r.Quoted:
		return RefusalQuoted
	case slices.ContainsFunc(r.History, func(e tania.Entry) bool { return e.From == tania.FromHuman }):
		// What they granted holds for this customer: neither is it everybody's, nor is everybody's answer this customer's.
		return RefusalColleague
	}
	if len(r.Text) > LongestQuestion {
		return RefusalTooLong
	}
	why, content := judge(r.read())
	if why == "" && continues(r, content, now) {
		return RefusalFollowUp
	}
	return why
}

// read gives the reading of the text.
func (r Request) read() *language.Reading {
	if r.Reading != nil {
		return r.Reading
	}
	return language.Read(r.Text)
}

// recent is how old the last words may be for a conversation to be still about them.
const recent = 30 * time.Minute

// continues reports whether a text that could be understood alone is more likely an answer, or goes on about what was just said: the bot or
// an agent has asked something, or there are few words.
func continues(r Request, content int, now time.Time) bool {
	if len(r.History) == 0 {
		return false
	}
	last := r.History[len(r.History)-1]
	if now.Sub(last.At) > recent {
		return false
	}
	if last.From != tania.FromCustomer && endsAsking(last.Text) {
		return true
	}
	return content < fewWords
}

// fewWords is how many words with a meaning a text must have to stand alone in a running conversation.
const fewWords = 2

// endsAsking reports whether a text ends with a question that wants something of the customer; "Anything else?" does not.
func endsAsking(text string) bool {
	text = strings.TrimSpace(text)
	at := strings.LastIndexAny(text, "?")
	if at < 0 || utf8.RuneCountInString(text[at:]) > 20 {
		return false
	}
	begin := 0
	if i := strings.LastIndexAny(text[:at], ".!?¿\n"); i >= 0 {
		_, size := utf8.DecodeRuneInString(text[i:])
		begin = i + size
	}
	return !anythingElse.MatchString(words.Fold(text[begin:at]))
}
