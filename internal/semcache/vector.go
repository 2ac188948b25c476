package semcache

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// vector is an embedding, small: one byte a dimension, and the signs alone, by which most of the others can be passed over.
type vector struct {
	bytes []int8
	signs []uint64
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

// unpack reads what pack wrote.
func unpack(packed []byte) vector {
	if len(packed) == 0 {
		return vector{}
	}
	v := vector{bytes: make([]int8, len(packed)), signs: make([]uint64, (len(packed)+63)/64)}
	sum := 0.0
	for i, b := range packed {
		x := int8(b) //nolint:gosec // as quantise made it
		v.bytes[i] = x
		sum += float64(x) * float64(x)
		if x > 0 {
			v.signs[i/64] |= 1 << (i % 64)
		}
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
	var sum int64
	a, b := v.bytes, w.bytes[:len(v.bytes)]
	for i := range a {
		sum += int64(int32(a[i]) * int32(b[i]))
	}
	return float64(sum) / (v.norm * w.norm)
}

// unlike counts the signs that differ.
func (v vector) unlike(w vector) int {
	n := 0
	b := w.signs[:len(v.signs)]
	for i, x := range v.signs {
		n += bits.OnesCount64(x ^ b[i])
	}
	return n
}

const (
	// sifted is how many entries are left when signs were compared; meant how many then are given.
	sifted, meant = 96, 8
)

// meaning gives the entries whose embeddings are most like v: sifted by their signs, then compared whole.
func (x *index) meaning(v vector) []*entry {
	if v.bytes == nil {
		return nil
	}
	type like struct {
		e        *entry
		distance int
		cosine   float64
	}
	var list []like
	limit := len(v.bytes)
	for _, e := range x.entries {
		if e == nil || len(e.vector.bytes) != len(v.bytes) {
			continue
		}
		d := v.unlike(e.vector)
		if d >= limit {
			continue
		}
		list = append(list, like{e: e, distance: d})
		if len(list) >= 4*sifted {
			slices.SortFunc(list, func(a, b like) int { return cmp.Compare(a.distance, b.distance) })
			list = list[:sifted]
			limit = list[sifted-1].distance
		}
	}
	slices.SortFunc(list, func(a, b like) int { return cmp.Compare(a.distance, b.distance) })
	list = list[:min(sifted, len(list))]
	for i := range list {
		list[i].cosine = v.cosine(list[i].e.vector)
	}
	slices.SortFunc(list, func(a, b like) int { return cmp.Compare(b.cosine, a.cosine) })
	var found []*entry
	for _, l := range list[:min(meant, len(list))] {
		found = append(found, l.e)
	}
	return found
}
