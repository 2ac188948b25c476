package pages

import (
	"strings"
	"time"

	"tania/internal/tania"
	"tania/internal/words"
)

// Filter is which decisions are listed; its zero value lists all.
type Filter struct {
	// Words are in the message or the answer, in any case and without regard to accents.
	Words   string
	Outcome tania.Outcome
	Reason  tania.Reason
	// Day is in UTC, as 2026-11-28.
	Day string
}

// Takes reports whether a decision is listed.
func (f Filter) Takes(r tania.Record) bool {
	switch {
	case f.Outcome != "" && f.Outcome != r.Outcome, f.Reason != "" && f.Reason != r.Reason:
		return false
	case f.Day != "" && f.Day != r.At.UTC().Format(time.DateOnly):
		return false
	}
	return f.Words == "" || strings.Contains(words.Fold(r.Content+"\n"+r.Reply), words.Fold(f.Words))
}
