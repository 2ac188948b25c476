package embedding

import (
	"testing"
)

func TestVectors(t *testing.T) {
	a, b := Quantise([]float32{1, -2, 3, 0}), Quantise([]float32{1, -2, 3, 0})
	if got := a.Cosine(b); got < 0.999 {
		t.Errorf("the same are %v alike", got)
	}
	if got := a.Cosine(Quantise([]float32{-1, 2, -3, 0})); got > -0.999 {
		t.Errorf("the opposite are %v alike", got)
	}
	for _, other := range []Vector{{}, Quantise(nil), Quantise([]float32{0, 0}), Quantise([]float32{1, 2, 3})} {
		if a.Cosine(other) != 0 || other.Cosine(a) != 0 {
			t.Errorf("%v is comparable", other)
		}
	}
	if got := Unpack(a.Pack()); got.Cosine(a) < 0.999 || len(got.Pack()) != 4 {
		t.Errorf("%v comes back as %v", a, got)
	}
}
