package sqlitestore

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/cache/store"
)

// TestAFileOfAnEarlierVersionOpens: one of schema 1, as 32d1f50 wrote it.
func TestAFileOfAnEarlierVersionOpens(t *testing.T) {
	packed, err := os.ReadFile(filepath.Join("testdata", "schema-1.db.gz"))
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "cache.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	var log logged
	got := load(t, open(t, path, log.logger()))
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	scope := store.Scope{Account: 1, Inbox: 2, Language: "es", Version: "v"}
	want := store.Snapshot{
		Epoch: got.Epoch, At: got.At,
		Entries: []store.Entry{
			{
				ID: "e1", Scope: scope, Question: "¿A qué hora abren?", Answer: "A las nueve.", Cluster: "e1", Category: store.CategoryFAQ,
				Sources: []string{"hours"}, Created: at, Expires: at.Add(24 * time.Hour), Tokens: 120, Cost: 45, Vector: []byte{1, 2, 250},
				Use: store.Use{Hits: 7},
			},
			{
				ID: "e2", Scope: scope, Question: "¿Abren hoy?", Answer: "A las nueve.", Cluster: "e1", Category: store.CategoryGeneral,
				Created: at, Expires: at.Add(time.Hour), State: store.StateDemoted, Blame: 2, Blamers: []string{"1:7"}, Warm: true,
			},
		},
		Learnt: map[string]map[string]int64{"s": {"right": 3}},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(bytes.Equal)); diff != "" || log.String() != "" {
		t.Errorf("%s (-want +got):\n%s", log.String(), diff)
	}
}
