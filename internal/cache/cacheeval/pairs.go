package cacheeval

import (
	"cmp"
	"context"
	"math/rand/v2"

	"tania/internal/cache"
	"tania/internal/cache/same"
	"tania/internal/cache/shareable"
	"tania/internal/language"
	"tania/internal/tania"
)

// Guarded counts pairs of one category that were served.
type Guarded struct {
	Different       int `json:"different"`
	DifferentServed int `json:"different_served"`
	Same            int `json:"same"`
	SameServed      int `json:"same_served"`
}

// Admitted counts what the gate let pass of one kind.
type Admitted struct {
	N        int `json:"n"`
	Admitted int `json:"admitted"`
}

// Miss is a pair or a message that went otherwise than its label.
type Miss struct {
	Kind string `json:"kind"`
	Row
	Served  bool              `json:"served"`
	Refusal shareable.Refusal `json:"refusal,omitempty"`
	Veto    same.Veto         `json:"veto,omitempty"`
	Score   float64           `json:"score,omitempty"`
}

// guards stores the answer to the first of each pair and looks the second up.
func guards(m *same.Model, rows []Row) (map[string]Guarded, []Miss, error) {
	counts := map[string]Guarded{}
	var misses []Miss
	for _, r := range rows {
		seen, err := servePair(m, r)
		if err != nil {
			return nil, nil, err
		}
		c := counts[r.Category]
		served := 0
		if seen.Hit {
			served = 1
		}
		if r.Same == 1 {
			c.Same++
			c.SameServed += served
		} else {
			c.Different++
			c.DifferentServed += served
		}
		counts[r.Category] = c
		if seen.Hit != (r.Same == 1) {
			misses = append(misses, Miss{"pair", r, seen.Hit, seen.Refusal, seen.Veto, seen.Score})
		}
	}
	return counts, misses, nil
}

// servePair says what a look-up of the second question sees when the first has been answered.
func servePair(m *same.Model, r Row, change ...func(*bench, *cache.Options)) (cache.Look, error) {
	ctx := context.Background()
	first, second := Row{Language: r.Language, Text: r.A, Label: "a"}, Row{Language: r.Language, Text: r.B, Label: "b"}
	b, err := newBench(m, []Row{first}, rand.New(rand.NewPCG(1, 1)), change...)
	if err != nil {
		return cache.Look{}, err
	}
	defer b.stop()
	if _, err := b.ask(ctx, first); err != nil {
		return cache.Look{}, err
	}
	return b.cache.Look(ctx, request(second)), nil
}

// cacheable asks the gate about each message, and counts by why it may or may not be cached.
func cacheable(rows []Row) (map[string]Admitted, []Miss) {
	counts := map[string]Admitted{}
	var misses []Miss
	for _, r := range rows {
		c := counts[r.Why]
		c.N++
		why := shareable.Question(language.Read(r.Text))
		if why == "" {
			c.Admitted++
		}
		counts[r.Why] = c
		if (why == "") != (*r.Cacheable == 1) {
			misses = append(misses, Miss{Kind: "cacheable", Row: r, Served: why == "", Refusal: why})
		}
	}
	return counts, misses
}

// detect tells a text's language as the worker does, Spanish where it does not tell.
func detect(text string) tania.Language {
	return cmp.Or(language.Detect(text), tania.Spanish)
}
