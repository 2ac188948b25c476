// Package approval is the team's word on calls of tools that need it: what its notes and labels say, deciding on the request of a
// conversation, waking the turn that waits, and the notes in which all that is told. Which call is made is for the turn.
package approval

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tania/internal/tania"
)

// ReasonLimit is how much of a reason is kept, in characters.
const ReasonLimit = 500

// Word is what a note says.
type Word struct {
	Verdict tania.Approved
	// Number is the request that it names, 0 for none.
	Number int
	Reason string
	// More is set where a note begins with /approve and says something else too: it decides nothing.
	More bool
}

// Read tells what a note says on a request: "/approve" or "/reject why" as its first word, each perhaps with the request's number. ok is
// false for any other note.
func Read(note string) (w Word, ok bool) {
	fields := strings.Fields(note)
	if len(fields) == 0 {
		return w, false
	}
	switch strings.TrimRight(strings.ToLower(fields[0]), ":,.!-") {
	case "/approve":
		w.Verdict = tania.ApprovalGiven
	case "/reject":
		w.Verdict = tania.ApprovalRejected
	default:
		return w, false
	}
	fields = fields[1:]
	if len(fields) > 0 {
		if n, err := strconv.Atoi(strings.Trim(fields[0], "#.:,")); err == nil && n > 0 {
			w.Number, fields = n, fields[1:]
		}
	}
	if w.Verdict == tania.ApprovalGiven {
		w.More = len(fields) > 0
		return w, true
	}
	w.Reason = Reason(strings.Join(fields, " "))
	return w, true
}

// Reason is a reason as it is kept: in one line, and not longer than ReasonLimit.
func Reason(said string) string {
	said = strings.Join(strings.Fields(said), " ")
	if utf8.RuneCountInString(said) > ReasonLimit {
		said = string([]rune(said)[:ReasonLimit-1]) + "…"
	}
	return said
}

// Labels name those that decide, by verdict; empty: none does.
type Labels map[tania.Approved]string

// Put gives the verdict whose label is among those of now and was not before, "" for none or both.
func (l Labels) Put(before, now []string) (put tania.Approved) {
	for _, v := range []tania.Approved{tania.ApprovalGiven, tania.ApprovalRejected} {
		name := l[v]
		if name == "" || !slices.Contains(now, name) || slices.Contains(before, name) {
			continue
		}
		if put != "" {
			return ""
		}
		put = v
	}
	return put
}
