// Package embedding makes vectors of texts, which are near each other where the texts mean alike: by a server, asked in batches and within
// bounds, or by a table of the vectors of words in a file. Texts and vectors come in; no room of Tania's is known.
package embedding

import "math"

// Vector is what a text means, small: one byte a dimension. Only its direction counts.
type Vector struct {
	bytes []int8
	norm  float64
}

// Quantise makes a vector of the numbers that a model gives; none of nil and of what says nothing.
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

// Pack gives the bytes of what Quantise makes; nil of what says nothing.
func Pack(embedding []float32) []byte { return Quantise(embedding).Pack() }

// Unpack reads what Pack wrote.
func Unpack(packed []byte) Vector {
	if len(packed) == 0 {
		return Vector{}
	}
	v := Vector{bytes: make([]int8, len(packed))}
	sum := 0.0
	for i, b := range packed {
		x := int8(b) //nolint:gosec // as Quantise made it
		v.bytes[i] = x
		sum += float64(x) * float64(x)
	}
	v.norm = math.Sqrt(sum)
	return v
}

// Pack gives the bytes that are stored, nil where there is no vector.
func (v Vector) Pack() []byte {
	if v.bytes == nil {
		return nil
	}
	packed := make([]byte, len(v.bytes))
	for i, x := range v.bytes {
		packed[i] = byte(x) //nolint:gosec // Unpack turns it back
	}
	return packed
}

// Empty reports whether there is no vector.
func (v Vector) Empty() bool { return v.bytes == nil }

// Numbers are the vector's, one for each dimension. They must not be changed.
func (v Vector) Numbers() []int8 { return v.bytes }

// Cosine is that of two vectors, 0 where one is missing or they come from models of different sizes.
func (v Vector) Cosine(w Vector) float64 {
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
