package cacheeval

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"tania/internal/cache"
	"tania/internal/cache/index"
	"tania/internal/cache/same"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/cache/store/memstore"
	"tania/internal/tania"
)

// Outcome counts a stream's look-ups.
type Outcome struct {
	Queries      int `json:"queries"`
	Hits         int `json:"hits"`
	Wrong        int `json:"wrong"`
	ExactHits    int `json:"exact_hits"`
	SemanticHits int `json:"semantic_hits"`
	// SemanticWrong are the wrong ones of the semantic hits.
	SemanticWrong int `json:"semantic_wrong"`
	// Refused counts queries that the gate refused; they count as misses.
	Refused int `json:"refused"`
	// Answers counts the model's calls for misses, Verifications those that checked a hit behind it.
	Answers       int `json:"answers"`
	Verifications int `json:"verifications"`
}

func (o *Outcome) add(p Outcome) {
	o.Queries, o.Hits, o.Wrong, o.ExactHits = o.Queries+p.Queries, o.Hits+p.Hits, o.Wrong+p.Wrong, o.ExactHits+p.ExactHits
	o.SemanticHits, o.SemanticWrong, o.Refused = o.SemanticHits+p.SemanticHits, o.SemanticWrong+p.SemanticWrong, o.Refused+p.Refused
	o.Answers, o.Verifications = o.Answers+p.Answers, o.Verifications+p.Verifications
}

// Comparison is what a look-up compared, and whether the entry had the right answer.
type Comparison struct {
	Features []float64
	Right    bool
}

// noRepeat looks up to n texts of a set up once each, in an order by seed.
func noRepeat(m *same.Model, rows []Row, n int, seed uint64, each func(Comparison)) (Outcome, error) {
	rnd := rand.New(rand.NewPCG(seed, 1))
	return stream(m, rows, sample(rows, n, rnd), rnd, each)
}

// zipf looks n disturbed texts up that are drawn with repetition from up to n texts of a set.
func zipf(m *same.Model, rows []Row, n int, seed uint64) (Outcome, error) {
	rnd := rand.New(rand.NewPCG(seed, 2))
	return stream(m, rows, draws(sample(rows, n, rnd), n, rnd), rnd, nil)
}

// sample gives up to n rows in random order.
func sample(rows []Row, n int, rnd *rand.Rand) []Row {
	order := rnd.Perm(len(rows))
	list := make([]Row, min(n, len(rows)))
	for i := range list {
		list[i] = rows[order[i]]
	}
	return list
}

// bench is a cache as it serves, with a stub for the model.
type bench struct {
	cache *cache.Cache
	model *stub
	// labels are by answer.
	labels map[string]string
	// asked is the query that is looked up now.
	asked Row
	calls struct{ answers, verifications int }
	// clock is the cache's, in nanoseconds.
	clock atomic.Int64
	stop  func()
}

// begin is when streams are asked.
var begin = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// newBench starts a cache in memory, with the settings of a server and what change makes of them; background verification is on.
func newBench(m *same.Model, rows []Row, rnd *rand.Rand, change ...func(*bench, *cache.Options)) (*bench, error) {
	ctx, stop := context.WithCancel(context.Background())
	b := &bench{model: newStub(rows, rnd), labels: map[string]string{}}
	b.clock.Store(begin.UnixNano())
	store := memstore.New(memstore.Options{})
	o := cache.Options{
		Store: store, Model: m, MaxEntries: 1 << 30, Rand: rand.New(rand.NewPCG(rnd.Uint64(), 3)),
		Now: func() time.Time { return time.Unix(0, b.clock.Load()).UTC() },
		Fresh: func(context.Context, shareable.Request) (shareable.Candidate, error) {
			b.calls.verifications++
			return b.answer(), nil
		},
	}
	for _, c := range change {
		c(b, &o)
	}
	b.cache = cache.New(o)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = b.cache.Run(ctx) // it ends with its context, and has nothing to say
	}()
	b.stop = func() {
		stop()
		<-ended
		_ = store.Close()
	}
	return b, b.cache.Started(ctx)
}

// answer is the stub's to the query.
func (b *bench) answer() shareable.Candidate {
	text := b.model.answer(b.asked)
	if b.labels[text] == "" {
		b.labels[text] = b.asked.Label
	}
	return shareable.Candidate{Text: text, Alone: true, Known: true}
}

// request makes a customer's first message of a row.
func request(r Row) shareable.Request {
	return shareable.Request{Scope: store.Scope{Account: 1, Inbox: 1, Language: languageOf(r), Version: "eval"}, Text: r.Text}
}

// ask looks a row up as a worker does, and has a miss answered and kept.
func (b *bench) ask(ctx context.Context, r Row) (cache.Look, error) {
	b.asked = r
	q := request(r)
	seen := b.cache.Look(ctx, q)
	if !seen.Hit {
		b.calls.answers++
		b.cache.Keep(q, seen, b.answer())
	}
	return seen, b.cache.Settle(ctx)
}

// stream asks one query after the other.
func stream(m *same.Model, rows, queries []Row, rnd *rand.Rand, each func(Comparison)) (o Outcome, err error) {
	ctx := context.Background()
	b, err := newBench(m, rows, rnd)
	if err != nil {
		return o, err
	}
	defer b.stop()
	for _, r := range queries {
		o.Queries++
		seen, err := b.ask(ctx, r)
		if err != nil {
			return o, err
		}
		right := b.labels[seen.Near] == r.Label
		if each != nil && seen.Features != nil {
			each(Comparison{seen.Features, right})
		}
		switch {
		case seen.Refusal != "":
			o.Refused++
		case seen.Hit:
			o.count(seen.Tier, b.labels[seen.Answer] == r.Label)
		}
	}
	o.Answers, o.Verifications = b.calls.answers, b.calls.verifications
	return o, nil
}

func (o *Outcome) count(tier index.Tier, right bool) {
	wrong := 0
	if !right {
		wrong = 1
	}
	o.Hits++
	o.Wrong += wrong
	if tier == index.TierExact {
		o.ExactHits++
		return
	}
	o.SemanticHits++
	o.SemanticWrong += wrong
}

// language is a row's; a row of no one language is told by its text, as the worker does.
func languageOf(r Row) tania.Language {
	switch r.Language {
	case tania.Spanish, tania.English, tania.Portuguese:
		return r.Language
	}
	return detect(r.Text)
}
