package cacheeval

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"tania/internal/cache"
	"tania/internal/cache/same"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/cache/store/memstore"
	"tania/internal/embedding"
	"tania/internal/tania"
)

// Dimensions are those of the vectors that Embedder makes.
const Dimensions = 1536

// Embedder gives vectors by text, as an embedding server does: texts that share letters are near each other. They are made ahead, so that
// getting one takes no time.
type Embedder map[string][]float32

// NewEmbedder makes the vectors of texts.
func NewEmbedder(texts ...string) Embedder {
	e := Embedder{}
	pieces := map[string][]float32{}
	for _, text := range texts {
		v := make([]float32, Dimensions)
		for at := 0; at < len(text); at += 4 {
			for i, x := range piece(pieces, text[at:min(at+4, len(text))]) {
				v[i] += x
			}
		}
		e[text] = v
	}
	return e
}

func piece(known map[string][]float32, text string) []float32 {
	v := known[text]
	if v == nil {
		rnd := rand.New(rand.NewPCG(uint64(len(known)), 9)) //nolint:gosec // a sample needs no secrecy
		v = make([]float32, Dimensions)
		for i := range v {
			v[i] = float32(rnd.NormFloat64())
		}
		known[text] = v
	}
	return v
}

// Embed is cache.Options.Embed.
func (e Embedder) Embed(_ context.Context, _ store.Scope, text string) (embedding.Vector, error) {
	return embedding.Quantise(e[text]), nil
}

// Filled is a cache that has an answer to each of some questions, in one index.
type Filled struct {
	Cache *cache.Cache
	Scope store.Scope
	stop  func()
}

// Fill starts one; e may be nil.
func Fill(ctx context.Context, lang tania.Language, questions []string, e Embedder) (*Filled, error) {
	model, err := same.ShippedModel()
	if err != nil {
		return nil, err
	}
	f := &Filled{Scope: store.Scope{Account: 1, Inbox: 1, Language: lang, Version: "filled"}}
	entryStore := memstore.New(memstore.Options{})
	now := time.Now()
	for some := range slices.Chunk(questions, 1000) {
		entries := make([]store.Entry, len(some))
		for i, text := range some {
			entries[i] = store.Entry{
				ID: text, Cluster: text, Scope: f.Scope, Question: text, Answer: "Claro que sí. " + text + " Está en nuestra página. ¿Algo más?",
				Category: store.CategoryFAQ, Created: now, Expires: now.Add(24 * time.Hour), Tokens: 1700, Cost: 200, Vector: embedding.Pack(e[text]),
			}
		}
		if err := entryStore.Put(ctx, 1, entries...); err != nil {
			return nil, err
		}
	}
	o := cache.Options{Store: entryStore, Model: model, MaxEntries: 1 << 30, Patience: time.Minute}
	if e != nil {
		o.Embed = e.Embed
	}
	f.Cache = cache.New(o)
	running, end := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = f.Cache.Run(running) // it ends with its context, and has nothing to say
	}()
	f.stop = func() {
		end()
		<-ended
		_ = entryStore.Close()
	}
	// Loading many takes longer than a silent store is trusted: it must have been heard of since.
	for _, wait := range []func(context.Context) error{f.Cache.Started, f.Cache.Settle, f.Cache.Settle} {
		if err := wait(ctx); err != nil {
			f.stop()
			return nil, err
		}
	}
	return f, nil
}

// Request makes a customer's first message.
func (f *Filled) Request(text string) shareable.Request {
	return shareable.Request{Scope: f.Scope, Text: text}
}

// Close ends it.
func (f *Filled) Close() { f.stop() }
