package cacheeval

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"tania/internal/cache"
	"tania/internal/cache/same"
	"tania/internal/tania"
)

// Day is a day of messages to one bot: questions with repetition, some asked far more often than others, in other words too, spread over
// the hours as a business has them.
type Day struct {
	Language tania.Language
	Messages int
	Seed     uint64
	// Others is the share of messages that no shared cache may serve: about the customer's own order, in the middle of a
	// conversation, to do something.
	Others float64
	// MaxEntries is CACHE_MAX_ENTRIES.
	MaxEntries int
	Prices     Prices
}

// Prices are what model calls take. Tokens are of one call, prices in micro-USD per thousand tokens.
type Prices struct {
	// Prompt is persona, knowledge and turn; Answer what the model writes; Judgement the prompt that compares two answers.
	Prompt, Answer, Judgement int
	Input, Output             float64
}

// Spent is what model calls took.
type Spent struct {
	Calls  int     `json:"calls"`
	Tokens int     `json:"tokens"`
	USD    float64 `json:"usd"`
}

func (s *Spent) add(calls, in, out int, p Prices) {
	s.Calls += calls
	s.Tokens += calls * (in + out)
	s.USD += float64(calls) * (float64(in)*p.Input + float64(out)*p.Output) / 1e9
}

// Replayed is what became of a day. Verifications and Judgements are model calls that the cache makes behind the answers.
type Replayed struct {
	Outcome
	Judgements int   `json:"judgements"`
	Without    Spent `json:"without"`
	With       Spent `json:"with"`
	// Calls are model calls since midnight, at each half hour.
	Calls []CallsAt `json:"calls"`
}

// CallsAt is a place of the curve.
type CallsAt struct {
	Hour    float64 `json:"hour"`
	Without int     `json:"without"`
	With    int     `json:"with"`
}

// hours are how many messages come in each hour of the day, of all.
var hours = []float64{1, 1, 0.5, 0.5, 0.5, 1, 2, 4, 7, 9, 10, 10, 9, 9, 10, 10, 9, 8, 8, 7, 6, 4, 3, 2}

// misjudged is how often the model that compares answers errs here.
const misjudged = 0.02

// Replay has a day's messages answered, with the cache and without.
func Replay(m *same.Model, d *Data, day Day) (r Replayed, err error) {
	ctx := context.Background()
	rnd := rand.New(rand.NewPCG(day.Seed, 5)) //nolint:gosec // a sample needs no secrecy
	rows, others := d.of(day.Language)
	queries := draws(sample(rows, day.Messages, rnd), day.Messages, rnd)
	for i := range queries {
		if len(others) > 0 && rnd.Float64() < day.Others {
			queries[i] = others[rnd.IntN(len(others))]
		}
	}
	b, err := newBench(m, rows, rnd, func(b *bench, o *cache.Options) {
		o.MaxEntries = day.MaxEntries
		o.Judge = func(_ context.Context, _, x, y string) (bool, error) {
			r.Judgements++
			return (b.labels[x] == b.labels[y]) != (rnd.Float64() < misjudged), nil
		}
	})
	if err != nil {
		return r, err
	}
	defer b.stop()
	for i, at := range arrivals(day.Messages, rnd) {
		for float64(len(r.Calls))/2 <= at.Hours() {
			r.mark(b)
		}
		b.clock.Store(begin.Add(at).UnixNano())
		// The cache trusts nothing that it has not heard of for a second.
		for range 2 {
			if err := b.cache.Settle(ctx); err != nil {
				return r, err
			}
		}
		seen, err := b.ask(ctx, queries[i])
		if err != nil {
			return r, err
		}
		r.Queries++
		switch {
		case seen.Refusal != "":
			r.Refused++
		case seen.Hit:
			r.count(seen.Tier, b.labels[seen.Answer] == queries[i].Label)
		}
	}
	r.mark(b)
	r.Answers, r.Verifications = b.calls.answers, b.calls.verifications
	p := day.Prices
	r.Without.add(r.Queries, p.Prompt, p.Answer, p)
	r.With.add(r.Answers+r.Verifications, p.Prompt, p.Answer, p)
	r.With.add(r.Judgements, p.Judgement, 1, p)
	return r, nil
}

// mark adds a place to the curve.
func (r *Replayed) mark(b *bench) {
	r.Calls = append(r.Calls, CallsAt{Hour: float64(len(r.Calls)) / 2, Without: r.Queries, With: b.calls.answers + b.calls.verifications +
		r.Judgements})
}

// arrivals are times of a day, in order.
func arrivals(n int, rnd *rand.Rand) []time.Duration {
	total := 0.0
	for _, h := range hours {
		total += h
	}
	list := make([]time.Duration, n)
	for i := range list {
		at := rnd.Float64() * total
		hour := 0
		for hour < len(hours)-1 && at > hours[hour] {
			at -= hours[hour]
			hour++
		}
		list[i] = time.Duration((float64(hour) + min(at/hours[hour], 1)) * float64(time.Hour))
	}
	slices.Sort(list)
	return list
}

// of gives the questions in a language, of all sets, and the messages that must not be cached. A label of one set is none of another's.
func (d *Data) of(lang tania.Language) (rows, others []Row) {
	for _, name := range d.Names {
		for _, r := range d.Streams[name] {
			if r.Language == lang {
				r.Label = name + "/" + r.Label
				rows = append(rows, r)
			}
		}
	}
	for _, r := range d.Gate {
		if r.Language == lang && *r.Cacheable == 0 {
			r.Label = "other/" + r.Text
			others = append(others, r)
		}
	}
	return rows, others
}
