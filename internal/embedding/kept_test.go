package embedding

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func numbered(from, to int) (texts []string) {
	for i := from; i < to; i++ {
		texts = append(texts, fmt.Sprint("text ", i))
	}
	return texts
}

// TestUnusedVectorsGoWhileTheProcessRuns: what a version had that nobody has asked for since is in neither memory nor file, and what is in
// use stays in both.
func TestUnusedVectorsGoWhileTheProcessRuns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vectors")
	var asked lengths
	kept := opened(t, path)
	now := time.Now()
	kept.most, kept.bound, kept.now = 100, 100, func() time.Time { return now }
	s := NewServer(Options{Ask: asked.ask, Model: "m", Kept: kept})
	size := func() int64 {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	all(t, s, numbered(0, 20)...)
	perVector := size() / 20
	for version := range 40 { // each of six hours, so that five versions are used within a day
		now = now.Add(6 * time.Hour)
		all(t, s, append(numbered(0, 20), numbered(100+20*version, 120+20*version)...)...)
		if most := int64(2 * (20 + 5*20)); int64(len(kept.vectors)) > most || size() > most*perVector {
			t.Fatalf("after version %d there are %d vectors in %d bytes", version, len(kept.vectors), size())
		}
	}
	had := len(asked.batches)
	all(t, s, numbered(0, 20)...)
	if err := kept.Close(); err != nil {
		t.Fatal(err)
	}
	all(t, NewServer(Options{Ask: asked.ask, Model: "m", Kept: opened(t, path)}), numbered(0, 20)...)
	if len(asked.batches) != had {
		t.Errorf("the server was asked again for %q", asked.batches[had:])
	}
	if left, _ := filepath.Glob(path + ".new"); len(left) != 0 {
		t.Errorf("left behind: %q", left)
	}
}

// TestAsManyVectorsAreKeptAsAreInUse: a team that has more than the bound does not pay for them again and again.
func TestAsManyVectorsAreKeptAsAreInUse(t *testing.T) {
	var asked lengths
	kept := opened(t, filepath.Join(t.TempDir(), "vectors"))
	kept.most, kept.bound = 50, 50
	s := NewServer(Options{Ask: asked.ask, Model: "m", Kept: kept, Batch: 500})
	all(t, s, numbered(0, 300)...)
	all(t, s, numbered(0, 300)...)
	if len(asked.batches) != 1 {
		t.Errorf("asked %d times for 300 texts", len(asked.batches))
	}
}

// TestAFullDiskLeavesVectorsInMemory: they serve until the process ends, and whoever runs it is told once. When there is room again the
// next are written.
func TestAFullDiskLeavesVectorsInMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vectors")
	told := 0
	kept, err := OpenKept(path, func(error) { told++ })
	if err != nil {
		t.Fatal(err)
	}
	var asked lengths
	s := NewServer(Options{Ask: asked.ask, Model: "m", Kept: kept})
	writable := kept.file
	if kept.file, err = os.Open(path); err != nil { // which takes no byte, like a full disk
		t.Fatal(err)
	}
	all(t, s, numbered(0, 5)...)
	all(t, s, numbered(0, 5)...)
	if told != 1 || len(asked.batches) != 1 {
		t.Errorf("told %d times, asked %d times", told, len(asked.batches))
	}
	_ = kept.file.Close()
	kept.file = writable
	all(t, s, numbered(5, 8)...)
	if err := kept.Close(); err != nil {
		t.Fatal(err)
	}
	if again := opened(t, path); len(again.vectors) != 3 || told != 1 {
		t.Errorf("%d vectors are in the file, told %d times", len(again.vectors), told)
	}
}
