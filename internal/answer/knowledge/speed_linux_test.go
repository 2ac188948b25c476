package knowledge

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"tania/internal/bot"
	"tania/internal/embedding"
	"tania/internal/language"
)

// chances makes vectors of 512 dimensions by chance, and knows them all.
type chances struct{}

func (chances) vector(text string) embedding.Vector {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	chance := rand.New(rand.NewPCG(h.Sum64(), 1))
	numbers := make([]float32, 512)
	for i := range numbers {
		numbers[i] = chance.Float32() - 0.5
	}
	return embedding.Quantise(numbers)
}

func (c chances) Known(text string) (embedding.Vector, bool) { return c.vector(text), true }

func (c chances) All(_ context.Context, texts []string) ([]embedding.Vector, error) {
	made := make([]embedding.Vector, len(texts))
	for i, text := range texts {
		made[i] = c.vector(text)
	}
	return made, nil
}

func living() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// pages makes passages as long as those of a help centre, about 80 words.
func pages(t testing.TB, count int) []bot.Passage {
	parts := crowd(t, 3*count)
	made := make([]bot.Passage, count)
	for i := range made {
		made[i] = parts[3*i]
		made[i].Text = strings.Join([]string{parts[3*i].Text, parts[3*i+1].Text, parts[3*i+2].Text}, ". ")
	}
	return made
}

// processor is the time that this goroutine's thread has had of a processor.
func processor(b *testing.B) time.Duration {
	var used unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Nano())
}

// BenchmarkFiftyThousandEntries asks a bot with 50,000 passages what a business's customers ask, by words and with vectors too. It also
// measures how long it takes to have the passages for the first time, after a restart and when one has changed, and the memory that they
// need beside their texts.
func BenchmarkFiftyThousandEntries(b *testing.B) {
	business, path := business(b, "workshop"), filepath.Join(b.TempDir(), "library")
	all := append(slices.Clip(business.passages), pages(b, 50_000)...)
	l := library(b, path)
	began := time.Now()
	inLibrary(b, l, business.faq, all)
	first := time.Since(began)
	_ = l.Close()
	before := living()
	began = time.Now()
	l = library(b, path)
	inLibrary(b, l, business.faq, all)
	restart := time.Since(began)
	changed := slices.Clone(all)
	changed[100].Text += " Desde hoy también los domingos."
	began = time.Now()
	x := inLibrary(b, l, business.faq, changed)
	change := time.Since(began)
	for _, by := range []string{"words", "vectors"} {
		b.Run(by, func(b *testing.B) {
			meant := make([]embedding.Vector, len(business.dev))
			if by == "vectors" {
				for i, q := range business.dev {
					meant[i] = chances{}.vector(q.text)
				}
				if err := x.Learn(b.Context(), chances{}); err != nil {
					b.Fatal(err)
				}
			}
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			var took, worked []time.Duration
			for i := 0; b.Loop(); i++ {
				q, began, had := business.dev[i%len(business.dev)], time.Now(), processor(b)
				x.Rank(language.Read(q.text), q.before, meant[i%len(meant)])
				took, worked = append(took, time.Since(began)), append(worked, processor(b)-had)
			}
			for name, times := range map[string][]time.Duration{"µs": took, "processor-µs": worked} {
				slices.Sort(times)
				b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-"+name)
				b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-"+name)
			}
			b.ReportMetric(living()-before, "MB")
			b.ReportMetric(first.Seconds(), "first-s")
			b.ReportMetric(restart.Seconds(), "restart-s")
			b.ReportMetric(change.Seconds(), "change-s")
		})
	}
	runtime.KeepAlive(x)
	runtime.KeepAlive(all)
}
