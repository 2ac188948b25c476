package pages

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tania/internal/privacy"
	"tania/internal/tania"
)

// Event is a message, with the decision on it where it was the last of its turn.
type Event struct {
	ID   tania.MessageID
	From tania.Author
	Name string
	Text string
	At   time.Time
	// With is the message whose decision was this one's too, 0 where Decision tells or none was made.
	With     tania.MessageID
	Decision *Decision
}

// Decision is a record, and what a page computes of it.
type Decision struct {
	tania.Record
	// Waited is how long the customer waited, 0 where that is not known.
	Waited time.Duration
	Steps  []Step
	// Total is the time of all steps, in milliseconds.
	Total float64
}

// Step is a step as a bar: Left and Width are in thousandths of the time of all.
type Step struct {
	tania.Step
	Left, Width float64
}

// Timeline puts messages and decisions in order. What the history no longer holds is taken from the records.
func Timeline(history []tania.Entry, records []tania.Record, mask privacy.Mask) []Event {
	var events []Event
	at := map[tania.MessageID]int{}
	for _, e := range history {
		if e.ID != 0 {
			at[e.ID] = len(events)
		}
		events = append(events, Event{ID: e.ID, From: e.From, Name: mask.Name(e.Name), Text: mask.Content(e.Text), At: e.At})
	}
	for _, r := range records {
		if _, known := at[r.Message]; !known {
			at[r.Message] = len(events)
			when := r.Received
			if when.IsZero() {
				when = r.At
			}
			events = append(events, Event{ID: r.Message, From: tania.FromCustomer, Text: mask.Content(r.Content), At: when})
		}
	}
	lastOf := map[tania.TurnID]tania.MessageID{}
	for _, r := range records {
		lastOf[r.Turn] = max(lastOf[r.Turn], r.Message)
	}
	for _, r := range records {
		event := &events[at[r.Message]]
		if last := lastOf[r.Turn]; r.Turn != "" && last != r.Message {
			event.With = last
			continue
		}
		event.Decision = decide(r, mask)
		if said(history, r.Reply) {
			event.Decision.Reply = ""
		}
	}
	// Messages without an id are those of the bot: their places in the history are right, and their times.
	slices.SortStableFunc(events, func(a, b Event) int {
		if a.ID != 0 && b.ID != 0 {
			return cmp.Compare(a.ID, b.ID)
		}
		return a.At.Compare(b.At)
	})
	return events
}

// said reports whether a reply is in the history.
func said(history []tania.Entry, reply string) bool {
	start, _, _ := strings.Cut(strings.TrimSpace(reply), "\n")
	return slices.ContainsFunc(history, func(e tania.Entry) bool {
		return e.From == tania.FromBot && start != "" && strings.Contains(e.Text, start)
	})
}

func decide(r tania.Record, mask privacy.Mask) *Decision {
	v := &Decision{Record: mask.Record(r)}
	if !r.Received.IsZero() {
		v.Waited = r.At.Sub(r.Received)
	}
	for _, s := range r.Steps {
		v.Total += s.Millis
	}
	left := 0.0
	for _, s := range r.Steps {
		// A step that took no time to speak of is still seen.
		width := max(1000*s.Millis/max(v.Total, 0.001), 4)
		v.Steps = append(v.Steps, Step{Step: s, Left: min(left, 1000-width), Width: width})
		left += 1000 * s.Millis / max(v.Total, 0.001)
	}
	return v
}
