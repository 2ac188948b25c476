// Package rating is what agents say of the bot's answers where they work: a private note such as "/bad wrong price", or a label. Notes and
// labels come in, what they rate in a conversation's records goes out, and the note that confirms it.
package rating

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tania/internal/questions/exchange"
	"tania/internal/tania"
)

// ReasonLimit is how much of a reason is kept, in characters.
const ReasonLimit = 500

// commands are what a note that rates begins with.
var commands = map[string]tania.Verdict{"/bad": tania.RatedBad, "/good": tania.RatedGood, "/faq": tania.RatedFAQ}

// Read tells what a note says of an answer: "/bad", "/good" or "/faq" as its first word, and a reason. ok is false for any other note.
func Read(note string) (v tania.Verdict, reason string, ok bool) {
	fields := strings.Fields(note)
	if len(fields) == 0 {
		return "", "", false
	}
	v, ok = commands[strings.TrimRight(strings.ToLower(fields[0]), ":,.-")]
	if !ok {
		return "", "", false
	}
	reason = strings.Join(fields[1:], " ")
	if utf8.RuneCountInString(reason) > ReasonLimit {
		reason = string([]rune(reason)[:ReasonLimit-1]) + "…"
	}
	return v, reason, true
}

// Labels name the label that says each verdict; a verdict without one is said by notes alone.
type Labels map[tania.Verdict]string

// Put gives the verdicts whose label is among those of now and was not before.
func (l Labels) Put(before, now []string) (put []tania.Verdict) {
	for _, v := range []tania.Verdict{tania.RatedBad, tania.RatedGood, tania.RatedFAQ} {
		if name := l[v]; name != "" && slices.Contains(now, name) && !slices.Contains(before, name) {
			put = append(put, v)
		}
	}
	return put
}

// Place says which answer of a conversation is meant.
type Place struct {
	// Before is the note's number: what is rated was said before it; 0 for a label, which may mean the last.
	Before tania.MessageID
	// To is the message that the note replies to, 0 for none.
	To tania.MessageID
}

// Rated gives the records of the turn that is meant, none where there is none. They are ascending by message, as is the history. Good or
// bad is the last answer that the customer read, or the one that the note replies to; what is wanted among the FAQ is the question to which
// humans answered most, or the one that the note replies to, or, where no human wrote, the last one.
func Rated(records []tania.Record, history []tania.Entry, v tania.Verdict, at Place) []tania.Record {
	var known []tania.Record
	for _, r := range records {
		if r.Turn != "" && (at.Before == 0 || r.Message < at.Before) {
			known = append(known, r)
		}
	}
	if at.To != 0 {
		if turn := turnOf(known, func(r *tania.Record) bool { return r.Message == at.To || slices.Contains(r.Replies, at.To) }); turn != nil {
			return turn
		}
	}
	if v != tania.RatedFAQ {
		return turnOf(known, func(r *tania.Record) bool { return r.Reply != "" && r.Outcome.Reached() })
	}
	if x, ok := wanted(history, at); ok {
		if turn := asked(known, x); turn != nil {
			return turn
		}
	}
	return turnOf(known, func(r *tania.Record) bool { return strings.TrimSpace(r.Content) != "" })
}

// wanted is the exchange that is meant: the one that the note replies to, or the one with the fullest answer.
func wanted(history []tania.Entry, at Place) (exchange.Exchange, bool) {
	all := exchange.Find(slices.DeleteFunc(slices.Clone(history), func(e tania.Entry) bool { return at.Before != 0 && e.ID >= at.Before }))
	for _, x := range all {
		if at.To != 0 && x.Has(at.To) {
			return x, len(x.Asked) > 0
		}
	}
	return exchange.Fullest(all)
}

// asked gives the records of the question of an exchange: the one that the bot missed, else the one that says most.
func asked(records []tania.Record, x exchange.Exchange) []tania.Record {
	in := func(r *tania.Record) bool { return x.Has(r.Message) }
	if missed := turnOf(records, func(r *tania.Record) bool { return in(r) && r.Missed() != "" }); missed != nil {
		return missed
	}
	most := -1
	for i := range records {
		if r := &records[i]; in(r) {
			most = max(most, exchange.Telling(r.Content))
		}
	}
	return turnOf(records, func(r *tania.Record) bool { return in(r) && exchange.Telling(r.Content) == most })
}

// turnOf gives the records of the last turn of which one is as wanted, ascending by message.
func turnOf(records []tania.Record, want func(*tania.Record) bool) []tania.Record {
	for i := range slices.Backward(records) {
		if r := records[i]; want(&r) {
			return slices.DeleteFunc(slices.Clone(records), func(x tania.Record) bool { return x.Turn != r.Turn })
		}
	}
	return nil
}
