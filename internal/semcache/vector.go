package semcache

import "math"

// vector is an embedding, small: one byte a dimension.
type vector struct {
	bytes []int8
	norm  float64
}

// quantise makes a vector of an embedding; nil gives none.
func quantise(embedding []float32) vector {
	most := float32(0)
	for _, x := range embedding {
		most = max(most, x, -x)
	}
	if most == 0 || math.IsInf(float64(most), 0) || math.IsNaN(float64(most)) {
		return vector{}
	}
	packed := make([]byte, len(embedding))
	for i, x := range embedding {
		packed[i] = byte(int8(math.Round(float64(x / most * 127)))) //nolint:gosec // within -127 to 127
	}
	return unpack(packed)
}

// Pack gives an embedding as Entry.Vector has it; nil of one that says nothing.
func Pack(embedding []float32) []byte { return quantise(embedding).pack() }

// unpack reads what pack wrote.
func unpack(packed []byte) vector {
	if len(packed) == 0 {
		return vector{}
	}
	v := vector{bytes: make([]int8, len(packed))}
	sum := 0.0
	for i, b := range packed {
		x := int8(b) //nolint:gosec // as quantise made it
		v.bytes[i] = x
		sum += float64(x) * float64(x)
	}
	v.norm = math.Sqrt(sum)
	return v
}

// pack gives the bytes that the store keeps.
func (v vector) pack() []byte {
	if v.bytes == nil {
		return nil
	}
	packed := make([]byte, len(v.bytes))
	for i, x := range v.bytes {
		packed[i] = byte(x) //nolint:gosec // unpack turns it back
	}
	return packed
}

// cosine of two vectors, 0 where one is missing or they come from embedders of different sizes.
func (v vector) cosine(w vector) float64 {
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
