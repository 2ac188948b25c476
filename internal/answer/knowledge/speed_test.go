package knowledge

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"tania/internal/embedding"
	"tania/internal/language"
	"tania/internal/tania"
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

// BenchmarkRankWithVectors ranks what a bot knows for the club's questions, by words and vectors: 5,000 passages are the most that a bot
// has. It also measures how long it takes to read them, which a restart and each change of an article do, and the memory that they need.
func BenchmarkRankWithVectors(b *testing.B) {
	faq, passages, asked := club(b)
	for _, count := range []int{1000, 5000} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			others := crowd(b, count-len(passages))
			meant := make([]embedding.Vector, len(asked))
			for i, q := range asked {
				meant[i] = chances{}.vector(q[1])
			}
			before, began := living(), time.Now()
			x := New(faq, append(slices.Clip(passages), others...), tania.Spanish)
			read := time.Since(began)
			if err := x.Learn(b.Context(), chances{}); err != nil {
				b.Fatal(err)
			}
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				r, began := language.Read(asked[i%len(asked)][1]), time.Now()
				x.Rank(r, "", meant[i%len(asked)])
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
			b.ReportMetric(float64(read.Milliseconds()), "read-ms")
			b.ReportMetric(living()-before, "MB")
			runtime.KeepAlive(x)
		})
	}
}
