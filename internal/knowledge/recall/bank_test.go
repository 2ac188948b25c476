package recall

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
	got, err := Measure(s)
	if err != nil {
		t.Fatal(err)
	}
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
