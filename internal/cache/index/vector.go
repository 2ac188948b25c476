package index

import (
	"math"
)

// Vector is an embedding, small: one byte a dimension.
type Vector struct {
	bytes []int8
	norm  float64
}

// Quantise makes a vector of an embedding; nil gives none.
func Quantise(embedding []float32) Vector {
	most := float32(0)
	for _, x := range embedding {
		most = max(most, x, -x)
	}
	if most == 0 || math.IsInf(float64(most), 0) || math.IsNaN(float64(most)) {
		return Vector{}
	}
	packed := make([]byte, len(embedding))
	for i, x := range embedding {
		packed[i] = byte(int8(math.Round(float64(x / most * 127)))) //nolint:gosec // within -127 to 127
	}
	return Unpack(packed)
}

// Pack gives an embedding as Entry.Vector has it; nil of one that says nothing.
func Pack(embedding []float32) []byte { return Quantise(embedding).Pack() }

// Unpack reads what pack wrote.
func Unpack(packed []byte) Vector {
	if len(packed) == 0 {
		return Vector{}
	}
	v := Vector{bytes: make([]int8, len(packed))}
	sum := 0.0
	for i, b := range packed {
		x := int8(b) //nolint:gosec // as quantise made it
		v.bytes[i] = x
		sum += float64(x) * float64(x)
	}
	v.norm = math.Sqrt(sum)
	return v
}

// Pack gives the bytes that the store keeps.
func (v Vector) Pack() []byte {
	if v.bytes == nil {
		return nil
	}
	packed := make([]byte, len(v.bytes))
	for i, x := range v.bytes {
		packed[i] = byte(x) //nolint:gosec // unpack turns it back
	}
	return packed
}

// Empty reports whether there is no embedding.
func (v Vector) Empty() bool { return v.bytes == nil }

// cosine of two vectors, 0 where one is missing or they come from embedders of different sizes.
func (v Vector) cosine(w Vector) float64 {
	if len(v.bytes) != len(w.bytes) || v.norm == 0 || w.norm == 0 {
		return 0
	}
	return float64(dot(v.bytes, w.bytes)) / (v.norm * w.norm)
}

// dot multiplies two vectors of one length. Four sums at a time keep the processor busy; each holds for half a million dimensions.
func dot(a, b []int8) int64 {
	var s0, s1, s2, s3 int32
	for len(a) >= 4 && len(b) >= 4 {
		s0 += int32(a[0]) * int32(b[0])
		s1 += int32(a[1]) * int32(b[1])
		s2 += int32(a[2]) * int32(b[2])
		s3 += int32(a[3]) * int32(b[3])
		a, b = a[4:], b[4:]
	}
	for i := range a {
		s0 += int32(a[i]) * int32(b[i])
	}
	return int64(s0) + int64(s1) + int64(s2) + int64(s3)
}
