package memstore_test

import (
	"testing"

	"go.uber.org/goleak"

	"tania/internal/cache/store"
	"tania/internal/cache/store/memstore"
	"tania/internal/cache/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	storetest.Exercise(t, func(*testing.T) storetest.Fixture {
		s := memstore.New(memstore.Options{LogLength: 200})
		return storetest.Fixture{Open: func(testing.TB) store.Store { return s }, Overflow: 401}
	})
}

func BenchmarkPut(b *testing.B) {
	s := memstore.New(memstore.Options{})
	storetest.BenchmarkPut(b, s)
}

func BenchmarkLoad(b *testing.B) {
	s := memstore.New(memstore.Options{})
	storetest.BenchmarkLoad(b, s, 5000)
}
