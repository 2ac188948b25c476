package storetest

import (
	"fmt"
	"slices"
	"testing"

	"tania/internal/cache/store"
)

// BenchmarkPut puts one entry with a vector at a time into a store that has 5,000.
func BenchmarkPut(b *testing.B, s store.Store) {
	epoch := fill(b, s, 5000)
	e := NewEntry("bench")
	for n := 0; b.Loop(); n++ {
		e.ID = fmt.Sprint("b", n%1000)
		if err := s.Put(b.Context(), epoch, e); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoad loads a store of n entries with vectors.
func BenchmarkLoad(b *testing.B, s store.Store, n int) {
	fill(b, s, n)
	for b.Loop() {
		if all, err := s.Load(b.Context()); err != nil || len(all.Entries) != n {
			b.Fatal(len(all.Entries), err)
		}
	}
}

func fill(b *testing.B, s store.Store, n int) (epoch uint64) {
	b.Helper()
	all, err := s.Load(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for some := range slices.Chunk(Entries(n), 500) {
		if err := s.Put(b.Context(), all.Epoch, some...); err != nil {
			b.Fatal(err)
		}
	}
	return all.Epoch
}
