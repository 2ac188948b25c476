package questions

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tania/internal/privacy"
	"tania/internal/tania"
	"tania/internal/words"
)

// Misses are the ones that a filter may want.
var Misses = []tania.Miss{
	tania.MissRatedBad, tania.MissWantedEntry, tania.MissNotKnown, tania.MissHandedOver, tania.MissDoubted, tania.MissCorrected,
	tania.MissWantedHuman,
}

// Filter says which questions are listed; its zero value lists all but those of MissWantedHuman.
type Filter struct {
	// Miss is the one that is wanted, empty for all that somebody can teach an answer to.
	Miss  tania.Miss
	Inbox tania.InboxID
	// Day is in UTC, as 2026-11-28.
	Day string
	// Words are in the question, the answer or an agent's reason, in any case and without regard to accents.
	Words string
	// Most puts what was asked most first, not what was asked last.
	Most bool
}

// takes reports whether a question is listed. What is hidden is not found by its words either.
func (f Filter) takes(q Question, mask privacy.Mask) bool {
	switch {
	case f.Miss == "" && q.Miss == tania.MissWantedHuman, f.Miss != "" && f.Miss != q.Miss, f.Inbox != 0 && f.Inbox != q.Inbox:
		return false
	case f.Day != "" && f.Day != q.At.UTC().Format(time.DateOnly):
		return false
	}
	shown := strings.Join([]string{mask.Content(q.Text), mask.Content(q.Answer), mask.Content(q.Reason)}, "\n")
	return f.Words == "" || strings.Contains(words.Fold(shown), words.Fold(f.Words))
}

// FilterOf reads a filter from what an address asks for: miss, inbox, day, words and sort, which is most or newest. What is no filter is
// left out, and named by a tania.FilterError.
func FilterOf(q url.Values) (Filter, error) {
	f := Filter{Miss: tania.Miss(q.Get("miss")), Day: q.Get("day"), Words: strings.TrimSpace(q.Get("words"))}
	var wrong tania.FilterError
	if f.Miss != "" && !slices.Contains(Misses, f.Miss) {
		wrong.Reject("miss", "one of "+Names())
		f.Miss = ""
	}
	if _, err := time.Parse(time.DateOnly, f.Day); f.Day != "" && err != nil {
		wrong.Reject("day", "a day in UTC, 2026-11-28 for example")
		f.Day = ""
	}
	if inbox := q.Get("inbox"); inbox != "" {
		id, err := strconv.ParseInt(inbox, 10, 64)
		if err != nil || id < 1 {
			wrong.Reject("inbox", "the number of an inbox")
			id = 0
		}
		f.Inbox = tania.InboxID(id)
	}
	switch q.Get("sort") {
	case "", "newest":
	case "most":
		f.Most = true
	default:
		wrong.Reject("sort", "newest or most")
	}
	return f, wrong.Err()
}

// Names are the misses that a filter may want, for people.
func Names() string {
	list := make([]string, len(Misses))
	for i, m := range Misses {
		list[i] = string(m)
	}
	return strings.Join(list, ", ")
}
