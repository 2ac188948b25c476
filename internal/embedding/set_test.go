package embedding

import (
	"math/rand/v2"
	"testing"
)

func around(chance *rand.Rand, centre []float32, far float32) Vector {
	v := make([]float32, len(centre))
	for i := range v {
		v[i] = centre[i] + far*float32(chance.NormFloat64())
	}
	return Quantise(v)
}

// TestTheNearestAreFoundAmongMany hides ten vectors near a place among many, of which only those with like signs are compared.
func TestTheNearestAreFoundAmongMany(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	nothing, centre := make([]float32, 256), make([]float32, 256)
	for i := range centre {
		centre[i] = float32(chance.NormFloat64())
	}
	var s Set
	for i := range 5 * few {
		if i%few == 7 {
			s.Add(i, around(chance, nothing, 1))
			s.Add(i, around(chance, centre, 0.5)) // the second part of what the owner says
			continue
		}
		s.Add(i, around(chance, nothing, 1))
	}
	found := s.Nearest(Quantise(centre), 6)
	if len(found) != 6 {
		t.Fatalf("found %v", found)
	}
	for i, l := range found {
		if near := l.Owner%few == 7; near != (i < 5) || i > 0 && l.Cosine > found[i-1].Cosine {
			t.Errorf("place %d: %+v", i, l)
		}
	}
	if found := s.Nearest(Quantise([]float32{1, 2}), 6); found != nil {
		t.Errorf("a vector of another size found %v", found)
	}
	var none Set
	if found := none.Nearest(Quantise(centre), 6); found != nil {
		t.Errorf("an empty set found %v", found)
	}
}
