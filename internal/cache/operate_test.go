package cache_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tania/internal/cache"
	"tania/internal/cache/index"
	"tania/internal/cache/same"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/cache/store/sqlitestore"
	"tania/internal/embedding"
	"tania/internal/language"
)

func TestStatsAddUpOverProcesses(t *testing.T) {
	shared := &counters{}
	o := cache.Options{Verify: never}
	shared.share(&o)
	here, there := two(t, o)
	tell(t, here, hours, opens)
	settle(t, here, there)
	for range 3 {
		serves(t, here, hours, opens)
		serves(t, there, hours, opens)
		serves(t, there, hours2, opens)
	}
	look(t, there, "mi pedido 48213 no llega")
	misses(t, there, "¿Cuál es el horario de la tienda el domingo?")
	here.Keep(asked(returns), misses(t, here, returns), shareable.Candidate{Text: "Lo siento, no lo sé.", Alone: true, Known: true})
	here.Flush(t.Context())
	for _, c := range []*cache.Cache{here, there} {
		there.Flush(t.Context())
		s := stats(t, c)
		if s.ExactHits != 6 || s.SemanticHits != 3 || s.Hits != 9 || s.Misses != 3 ||
			s.HitRate != 75 || s.Refusals["identifying"] != 1 ||
			s.Refusals["answer_apology"] != 1 || s.Stored != 1 || s.SavedTokens != 9*900 || s.SavedUSD != 9*300e-6 ||
			s.Entries != 1 || s.ByCategory["general"] != 1 ||
			s.Vetoes["date"] != 1 || s.MedianAgeSeconds <= 0 || s.MedianAgeSeconds > 60 || s.Away || !s.Enabled {
			t.Errorf("the stats say %+v", s)
		}
	}
}

func TestExplainAgreesWithLook(t *testing.T) {
	model, err := same.ShippedModel()
	must(t, err)
	for name, m := range map[string]*same.Model{"shipped": model, "plain": plain(), "by meaning": byMeaning()} {
		t.Run(name, func(t *testing.T) {
			embed := func(_ context.Context, _ store.Scope, text string) (embedding.Vector, error) {
				return embedding.Quantise(meaning(strings.Fields(text)[0], 32)), nil
			}
			c := start(t, cache.Options{Store: memory(t), Model: m, Embed: embed, Patience: 5 * time.Second, Verify: never})
			for _, e := range [][2]string{{hours, opens}, {returns, back}, {password, reset}, {"¿Qué garantía tienen los zapatos?", "Dos años."}} {
				if l := look(t, c, e[0]); !l.Hit {
					c.Keep(asked(e[0]), l, made(e[1]))
					settle(t, c)
				}
			}
			rnd := rand.New(rand.NewPCG(1, 2))
			parts := strings.Fields("¿Cuál es el horario de la tienda? ¿Cómo devuelvo un producto defectuoso? cambio contraseña garantía zapatos no 500 lunes mi")
			for range 300 {
				words := make([]string, 1+rnd.IntN(7))
				for i := range words {
					words[i] = parts[rnd.IntN(len(parts))]
				}
				text := strings.Join(words, " ")
				x, l := c.Explain(t.Context(), shop, text), look(t, c, text)
				if x.Hit != l.Hit || x.Refusal != l.Refusal || l.Hit && (x.Entry != l.Entry ||
					x.Answer != l.Answer || x.Tier != l.Tier) || l.Refusal == "" && x.Score != l.Score {
					t.Errorf("%q: explained %+v, looked up %+v", text, x, l)
				}
			}
			x := c.Explain(t.Context(), shop, hours2)
			if len(x.Candidates) == 0 || len(x.Features) != len(same.FeatureNames) || x.ScopeKey != shop.Key() {
				t.Errorf("%+v does not say why", x)
			}
			before := stats(t, c)
			c.Explain(t.Context(), shop, hours)
			if diff := cmp.Diff(before, stats(t, c), cmpopts.IgnoreFields(cache.Stats{}, "MedianAgeSeconds")); diff != "" {
				t.Errorf("explain counts: %s", diff)
			}
		})
	}
}

func TestInvalidate(t *testing.T) {
	vip := shop
	vip.Audience = "vip"
	for _, c := range []struct {
		name string
		s    func(ids map[string]string) cache.Selection
		want []string // what is gone
	}{
		{"by id", func(ids map[string]string) cache.Selection { return cache.Selection{ID: ids[hours]} }, []string{hours}},
		{"by pattern", func(map[string]string) cache.Selection { return cache.Selection{Pattern: "*CÓMO *"} }, []string{password, returns}},
		{
			"by pattern with a slash", func(map[string]string) cache.Selection { return cache.Selection{Pattern: "*y/o*"} },
			[]string{"¿Venden bicicletas y/o patines?"},
		},
		{"by category", func(map[string]string) cache.Selection {
			return cache.Selection{Category: store.CategoryTransient}
		}, []string{"¿Qué descuentos tienen los estudiantes?"}},
		{"by scope", func(map[string]string) cache.Selection { return cache.Selection{Scope: vip.Key()} }, []string{"vip"}},
		{"by all of them", func(map[string]string) cache.Selection {
			return cache.Selection{Scope: shop.Key(), Pattern: "*", Category: store.CategoryGeneral}
		}, []string{hours, password, returns, "¿Venden bicicletas y/o patines?"}},
		{"none", func(map[string]string) cache.Selection { return cache.Selection{ID: "unknown"} }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			here, there := two(t, cache.Options{Verify: never})
			ids := map[string]string{}
			for _, e := range [][2]string{
				{hours, opens},
				{returns, back},
				{password, reset},
				{"¿Qué descuentos tienen los estudiantes?", "Un diez por ciento."},
				{"¿Venden bicicletas y/o patines?", "Ambas cosas tenemos."},
			} {
				ids[e[0]] = tell(t, here, e[0], e[1])
			}
			r := asked(hours)
			r.Scope = vip
			here.Keep(r, here.Look(t.Context(), r), made("Para usted, siempre."))
			settle(t, here, there)
			for id, e := range here.Entries() {
				if e.Scope == vip {
					ids["vip"] = id
				}
			}
			n, err := here.Invalidate(t.Context(), c.s(ids))
			if err != nil || n != len(c.want) {
				t.Fatalf("%d are gone, %v; want %d", n, err, len(c.want))
			}
			gone := func(c *cache.Cache) (list []string) {
				for text, id := range ids {
					if _, is := c.Entries()[id]; !is {
						list = append(list, text)
					}
				}
				return list
			}
			sorted := cmpopts.SortSlices(func(a, b string) bool { return a < b })
			if diff := cmp.Diff(c.want, gone(here), sorted); diff != "" {
				t.Errorf("gone at once (-want +got):\n%s", diff)
			}
			settle(t, there)
			if diff := cmp.Diff(c.want, gone(there), sorted); diff != "" {
				t.Errorf("gone in the other process (-want +got):\n%s", diff)
			}
		})
	}
	c := start(t, cache.Options{Store: memory(t)})
	for _, s := range []cache.Selection{{}, {Pattern: "[a"}} {
		if _, err := c.Invalidate(t.Context(), s); !errors.Is(err, cache.ErrSelection) {
			t.Errorf("%+v: %v, want ErrSelection", s, err)
		}
	}
}

func TestANewProcessServesWhatWasThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	run := func(use func(c *cache.Cache)) {
		t.Helper()
		store, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{})
		must(t, err)
		c, stop := process(t, cache.Options{Store: store, Verify: never, Embed: embedder})
		use(c)
		settle(t, c)
		stop()
		must(t, store.Close())
	}
	var before map[string]index.State
	run(func(c *cache.Cache) {
		id := tell(t, c, hours, opens)
		tell(t, c, "¿Qué días abre el almacén grande?", opens)
		tell(t, c, returns, back)
		serves(t, c, hours, opens)
		c.Feedback(tell(t, c, password, "Nadie lo sabe."), conversation(1), cache.SignalCorrected)
		settle(t, c)
		before = c.States()
		if shown, err := c.Show(t.Context(), id); err != nil || shown.Hits != 1 || len(shown.Aliases) != 1 {
			t.Errorf("%+v, %v", shown, err)
		}
	})
	run(func(c *cache.Cache) {
		if diff := cmp.Diff(before, c.States()); diff != "" {
			t.Errorf("after the restart (-before +after):\n%s", diff)
		}
		serves(t, c, hours, opens)
		misses(t, c, password)
		list := c.List(t.Context(), 1)
		if len(list) != 1 || list[0].Question != hours || list[0].Hits != 2 {
			t.Errorf("the first of the list is %+v", list)
		}
		if _, err := c.Show(t.Context(), "unknown"); !errors.Is(err, cache.ErrUnknown) {
			t.Error(err)
		}
	})
	must(t, os.WriteFile(path, []byte(strings.Repeat("This is no database. ", 1000)), 0o600))
	run(func(c *cache.Cache) {
		if n := len(c.Entries()); n != 0 {
			t.Errorf("%d entries in a file that was damaged", n)
		}
		tell(t, c, hours, opens)
		serves(t, c, hours, opens)
	})
	for _, part := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + part); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	run(func(c *cache.Cache) { misses(t, c, hours) })
}

func TestHostileTexts(t *testing.T) {
	c := start(t, cache.Options{Store: memory(t), Verify: never, Embed: embedder})
	long := strings.Repeat("¿horario? ", 100_000)
	began := time.Now()
	if l := look(t, c, long); l.Refusal != shareable.RefusalTooLong {
		t.Errorf("%q", l.Refusal)
	}
	if x := c.Explain(t.Context(), shop, long); x.Refusal != shareable.RefusalTooLong || x.Hit {
		t.Errorf("%q", x.Refusal)
	}
	if took := time.Since(began); took > 100*time.Millisecond {
		t.Errorf("a megabyte took %s", took)
	}
	parts := []string{
		"\x00", "\xff\xfe", "\xc2", "\u202e", "\u200b", "\u200d", "\ufeff", "\U0010ffff", "e" + strings.Repeat("\u0301", 60), "n't", "'", "’s",
		"l'", "¿", "?", "ﬁ", "ⅷ", "½",
		"１２３", "٣", "日本語", "مرحبا", "👩‍👩‍👧‍👦", "horario", "tienda", "de", "la", "K", "İ", "ß", "q", "\u2028", "%", "$", ".5", "1.", "1,,2",
		"----", "{{name}}", "<b>", "\\",
	}
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 400 {
		var b strings.Builder
		for range 1 + rnd.IntN(12) {
			b.WriteString(parts[rnd.IntN(len(parts))])
			if rnd.IntN(2) == 0 {
				b.WriteByte(' ')
			}
		}
		text := b.String()
		l := look(t, c, text)
		x := c.Explain(t.Context(), shop, text)
		if x.Hit != l.Hit || x.Refusal != l.Refusal {
			t.Errorf("%q: explained %v, %q; looked up %v, %q", text, x.Hit, x.Refusal, l.Hit, l.Refusal)
		}
		if !l.Hit {
			c.Keep(asked(text), l, made(text))
			settle(t, c)
		}
		same.Rephrases(hours, language.Read(text), "es")
	}
	settle(t, c)
	for _, e := range c.Entries() {
		if l := look(t, c, e.Question); !l.Hit {
			t.Errorf("%q is not found again: %+v", e.Question, l)
		}
	}
}
