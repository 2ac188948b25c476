// Package fact reads what of a text is right only where somebody wrote it down: prices, numbers with what they count, dates, days, times,
// telephone numbers, addresses, codes, names of plans. It finds those of a reply that stand in nothing the reply rests on. No I/O.
package fact

import (
	"encoding/json"
	"strings"
	"sync"

	"tania/internal/guard/fact/token"
	"tania/internal/guard/fact/unit"
	"tania/internal/language"
	"tania/internal/tania"
	"tania/internal/words"
)

// Kind is what a fact is, from a closed set.
type Kind string

// The kinds.
const (
	Price    Kind = "price"
	Quantity Kind = "quantity"
	Number   Kind = "number"
	Time     Kind = "time"
	Date     Kind = "date"
	Day      Kind = "day"
	Phone    Kind = "phone"
	Mail     Kind = "mail"
	Link     Kind = "link"
	Code     Kind = "code"
	Plan     Kind = "plan"
)

// Fact is a fact of a text, as it stands there.
type Fact struct {
	Kind Kind
	Text string
}

// fact is a fact as it is compared.
type fact struct {
	kind    Kind
	at, end int
	// value is that of a number, and the minutes since midnight of a time; alt is what else the figures may say, 1.5 of "1.500".
	value, alt float64
	unit       unit.Unit
	// days says whether days are working days: "work", "all" or empty.
	days string
	// digits is how the number was written, without what groups its figures.
	digits string
	// vague is a time of which is not known which half of the day it is in; clock a bare number that may be an hour.
	vague, clock bool
	// hours is a number with "h", which is a time or a duration.
	hours bool
	// loose is a number that stands in a field, worded one in words, hedged one that is said to be about so much, anaphoric one that refers to
	// what was said ("the two").
	loose, worded, hedged, anaphoric bool
	// day and month are a date's, year is 0 where it has none. swapped reports whether day and month may be each other.
	day, month, year int
	swapped          bool
	// set are days of the week; span reports whether they were named by the first and the last.
	set  dayset
	span bool
	// ranged is the first of two times that make a range; with are the words and times that a day is said with.
	ranged bool
	with   []string
	// id is what an address, a telephone number, a code or a name is compared by.
	id string
}

// Text is a text that was read. It is safe for concurrent use.
type Text struct {
	text  string
	facts []fact
	// field reports whether the text is JSON.
	field bool
	words func() map[string]bool
	codes func() string
}

// Read reads a text. The language is the one that it is written in; empty: it is found out, and where that fails every one is tried.
func Read(text string, lang tania.Language) *Text {
	if lang == "" {
		lang = language.Detect(text)
	}
	tokens, found := token.Cut(text)
	r := &reader{text: text, tokens: tokens, languages: languagesOf(lang)}
	r.parts = make([]string, len(tokens))
	for i, t := range tokens {
		r.parts[i] = t.Low
	}
	trimmed := strings.TrimSpace(text)
	r.field = strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[") && strings.HasSuffix(trimmed, "]")
	for _, a := range found {
		kind := Link
		if a.Mail {
			kind = Mail
		}
		r.facts = append(r.facts, fact{kind: kind, at: a.At, end: a.End, id: a.ID})
	}
	r.read()
	if r.field {
		r.facts = append(r.facts, lengths(trimmed)...)
	}
	t := &Text{text: text, facts: r.facts, field: r.field}
	t.words = sync.OnceValue(func() map[string]bool { return wordsOf(tokens, found, text) })
	t.codes = sync.OnceValue(func() string { return squeezed(text) })
	return t
}

var allLanguages = []tania.Language{tania.Spanish, tania.English, tania.Portuguese}

func languagesOf(lang tania.Language) []tania.Language {
	for i, l := range allLanguages {
		if l == lang {
			return allLanguages[i : i+1]
		}
	}
	return allLanguages
}

// Facts are those of the text.
func (t *Text) Facts() []Fact {
	list := make([]Fact, len(t.facts))
	for i, f := range t.facts {
		list[i] = Fact{f.kind, t.text[f.at:f.end]}
	}
	return list
}

// wordsOf are the words of a text and of its addresses.
func wordsOf(tokens []token.Token, found []token.Address, text string) map[string]bool {
	set := make(map[string]bool, len(tokens))
	for _, t := range tokens {
		if t.Sort != token.Sign {
			set[t.Low] = true
		}
	}
	for _, a := range found {
		for part := range language.Tokens(strings.ToLower(text[a.At:a.End])) {
			set[part] = true
		}
	}
	return set
}

// squeezed is a text without anything but letters and figures, in small letters.
func squeezed(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9' || r >= 'a' && r <= 'z':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, text)
}

// lengths are how many things each list of a JSON text has: a reply may say so.
func lengths(text string) (facts []fact) {
	var v any
	if json.Unmarshal([]byte(text), &v) != nil {
		return nil
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			facts = append(facts, fact{kind: Number, value: float64(len(v)), loose: true})
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			for _, item := range v {
				walk(item)
			}
		}
	}
	walk(v)
	return facts
}

// Near reports whether a text has a fact of the same kind that differs from another by a letter or two: it is that one, altered.
func (t *Text) Near(f Fact) bool {
	of := Read(f.Text, "").facts
	if len(of) == 0 {
		return false
	}
	for i := range t.facts {
		if g := &t.facts[i]; g.kind == f.Kind && words.Distance(g.id, of[0].id, 2) <= 2 {
			return true
		}
	}
	return false
}
