// Package guard checks a reply before it is sent, by rules and in less than a millisecond: its facts, what it says was done or promises,
// its language, whose data it gives away, the model's instructions, and words that the bot must not use. Texts come in, what is wrong
// comes out; no I/O.
package guard

import (
	"cmp"
	"slices"

	"tania/internal/guard/fact"
	"tania/internal/guard/promise"
	"tania/internal/language"
	"tania/internal/tania"
)

// Reply is a reply with what it is checked against.
type Reply struct {
	Text string
	// Language is that of the customer, among the bot's; empty: it is not checked.
	Language tania.Language
	// Sources are what it may rest on: passages, answers of tools, the bot's own texts.
	Sources []*Source
	// Conversation is what was said before, the question with it.
	Conversation []Said
	// Handover says whether a human takes over with it.
	Handover promise.Handover
	// Own reports whether the customer's own numbers may be said to them: what they wrote, and what a tool gave for them.
	Own bool
	// Forbidden are words that the bot must not use.
	Forbidden []string
	// Instructions are texts that only the model is to know; nil: none.
	Instructions *Recital
}

// Said is a message of a conversation.
type Said struct {
	From tania.Author
	Text string
}

// Source is a text that replies may rest on, read once.
type Source struct {
	text string
	read *fact.Text
	// result reports whether a tool gave it.
	result bool
}

// NewSource reads a passage, or a text of the bot.
func NewSource(text string) *Source { return &Source{text: text, read: fact.Read(text, "")} }

// NewResult reads what a tool gave.
func NewResult(text string) *Source {
	return &Source{text: text, read: fact.Read(text, ""), result: true}
}

// Finding is what is wrong with a reply: why it must not be sent, and the words that show it.
type Finding struct {
	Reason tania.GuardReason
	Words  string
}

// Check gives what is wrong with a reply, the gravest first; none where it may be sent.
func Check(r Reply) (findings []Finding) {
	if r.Instructions != nil && r.Instructions.In(r.Text) {
		findings = append(findings, Finding{Reason: tania.GuardRecital})
	}
	if w := forbidden(r.Text, r.Forbidden); w != "" {
		findings = append(findings, Finding{tania.GuardForbidden, w})
	}
	findings = append(findings, r.personal()...)
	if w := otherLanguage(r.Text, r.Language); w != "" {
		findings = append(findings, Finding{tania.GuardLanguage, w})
	}
	for _, c := range promise.Unkept(r.Text, r.given()) {
		findings = append(findings, Finding{tania.GuardPromise, c.Text})
	}
	return append(findings, r.facts()...)
}

// given is what claims may rest on.
func (r Reply) given() promise.Given {
	g := promise.Given{Handover: r.Handover}
	for _, s := range r.Sources {
		if s.result {
			g.Results = append(g.Results, s.text)
		} else {
			g.Passages = append(g.Passages, s.text)
		}
	}
	for _, s := range r.Conversation {
		if s.From == tania.FromCustomer {
			g.Asked = append(g.Asked, s.Text)
		} else {
			g.Results = append(g.Results, s.Text)
		}
	}
	return g
}

// facts finds those that stand nowhere. A contact detail that is like none given is somebody else's.
func (r Reply) facts() (findings []Finding) {
	read := fact.Read(r.Text, cmp.Or(language.Detect(r.Text), r.Language))
	if len(read.Facts()) == 0 {
		return nil
	}
	texts := make([]*fact.Text, 0, len(r.Sources)+len(r.Conversation))
	for _, s := range r.Sources {
		texts = append(texts, s.read)
	}
	for _, s := range r.Conversation {
		texts = append(texts, fact.Read(s.Text, ""))
	}
	for _, f := range fact.Missing(read, texts) {
		reason := tania.GuardFacts
		contact := f.Kind == fact.Mail || f.Kind == fact.Phone && len(f.Text) <= longestPhone
		if contact && !slices.ContainsFunc(texts, func(t *fact.Text) bool { return t.Near(f) }) {
			reason = tania.GuardOthersData
		}
		findings = append(findings, Finding{reason, f.Text})
	}
	return findings
}

// longestPhone is how many bytes a telephone number is written in.
const longestPhone = 20
