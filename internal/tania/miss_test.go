package tania_test

import (
	"slices"
	"testing"
	"time"

	"tania/internal/tania"
)

func TestOnlyTheLastAnswerIsReviewed(t *testing.T) {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	record := func(id tania.MessageID, turn tania.TurnID, ago time.Duration, o tania.Outcome, route tania.Route) tania.Record {
		return tania.Record{Message: id, Turn: turn, At: now.Add(-ago), Outcome: o, Route: route}
	}
	answered := func(id tania.MessageID, turn tania.TurnID, ago time.Duration) tania.Record {
		return record(id, turn, ago, tania.OutcomeAnswered, tania.RouteModel)
	}
	for name, c := range map[string]struct {
		records []tania.Record
		want    []tania.MessageID
	}{
		"nothing was said":          {},
		"all messages of the turn":  {[]tania.Record{answered(1, "a", 0), answered(2, "b", 0), answered(3, "b", 0)}, []tania.MessageID{2, 3}},
		"just in time":              {[]tania.Record{answered(1, "a", tania.ReviewWithin)}, []tania.MessageID{1}},
		"too late":                  {[]tania.Record{answered(1, "a", tania.ReviewWithin+time.Second)}, nil},
		"not known":                 {[]tania.Record{answered(1, "a", 0), record(2, "b", 0, tania.OutcomeNotKnown, tania.RouteModel)}, nil},
		"a greeting":                {[]tania.Record{record(1, "a", 0, tania.OutcomeAnswered, tania.RouteGreeting)}, nil},
		"silence after the answer":  {[]tania.Record{answered(1, "a", 0), record(2, "b", 0, tania.OutcomeSilent, "")}, nil},
		"decided after it happened": {[]tania.Record{answered(1, "a", -time.Second)}, nil},
	} {
		var got []tania.MessageID
		for _, r := range tania.Reviewed(c.records, now, func(v *tania.Review) { v.Corrected = now }) {
			got = append(got, r.Message)
			if r.Missed() != tania.MissCorrected {
				t.Errorf("%s: message %d is not marked", name, r.Message)
			}
		}
		if slices.Sort(got); !slices.Equal(got, c.want) {
			t.Errorf("%s: reviewed are %d, want %d", name, got, c.want)
		}
	}
}
