package cache_test

import (
	"context"
	"errors"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/cache"
	"tania/internal/cache/index"
	"tania/internal/cache/same"
	"tania/internal/cache/store"
	"tania/internal/embedding"
)

// meaning is an embedding that is near for the texts that the test calls alike.
func meaning(sense string, dimensions int) []float32 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(sense))
	rnd := rand.New(rand.NewPCG(h.Sum64(), 1))
	v := make([]float32, dimensions)
	for i := range v {
		v[i] = float32(rnd.NormFloat64())
	}
	return v
}

var senses = map[string]string{hours: "hours", "atención al público, ¿en qué momento?": "hours", returns: "returns", password: "password"}

// quantised makes vectors of what a model gives.
func quantised(
	embed func(context.Context, string) ([]float32, error),
) func(context.Context, store.Scope, string) (embedding.Vector, error) {
	return func(ctx context.Context, _ store.Scope, text string) (embedding.Vector, error) {
		v, err := embed(ctx, text)
		return embedding.Quantise(v), err
	}
}

func embedder(_ context.Context, _ store.Scope, text string) (embedding.Vector, error) {
	return embedding.Quantise(meaning(senses[text], 64)), nil
}

// byMeaning is a model that serves on a little likeness of words, which only embeddings can make enough.
func byMeaning() *same.Model {
	weights := make([]float64, len(same.FeatureNames))
	weights[0] = -0.2
	return same.NewModel(weights, 0.5)
}

func TestAnEmbedderFindsWhatWordsDoNot(t *testing.T) {
	c := start(t, cache.Options{Store: memory(t), Model: byMeaning(), Embed: embedder, Verify: never, Patience: time.Second})
	tell(t, c, hours, opens)
	l := serves(t, c, "atención al público, ¿en qué momento?", opens)
	if l.Tier != index.TierSemantic {
		t.Errorf("the tier is %s", l.Tier)
	}
	misses(t, c, returns)
}

func TestAnEmbedderThatFailsLeavesTheWords(t *testing.T) {
	for name, embed := range map[string]func(context.Context, string) ([]float32, error){
		"down":            func(context.Context, string) ([]float32, error) { return nil, errors.New("connection refused") },
		"empty":           func(context.Context, string) ([]float32, error) { return nil, nil },
		"zero":            func(context.Context, string) ([]float32, error) { return make([]float32, 64), nil },
		"not a number":    func(context.Context, string) ([]float32, error) { return []float32{1, float32(math.NaN()), 2}, nil },
		"infinite":        func(context.Context, string) ([]float32, error) { return []float32{1, float32(math.Inf(-1)), 2}, nil },
		"always the same": func(context.Context, string) ([]float32, error) { return meaning("all", 64), nil },
		"another size each time": func(_ context.Context, text string) ([]float32, error) {
			return meaning(text, 1+len(text)), nil
		},
		"frozen": func(ctx context.Context, _ string) ([]float32, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
		"deaf, and slow": func(context.Context, string) ([]float32, error) {
			<-time.After(30 * time.Second)
			return meaning("late", 64), nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := start(t, cache.Options{Store: memory(t), Embed: quantised(embed), Verify: never})
				for i, text := range []string{
					hours, returns, password, "¿Qué garantía tienen los zapatos?",
					"¿Venden tarjetas de regalo para empresas?",
				} {
					began := time.Now()
					l := look(t, c, text)
					if took := time.Since(began); took > 20*time.Millisecond {
						t.Errorf("a look-up took %s", took)
					}
					if l.Hit || l.Refusal != "" || math.IsNaN(l.Score) {
						t.Errorf("%q: %+v", text, l)
					}
					began = time.Now()
					if why := c.Keep(asked(text), l, made([]string{opens, back, reset, "Dos años.", "Desde 20 €."}[i])); why != "" ||
						time.Since(began) > 0 {
						t.Errorf("%q: refused for %q after %s", text, why, time.Since(began))
					}
				}
				settle(t, c)
				serves(t, c, hours, opens)
				if l := serves(t, c, hours2, opens); l.Tier != index.TierSemantic {
					t.Errorf("the tier is %s", l.Tier)
				}
				x := c.Explain(t.Context(), shop, hours2)
				if math.IsNaN(x.Score) || math.IsNaN(x.Threshold) || !x.Hit {
					t.Errorf("explain: %+v", x)
				}
			})
		})
	}
}

// A frozen embedder must not take the places of those who store answers and give leads back.
func TestAFrozenEmbedderKeepsNobodyFromStoring(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		frozen := func(ctx context.Context, _ store.Scope, _ string) (embedding.Vector, error) {
			<-ctx.Done()
			return embedding.Vector{}, ctx.Err()
		}
		c := start(t, cache.Options{Store: memory(t), Verify: never, Embed: frozen})
		for range 200 {
			look(t, c, returns)
		}
		if why := c.Keep(asked(hours), misses(t, c, hours), made(opens)); why != "" {
			t.Fatalf("refused for %s", why)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		serves(t, c, hours, opens)
	})
}

func TestAnotherModelOfEmbeddingsIsAnotherScope(t *testing.T) {
	c := start(t, cache.Options{Store: memory(t), Embed: embedder, Verify: never})
	tell(t, c, hours, opens)
	changed := asked(hours)
	changed.Scope.Version = "v2"
	if l := c.Look(t.Context(), changed); l.Hit || l.Refusal != "" {
		t.Errorf("%+v, want a miss", l)
	}
	for _, other := range []func(*store.Scope){
		func(s *store.Scope) { s.Account = 9 }, func(s *store.Scope) { s.Inbox = 9 }, func(s *store.Scope) { s.Audience = "vip" },
		func(s *store.Scope) { s.Language = "en" },
	} {
		r := asked(hours)
		other(&r.Scope)
		if l := c.Look(t.Context(), r); l.Hit {
			t.Errorf("%+v is served the answer of %+v", r.Scope, shop)
		}
	}
}
