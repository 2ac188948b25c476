package index

import (
	"testing"
)

func TestVectors(t *testing.T) {
	a, b := Quantise([]float32{1, -2, 3, 0}), Quantise([]float32{1, -2, 3, 0})
	if got := a.cosine(b); got < 0.999 {
		t.Errorf("the same are %v alike", got)
	}
	if got := a.cosine(Quantise([]float32{-1, 2, -3, 0})); got > -0.999 {
		t.Errorf("the opposite are %v alike", got)
	}
	for _, other := range []Vector{{}, Quantise(nil), Quantise([]float32{0, 0}), Quantise([]float32{1, 2, 3})} {
		if a.cosine(other) != 0 || other.cosine(a) != 0 {
			t.Errorf("%v is comparable", other)
		}
	}
	if got := Unpack(a.Pack()); got.cosine(a) < 0.999 || len(got.Pack()) != 4 {
		t.Errorf("%v comes back as %v", a, got)
	}
}
