package embedding

import (
	"cmp"
	"math/bits"
	"slices"
)

// Set is vectors by number, of which those like another are found. Whoever changes it has it alone; else it is safe for concurrent use.
type Set struct {
	owners  []int
	vectors []Vector
	// signs have a bit for each dimension of each vector, which is 1 above 0, words of them for each: by how many differ, most vectors
	// of many are passed over.
	signs []uint64
	words int
}

// Like is one of a set's owners, and the greatest cosine of its vectors.
type Like struct {
	Owner  int
	Cosine float64
}

// few vectors are all compared; of more, so many whose signs differ least.
const few, sifted = 2048, 768

// Add gives an owner one more vector. One of another size than the first is not taken.
func (s *Set) Add(owner int, v Vector) {
	if v.Empty() || len(s.vectors) > 0 && len(s.vectors[0].bytes) != len(v.bytes) {
		return
	}
	s.words = (len(v.bytes) + 63) / 64
	s.owners, s.vectors = append(s.owners, owner), append(s.vectors, v)
	s.signs = append(s.signs, signs(v, s.words)...)
}

func signs(v Vector, words int) []uint64 {
	made := make([]uint64, words)
	for i, x := range v.bytes {
		if x > 0 {
			made[i/64] |= 1 << (i % 64)
		}
	}
	return made
}

// Len is the number of vectors.
func (s *Set) Len() int { return len(s.vectors) }

// Nearest gives the owners whose vectors are most like one, the likest first, at most limit of them.
func (s *Set) Nearest(v Vector, limit int) []Like {
	if len(s.vectors) == 0 || len(v.bytes) != len(s.vectors[0].bytes) {
		return nil
	}
	best := make(map[int]float64, limit)
	compare := func(i int) {
		c := v.Cosine(s.vectors[i])
		if have, ok := best[s.owners[i]]; !ok || c > have {
			best[s.owners[i]] = c
		}
	}
	if len(s.vectors) <= few {
		for i := range s.vectors {
			compare(i)
		}
	} else {
		for _, i := range s.sift(v) {
			compare(i)
		}
	}
	found := make([]Like, 0, len(best))
	for owner, c := range best {
		found = append(found, Like{owner, c})
	}
	slices.SortFunc(found, func(a, b Like) int { return cmp.Or(cmp.Compare(b.Cosine, a.Cosine), cmp.Compare(a.Owner, b.Owner)) })
	return found[:min(limit, len(found))]
}

// sift gives the numbers of the vectors whose signs differ least from one's.
func (s *Set) sift(v Vector) []int {
	own := signs(v, s.words)
	differ := make([]uint16, len(s.vectors))
	counts := make([]int, 64*s.words+1)
	for i := range differ {
		n := 0
		for j, w := range s.signs[i*s.words : (i+1)*s.words] {
			n += bits.OnesCount64(w ^ own[j])
		}
		differ[i] = uint16(n) //nolint:gosec // models have fewer dimensions
		counts[n]++
	}
	most, left := 0, sifted
	for most < len(counts) && left > counts[most] {
		left -= counts[most]
		most++
	}
	kept := make([]int, 0, 2*sifted)
	for i, n := range differ {
		if int(n) <= most {
			kept = append(kept, i)
		}
	}
	return kept
}
