package index

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"

	"tania/internal/embedding"
)

// signBits are those of all entries' vectors, one bit a dimension and all in a row, by which most entries can be passed over. Vectors of
// another size than the last one's are not among them.
type signBits struct {
	// dimensions is the size of the vectors, 0 while there are none; words how many of all a vector takes.
	dimensions, words int
	all               []uint64
	// here says of each entry that its vector is among all.
	here  []bool
	rooms sync.Pool
}

// signBitsOf sets the bit of each dimension that is above 0.
func signBitsOf(v embedding.Vector, bits []uint64) {
	for i, x := range v.Numbers() {
		if x > 0 {
			bits[i/64] |= 1 << (i % 64)
		}
	}
}

// add takes the last entry's in.
func (s *signBits) add(entries []*Phrasing, e *Phrasing) {
	n := len(e.Embedding.Numbers())
	if n > 0 && n != s.dimensions {
		s.dimensions, s.words = n, (n+63)/64
		s.fill(entries)
		return
	}
	if s.words > 0 {
		s.append(e)
	}
}

func (s *signBits) append(e *Phrasing) {
	at := len(s.all)
	for range s.words {
		s.all = append(s.all, 0)
	}
	here := e != nil && len(e.Embedding.Numbers()) == s.dimensions
	s.here = append(s.here, here)
	if here {
		signBitsOf(e.Embedding, s.all[at:])
	}
}

// remove takes an entry out.
func (s *signBits) remove(e *Phrasing) {
	if s.words > 0 {
		s.here[e.at] = false
	}
}

// fill takes all in again.
func (s *signBits) fill(entries []*Phrasing) {
	if s.words == 0 {
		return
	}
	s.all, s.here = make([]uint64, 0, len(entries)*s.words), make([]bool, 0, len(entries))
	for _, e := range entries {
		s.append(e)
	}
}

const (
	// sifted is how many entries are left when signs were compared; meant how many then are given.
	sifted, meant = 96, 8
)

// sieve is what one search writes on: how many signs differ, by entry, and how many entries differ by so many.
type sieve struct {
	differ []int32
	counts []int32
}

// nearestVectors gives the entries whose embeddings are most like v: sifted by their signs, then compared whole.
func (x *finder) nearestVectors(v embedding.Vector) []*Phrasing {
	s := &x.signBits
	if len(v.Numbers()) == 0 || len(v.Numbers()) != s.dimensions {
		return nil
	}
	r, _ := s.rooms.Get().(*sieve)
	if r == nil {
		r = &sieve{}
	}
	defer s.rooms.Put(r)
	own := make([]uint64, s.words)
	signBitsOf(v, own)
	within := r.sift(s, own)

	type like struct {
		e      *Phrasing
		cosine float64
	}
	list := make([]like, 0, 2*sifted)
	for at, d := range r.differ[:len(s.here)] {
		if d >= 0 && d <= within {
			e := x.entries[at]
			list = append(list, like{e, v.Cosine(e.Embedding)})
			if len(list) == cap(list) {
				break
			}
		}
	}
	slices.SortStableFunc(list, func(a, b like) int { return cmp.Compare(b.cosine, a.cosine) })
	var found []*Phrasing
	for _, l := range list[:min(meant, len(list))] {
		found = append(found, l.e)
	}
	return found
}

// sift counts the signs that differ, -1 for entries without a vector of this size, and gives the number within which the nearest are.
func (r *sieve) sift(s *signBits, own []uint64) (within int32) {
	if len(r.differ) < len(s.here) {
		r.differ = make([]int32, len(s.here)+len(s.here)/8)
	}
	if len(r.counts) < s.dimensions+1 {
		r.counts = make([]int32, s.dimensions+1)
	}
	clear(r.counts)
	for at, here := range s.here {
		if !here {
			r.differ[at] = -1
			continue
		}
		n := 0
		theirs := s.all[at*s.words : (at+1)*s.words]
		theirs = theirs[:len(own)]
		for i, x := range own {
			n += bits.OnesCount64(x ^ theirs[i])
		}
		r.differ[at] = int32(n) //nolint:gosec // at most the dimensions
		r.counts[n]++
	}
	left := int32(sifted)
	for n, count := range r.counts {
		if left -= count; left <= 0 {
			return int32(n) //nolint:gosec // at most the dimensions
		}
	}
	return int32(s.dimensions) //nolint:gosec // of a vector
}
