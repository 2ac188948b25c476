// Package conversations finds conversations by who the customer is, what was said, what became of it and when: records and what is
// remembered come in, one decision of each conversation goes out.
package conversations

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"tania/internal/privacy"
	"tania/internal/tania"
	"tania/internal/words"
)

// Bounds of a search: of how many of the newest decisions of a day, or of all days, conversations are taken, how many customers are looked
// up, and how many conversations are found. fewRecords are looked at first: mostly they are enough.
const (
	fewRecords   = 500
	mostRecords  = 5000
	mostLookedUp = 1000
	Most         = 100
)

// Filter is which conversations are wanted; its zero value takes all.
type Filter struct {
	// Customer is part of a name, an e-mail, a telephone or an identifier, or the number of a contact, #501 for example.
	Customer string
	// Words are in a message or its answer, in any case and without regard to accents.
	Words   string
	Outcome tania.Outcome
	Reason  tania.Reason
	// Day is in UTC, as 2026-11-28.
	Day string
}

// FilterOf reads a filter from what an address asks for: customer, words, outcome, reason and day. What is no filter is left out, and named
// by a tania.FilterError.
func FilterOf(q url.Values) (Filter, error) {
	trimmed := func(name string) string { return strings.TrimSpace(q.Get(name)) }
	f := Filter{
		Customer: trimmed("customer"), Words: trimmed("words"), Outcome: tania.Outcome(trimmed("outcome")),
		Reason: tania.Reason(trimmed("reason")), Day: trimmed("day"),
	}
	var wrong tania.FilterError
	if _, err := time.Parse(time.DateOnly, f.Day); f.Day != "" && err != nil {
		wrong.Reject("day", "a day in UTC, 2026-11-28 for example")
		f.Day = ""
	}
	if f.Outcome != "" && !slices.Contains(Outcomes, f.Outcome) {
		wrong.Reject("outcome", "one of "+OutcomeNames())
		f.Outcome = ""
	}
	if f.Reason != "" && !slices.Contains(tania.Reasons(), f.Reason) {
		wrong.Reject("reason", "one of "+ReasonNames())
		f.Reason = ""
	}
	return f, wrong.Err()
}

// Outcomes are those that a filter may want.
var Outcomes = []tania.Outcome{
	tania.OutcomeAnswered, tania.OutcomeNotKnown, tania.OutcomeAskedBack, tania.OutcomeHandedOver, tania.OutcomeSilent, tania.OutcomeWaiting,
	tania.OutcomeRetrying, tania.OutcomeFailed,
}

// OutcomeNames are the outcomes that a filter may want, for people.
func OutcomeNames() string { return names(Outcomes) }

// ReasonNames are the reasons that a filter may want, for people.
func ReasonNames() string { return names(tania.Reasons()) }

func names[T ~string](values []T) string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return strings.Join(list, ", ")
}

// Query is a filter as FilterOf reads it.
func (f Filter) Query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{
		"customer": f.Customer, "words": f.Words, "outcome": string(f.Outcome), "reason": string(f.Reason), "day": f.Day,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// takes reports whether a decision is wanted, as far as it tells itself.
func (f Filter) takes(r *tania.Record) bool {
	if f.Outcome != "" && f.Outcome != r.Outcome || f.Reason != "" && f.Reason != r.Reason {
		return false
	}
	return f.Words == "" || strings.Contains(words.Fold(r.Content+"\n"+r.Reply), words.Fold(f.Words))
}

// times are when the wanted decisions were made: from the first until before the second; zero for no bound.
func (f Filter) times() (from, to time.Time) {
	day, err := time.Parse(time.DateOnly, f.Day)
	if err != nil {
		return from, to
	}
	return day, day.AddDate(0, 0, 1)
}

// isOf reports whether a contact is the wanted customer.
func (f Filter) isOf(c *tania.Contact) bool {
	wanted := words.Fold(f.Customer)
	if id, ok := strings.CutPrefix(wanted, "#"); ok || digits(wanted) == wanted {
		if strconv.FormatInt(int64(c.ID), 10) == id {
			return true
		}
	}
	for _, known := range []string{c.Name, c.Email, c.Identifier} {
		if strings.Contains(words.Fold(known), wanted) {
			return true
		}
	}
	number := digits(wanted)
	return len(number) >= shortestNumber && strings.Contains(digits(c.Phone), number)
}

// shortestNumber is how many digits of a telephone are looked for.
const shortestNumber = 4

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// Conversation is one that was found: its newest decision that is wanted, and the customer, where they were looked for.
type Conversation struct {
	tania.Record
	Contact tania.Contact `json:"contact,omitzero"`
}

// Found is what was found, the newest first.
type Found struct {
	Conversations []Conversation `json:"conversations"`
	// Looked is how many decisions were looked at; More reports whether there are older ones, or more customers, that were not.
	Looked int  `json:"looked"`
	More   bool `json:"more,omitempty"`
}

// Store is what is searched. An engine is one.
type Store interface {
	RecordsBetween(ctx context.Context, from, to time.Time, limit int) ([]tania.Record, error)
	Conversations(ctx context.Context, keys []tania.ConversationKey) (map[tania.ConversationKey]tania.Conversation, error)
}

// Find gives the conversations that a filter wants, at most Most, with what is to be hidden hidden. What is hidden is not found by its
// words either, nor a customer by more than their number.
func Find(ctx context.Context, store Store, f Filter, mask privacy.Mask) (found Found, err error) {
	from, to := f.times()
	for _, limit := range []int{fewRecords, mostRecords} {
		records, err := store.RecordsBetween(ctx, from, to, limit)
		if err != nil {
			return Found{}, err
		}
		wanted := f.newest(records, mask)
		found = Found{Looked: len(records), More: len(records) == limit}
		if len(wanted) > mostLookedUp {
			wanted, found.More = wanted[:mostLookedUp], true
		}
		if wanted, err = f.ofCustomer(ctx, store, wanted, mask); err != nil {
			return Found{}, err
		}
		if len(wanted) > Most {
			wanted, found.More = wanted[:Most], true
		}
		found.Conversations = wanted
		if len(wanted) == Most || len(records) < limit {
			break
		}
	}
	return found, nil
}

// newest gives the newest decision of each conversation among those that are wanted as far as they tell themselves.
func (f Filter) newest(records []tania.Record, mask privacy.Mask) (wanted []Conversation) {
	seen := map[tania.ConversationKey]bool{}
	for _, r := range records {
		if seen[r.Key] {
			continue
		}
		if r = mask.Record(r); f.takes(&r) {
			seen[r.Key] = true
			wanted = append(wanted, Conversation{Record: r})
		}
	}
	return wanted
}

// ofCustomer gives those of the wanted customer, with who they are; all of them where nobody is looked for.
func (f Filter) ofCustomer(ctx context.Context, store Store, all []Conversation, mask privacy.Mask) (wanted []Conversation, err error) {
	if f.Customer == "" {
		return all, nil
	}
	for batch := range slices.Chunk(all, Most) {
		keys := make([]tania.ConversationKey, len(batch))
		for i := range batch {
			keys[i] = batch[i].Key
		}
		known, err := store.Conversations(ctx, keys)
		if err != nil {
			return nil, err
		}
		for _, one := range batch {
			if one.Contact = mask.Contact(known[one.Key].Contact); f.isOf(&one.Contact) {
				wanted = append(wanted, one)
			}
		}
		if len(wanted) > Most {
			break
		}
	}
	return wanted, nil
}
