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

// TestWhatIsWantedStaysSo, however the answer is rated afterwards, also in a record of before Wanted.
func TestWhatIsWantedStaysSo(t *testing.T) {
	rating := func(v tania.Verdict) *tania.Rating { return &tania.Rating{Verdict: v} }
	bad, good, faq := rating(tania.RatedBad), rating(tania.RatedGood), rating(tania.RatedFAQ)
	old := tania.Review{Rated: faq}
	for name, c := range map[string]struct {
		review tania.Review
		said   []*tania.Rating
		want   tania.Miss
		wants  bool
		kept   int
	}{
		"nothing":              {tania.Review{}, nil, tania.MissNotKnown, false, 0},
		"good":                 {tania.Review{}, []*tania.Rating{bad, good}, "", false, 1},
		"wanted":               {tania.Review{}, []*tania.Rating{faq}, tania.MissWantedEntry, true, 1},
		"wanted, then good":    {tania.Review{}, []*tania.Rating{faq, good}, tania.MissWantedEntry, true, 2},
		"good, then wanted":    {tania.Review{}, []*tania.Rating{good, faq}, tania.MissWantedEntry, true, 2},
		"wanted and bad":       {tania.Review{}, []*tania.Rating{faq, bad}, tania.MissRatedBad, true, 2},
		"of old":               {old, nil, tania.MissWantedEntry, true, 1},
		"of old, then good":    {old, []*tania.Rating{good}, tania.MissWantedEntry, true, 2},
		"of old, bad and good": {old, []*tania.Rating{bad, good}, tania.MissWantedEntry, true, 2},
	} {
		r := tania.Record{Outcome: tania.OutcomeNotKnown, Review: c.review}
		for _, said := range c.said {
			r.Review.Rate(said)
		}
		if got := r.Missed(); got != c.want || r.Review.Wants() != c.wants || len(r.Review.Ratings()) != c.kept {
			t.Errorf("%s: missed as %q, wanted %v, %d ratings are kept", name, got, r.Review.Wants(), len(r.Review.Ratings()))
		}
	}
}
