package sqlitestore

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"tania/internal/cache/store"
	"tania/internal/cache/store/storetest"
)

func TestMain(m *testing.M) {
	if os.Getenv(childPath) != "" {
		os.Exit(child())
	}
	goleak.VerifyTestMain(m)
}

func open(t testing.TB, path string, log *slog.Logger) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, Options{LogLength: 200, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestConformance(t *testing.T) {
	storetest.Exercise(t, func(t *testing.T) storetest.Fixture {
		s := open(t, filepath.Join(t.TempDir(), "cache.db"), nil)
		return storetest.Fixture{Open: func(testing.TB) store.Store { return s }, Overflow: 401}
	})
}

func BenchmarkPut(b *testing.B) {
	storetest.BenchmarkPut(b, open(b, filepath.Join(b.TempDir(), "cache.db"), nil))
}

func BenchmarkLoad(b *testing.B) {
	storetest.BenchmarkLoad(b, open(b, filepath.Join(b.TempDir(), "cache.db"), nil), 5000)
}
