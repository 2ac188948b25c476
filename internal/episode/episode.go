// Package episode reads an episode of a conversation that has ended: what it leaves of its customer for later ones. What was said and
// decided in it comes in, recollections in the customer's own words go out; it decides by rules, and invents nothing.
package episode

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tania/internal/tania"
)

// Episode is what was said and decided until a conversation was resolved.
type Episode struct {
	// Bot names the assigned bot whose episode it is, empty for the main one. What other bots and humans were told is not its own.
	Bot          string
	Conversation tania.ConversationID
	// Entries are the messages of every author, ascending, Records the decisions on the customer's.
	Entries []tania.Entry
	Records []tania.Record
}

// Left gives what the episode leaves: what the customer said of themselves, what nobody answered, and what it was about last.
func (e *Episode) Left() []tania.Recollection {
	if len(e.Entries) == 0 {
		return nil
	}
	records := e.own()
	left := e.facts(records)
	left = append(left, e.open(records)...)
	return append(left, e.matter(records)...)
}

// own are the decisions of the bot on the episode's messages, ascending, without those that it was silent to.
func (e *Episode) own() []tania.Record {
	first := e.Entries[0].ID
	for i := range e.Entries {
		if id := e.Entries[i].ID; id != 0 && (first == 0 || id < first) {
			first = id
		}
	}
	var own []tania.Record
	for _, r := range e.Records {
		if r.Turn != "" && r.Bot == e.Bot && r.Message >= first && r.Outcome != tania.OutcomeSilent {
			own = append(own, r)
		}
	}
	return own
}

// decided finds the decision on a message, nil where the bot made none.
func decided(records []tania.Record, id tania.MessageID) *tania.Record {
	if i := slices.IndexFunc(records, func(r tania.Record) bool { return r.Message == id }); i >= 0 {
		return &records[i]
	}
	return nil
}

// facts are the sentences in which the customer told the bot something of themselves. Matters that only humans deal with leave none.
func (e *Episode) facts(records []tania.Record) (facts []tania.Recollection) {
	for _, said := range e.Entries {
		r := decided(records, said.ID)
		if said.From != tania.FromCustomer || r == nil || r.Route == tania.RouteSensitive || r.Route == tania.RouteFrustration {
			continue
		}
		for _, sentence := range selfDescriptions(said.Text) {
			facts = append(facts, e.recollection(tania.RecalledFact, sentence, said.ID, said))
		}
	}
	return facts
}

// open are the questions that the bot did not know, failed at, or asked back about in vain, and that no human wrote after or was called
// for.
func (e *Episode) open(records []tania.Record) (open []tania.Recollection) {
	for i, r := range records {
		missed := r.Outcome == tania.OutcomeNotKnown || r.Outcome == tania.OutcomeFailed ||
			r.Outcome == tania.OutcomeAskedBack && i == len(records)-1
		called := slices.ContainsFunc(records[i:], func(later tania.Record) bool { return later.Outcome == tania.OutcomeHandedOver })
		if !missed || called || e.colleagueAfter(r.Message) || private(r.Content) {
			continue
		}
		open = append(open, e.recollection(tania.RecalledOpen, r.Content, r.Message, e.entry(r.Message)))
	}
	return open
}

// matter is the last question of the episode that was more than a greeting, with how the episode ended.
func (e *Episode) matter(records []tania.Record) []tania.Recollection {
	for _, r := range slices.Backward(records) {
		asked := r.Route == tania.RouteFAQ || r.Route == tania.RouteCached || r.Route == tania.RouteModel
		if !asked || strings.TrimSpace(r.Content) == "" || private(r.Content) {
			continue
		}
		m := e.recollection(tania.RecalledMatter, r.Content, r.Message, e.entry(r.Message))
		m.Outcome, m.Colleague = records[len(records)-1].Outcome, e.colleagueAfter(r.Message)
		if records[len(records)-1].Outcome != tania.OutcomeHandedOver {
			m.Outcome = r.Outcome
		}
		return []tania.Recollection{m}
	}
	return nil
}

// entry is the message of an id; one that the history has lost is as old as the episode's first.
func (e *Episode) entry(id tania.MessageID) tania.Entry {
	if i := slices.IndexFunc(e.Entries, func(said tania.Entry) bool { return said.ID == id }); i >= 0 {
		return e.Entries[i]
	}
	return e.Entries[0]
}

func (e *Episode) colleagueAfter(id tania.MessageID) bool {
	return slices.ContainsFunc(e.Entries, func(said tania.Entry) bool { return said.From == tania.FromHuman && said.ID > id })
}

func (e *Episode) recollection(kind tania.RecollectionKind, text string, id tania.MessageID, said tania.Entry) tania.Recollection {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) > tania.RecollectionChars {
		text = string([]rune(text)[:tania.RecollectionChars-1]) + "…"
	}
	return tania.Recollection{Kind: kind, Bot: e.Bot, Text: text, Conversation: e.Conversation, Message: id, At: said.At}
}
