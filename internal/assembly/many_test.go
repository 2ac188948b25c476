package assembly

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"tania/internal/bot"
	"tania/internal/bots"
	"tania/internal/bots/versions"
	"tania/internal/config"
	"tania/internal/queue"
	"tania/internal/queue/enginetest"
)

// learnMany writes so many documents of five sections each, of words as rare and as common as those of a language.
func learnMany(t testing.TB, dir string, documents int) {
	t.Helper()
	chance := rand.New(rand.NewPCG(1, 2))
	common := rand.NewZipf(chance, 1.1, 4, 20_000)
	begins := []string{"ba", "co", "di", "fu", "ga", "le", "mi", "no", "pa", "ru", "se", "ti"}
	ends := []string{"", "n", "r", "s", "l"}
	word := func() string {
		n := common.Uint64()
		var b strings.Builder
		for ; n > 0 || b.Len() == 0; n /= 60 {
			b.WriteString(begins[n%12] + ends[n/12%5])
		}
		return b.String()
	}
	text := func(words int) string {
		list := make([]string, words)
		for i := range list {
			list[i] = word()
		}
		return strings.Join(list, " ")
	}
	folder := filepath.Join(dir, "learned", "help-1")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range documents {
		var b strings.Builder
		fmt.Fprintf(&b, "---\nsource: \"https://help.example/%d\"\ntitle: \"%s\"\n---\n\n", i, text(4))
		for range 5 {
			fmt.Fprintf(&b, "## %s\n\n%s. %s. %s.\n\n", text(3), text(25), text(25), text(25))
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprint(i, ".md")), []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// BenchmarkABotWithFiftyThousandPassages measures what a process does with them: from its settings to the first answer after a restart, and
// from an article that was read anew to an answer from it, with the store, the files and all that is compared.
func BenchmarkABotWithFiftyThousandPassages(b *testing.B) {
	dir := b.TempDir()
	learnMany(b, dir, 10_000)
	path := filepath.Join(dir, "bot.yaml")
	if err := os.WriteFile(path, []byte("name: Tania\nlanguage: es\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	engine := enginetest.SQLite(b, queue.Options{})
	var libraries *libraries
	start := func() (*bots.Registry, *versions.Follower) {
		if libraries != nil {
			if err := libraries.close(); err != nil {
				b.Fatal(err)
			}
		}
		c, err := config.Load([]string{"TANIA_BOT=" + path, "TANIA_DATA_DIR=" + filepath.Join(dir, "data")}, "")
		if err != nil {
			b.Fatal(err)
		}
		libraries = newLibraries(c.DataDir, slog.Default())
		m := maker{settings: c, libraries: libraries, known: &known{}}
		main, _, err := m.runtimes(c.Bot, 0)
		if err != nil {
			b.Fatal(err)
		}
		registry := bots.NewRegistry(main)
		follower := m.follower(registry, engine, slog.New(slog.DiscardHandler))
		if err := follower.Settle(b.Context()); err != nil {
			b.Fatal(err)
		}
		return registry, follower
	}
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	start()
	first := time.Since(began)
	began = time.Now()
	registry, follower := start()
	restart := time.Since(began)
	if n := len(registry.Main().Bot.Knowledge); n != 50_000 {
		b.Fatalf("%d passages", n)
	}
	article := filepath.Join(dir, "learned", "help-1", "777.md")
	known := func() (list []bot.Passage) { return registry.Main().Bot.Knowledge }
	for i := 0; b.Loop(); i++ {
		text := fmt.Sprintf("---\nsource: \"https://help.example/777\"\ntitle: \"Zepelines\"\n---\n\nEl zepelín número %d sale el domingo.\n", i)
		if err := os.WriteFile(article, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
		if _, err := follower.ReloadAs(b.Context(), versions.FromSources, "an article changed"); err != nil {
			b.Fatal(err)
		}
		found, _ := registry.Main().Answerer.Explain(b.Context(), "¿cuándo sale el zepelín?", 1, "")
		if len(found) != 1 || !strings.Contains(found[0].Passage.Text, fmt.Sprint("número ", i)) || len(known()) < 40_000 {
			b.Fatalf("the article is not found: %+v", found)
		}
	}
	var after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(first.Seconds(), "first-s")
	b.ReportMetric(restart.Seconds(), "restart-s")
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MB")
	runtime.KeepAlive(registry)
	if err := libraries.close(); err != nil {
		b.Fatal(err)
	}
}
