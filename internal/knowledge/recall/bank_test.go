package recall

import (
	"compress/gzip"
	"context"
	"hash/fnv"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tania/internal/embedding"
)

// bank unpacks a bank's help and what its customers say (from sierra-research/tau2-bench, its licence beside).
func bank(t testing.TB) Set {
	t.Helper()
	dir := t.TempDir()
	packed, err := filepath.Glob("testdata/bank_*.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range packed {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(lines)
		_ = file.Close()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, strings.TrimSuffix(filepath.Base(path), ".gz")), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTheBanksDocumentsAreFound holds what the index finds by words alone: plain BM25 finds 0.48 of the documents among the first 10 and
// 0.59 among the first 20.
func TestTheBanksDocumentsAreFound(t *testing.T) {
	s := bank(t)
	got := evaluated(t, s, nil)
	t.Logf("alone %.3f, in conversation %.3f", got.Alone, got.Conversation)
	for name, c := range map[string]struct{ got, least Shares }{
		"alone":           {got.Alone, Shares{0.59, 0.74}},
		"in conversation": {got.Conversation, Shares{0.70, 0.84}},
	} {
		if c.got.At10 < c.least.At10 || c.got.At20 < c.least.At20 {
			t.Errorf("%s: got %.3f, want at least %.2f", name, c.got, c.least)
		}
	}
}

func evaluated(t *testing.T, s Set, by Vectors) Report {
	t.Helper()
	r, err := Measure(t.Context(), s, by)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// noise makes vectors that say nothing.
type noise struct{ seed uint64 }

func (n noise) All(_ context.Context, texts []string) ([]embedding.Vector, error) {
	chance := rand.New(rand.NewPCG(n.seed, uint64(len(texts))))
	made := make([]embedding.Vector, len(texts))
	numbers := make([]float32, 128)
	for i := range made {
		for j := range numbers {
			numbers[j] = float32(chance.NormFloat64()) + 2 // to many models all texts are alike
		}
		made[i] = embedding.Quantise(numbers)
	}
	return made, nil
}

// TestVectorsThatSayNothingCostLittle gives the index vectors by chance: what is found by words must not be lost to them.
func TestVectorsThatSayNothingCostLittle(t *testing.T) {
	s := bank(t)
	without := evaluated(t, s, nil)
	for seed := range uint64(3) {
		got := evaluated(t, s, noise{seed})
		t.Logf("by words %.3f %.3f, with noise %.3f %.3f", without.Alone, without.Conversation, got.Alone, got.Conversation)
		for name, c := range map[string]struct{ words, got float64 }{
			"alone@10": {without.Alone.At10, got.Alone.At10}, "alone@20": {without.Alone.At20, got.Alone.At20},
			"conversation@10": {without.Conversation.At10, got.Conversation.At10},
			"conversation@20": {without.Conversation.At20, got.Conversation.At20},
		} {
			if c.got < c.words-0.015 {
				t.Errorf("seed %d, %s: %.3f by words, %.3f with noise", seed, name, c.words, c.got)
			}
		}
	}
}

// words makes vectors in which those of a text's words add up, each of them by chance, and with what a sentence needs added to it: a model
// that knows what words say and more.
type words struct{ needs map[string]string }

func (w words) add(to []float32, text string, weight float32) {
	list := strings.Fields(strings.ToLower(text))
	for _, word := range list {
		h := fnv.New64a()
		_, _ = h.Write([]byte(word))
		chance := rand.New(rand.NewPCG(h.Sum64(), 1))
		for i := range to {
			to[i] += weight * float32(chance.NormFloat64()/math.Sqrt(float64(len(list))))
		}
	}
}

func (w words) All(_ context.Context, texts []string) ([]embedding.Vector, error) {
	made := make([]embedding.Vector, len(texts))
	for i, text := range texts {
		numbers := make([]float32, 384)
		w.add(numbers, text, 1)
		w.add(numbers, w.needs[text], 1)
		made[i] = embedding.Quantise(numbers)
	}
	return made, nil
}

// TestVectorsFindWhatWordsDoNot gives the index vectors in which each sentence is near one document that its query needs.
func TestVectorsFindWhatWordsDoNot(t *testing.T) {
	s := bank(t)
	s.Queries = s.Queries[:15]
	by := words{map[string]string{}}
	for _, q := range s.Queries {
		for _, d := range s.Documents {
			if d.ID == q.Required[len(q.Required)-1] {
				for _, sentence := range q.Sentences {
					by.needs[sentence] = d.Parts()[0]
				}
			}
		}
	}
	without, with := evaluated(t, s, nil), evaluated(t, s, by)
	t.Logf("by words %.3f, with vectors %.3f", without.Alone, with.Alone)
	if with.Alone.At10 < without.Alone.At10+0.015 {
		t.Errorf("by words %.3f, with vectors %.3f", without.Alone, with.Alone)
	}
}
