package cacheeval

import (
	"context"
	"hash/fnv"
	"strings"
	"testing"
	"time"

	"tania/internal/cache"
	"tania/internal/cache/reading"
	"tania/internal/cache/same"
	"tania/internal/cache/store"
	"tania/internal/embedding"
)

// orderless embeds the words of a text and not their order: to it, two questions with their parts exchanged are one.
func orderless(_ context.Context, _ store.Scope, text string) (embedding.Vector, error) {
	v := make([]float32, 64)
	for _, w := range strings.Fields(reading.Read(text, "").Exact) {
		h := fnv.New32a()
		_, _ = h.Write([]byte(w))
		v[h.Sum32()%64]++
	}
	return embedding.Quantise(v), nil
}

// TestWhatIsSaidTheOtherWayRoundIsAnotherQuestion stores the answer to one of each pair and looks the other up, either way, with the
// shipped model: by words alone, and with embeddings that see no order. The held-out half was written before the rules, and looked at once.
func TestWhatIsSaidTheOtherWayRoundIsAnotherQuestion(t *testing.T) {
	model, err := same.ShippedModel()
	if err != nil {
		t.Fatal(err)
	}
	embeds := func(_ *bench, o *cache.Options) {
		o.Embed = orderless
		o.Patience = time.Minute
	}
	for _, c := range []struct {
		half string
		// pairs is how many the half has at least, wrong how many of a hundred may be served.
		pairs, wrong int
	}{{"tuned", 70, 0}, {"heldout", 120, 1}, {"last", 50, 1}} {
		data, err := Load("../testdata/reversed")
		if err != nil {
			t.Fatal(err)
		}
		rows := data.PairsOf[c.half]
		for name, change := range map[string][]func(*bench, *cache.Options){"by words": nil, "with embeddings": {embeds}} {
			t.Run(c.half+" "+name, func(t *testing.T) {
				different, served, same, shared := 0, 0, 0, 0
				for _, r := range rows {
					back := r
					back.A, back.B = r.B, r.A
					for _, way := range []Row{r, back} {
						seen, err := servePair(model, way, change...)
						if err != nil {
							t.Fatal(err)
						}
						switch r.Same {
						case 1:
							same++
							if seen.Hit {
								shared++
							} else {
								t.Logf("%s is not shared (%s%s, %.2f): %q, %q", r.Category, seen.Veto, seen.Refusal, seen.Score, way.A, way.B)
							}
							if seen.Veto != "" {
								t.Errorf("%s: %q and %q are kept apart (%s)", r.Category, way.A, way.B, seen.Veto)
							}
						default:
							different++
							if seen.Hit {
								served++
								t.Logf("%s is confused: %q, %q", r.Category, way.A, way.B)
							}
						}
					}
				}
				t.Logf("%d of %d different ones served, %d of %d same ones shared", served, different, shared, same)
				if different < 2*c.pairs || served*100 > c.wrong*different {
					t.Errorf("%d of %d questions are served another's answer, want %d of 100 of at least %d", served, different, c.wrong, 2*c.pairs)
				}
				if 2*shared < same {
					t.Errorf("%d of %d that say the same share their answer, want half", shared, same)
				}
			})
		}
	}
}
