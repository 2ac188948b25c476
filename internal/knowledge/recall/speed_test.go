package recall

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tania/internal/knowledge"
)

// many makes passages of the bank's lines in chance order, each of six with a title, so that their words are as common as there.
func many(s Set, count int) []knowledge.Passage {
	var lines, titles []string
	for _, d := range s.Documents {
		titles = append(titles, d.Title)
		for line := range strings.Lines(d.Text) {
			if len(line) > 20 {
				lines = append(lines, line)
			}
		}
	}
	chance := rand.New(rand.NewPCG(1, 2))
	made := make([]knowledge.Passage, count)
	for i := range made {
		var text strings.Builder
		for range 6 {
			text.WriteString(lines[chance.IntN(len(lines))])
		}
		made[i] = knowledge.Passage{ID: fmt.Sprint(i), Source: "bank", Title: titles[chance.IntN(len(titles))], Text: text.String()}
	}
	return made
}

func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// BenchmarkFiftyThousandPassages searches with each sentence and those before it, for 20 passages, and measures the memory that the index
// has when all were found once, and how long it takes to open it again.
func BenchmarkFiftyThousandPassages(b *testing.B) {
	s := bank(b)
	path := filepath.Join(b.TempDir(), "index")
	x, err := knowledge.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	for batch := range slices.Chunk(many(s, 50_000), 500) {
		if err := x.Apply(knowledge.Change{Put: batch}); err != nil {
			b.Fatal(err)
		}
	}
	_ = x.Close()
	x = nil
	before, began := heap(), time.Now()
	if x, err = knowledge.Open(path); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	opened := time.Since(began)
	var asked []knowledge.Query
	for _, q := range s.Queries {
		for i, sentence := range q.Sentences {
			asked = append(asked, knowledge.Query{Text: sentence, Before: q.Sentences[:i]})
		}
	}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		if _, err := x.Search(asked[i%len(asked)], 20); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(opened.Milliseconds()), "open-ms")
	b.ReportMetric(heap()-before, "MB")
}
