package semcache

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// index finds the entries whose questions are like one, by their terms and grams. It may be read by several goroutines at once, and
// changed by one alone.
type index struct {
	// entries have a hole where one was removed.
	entries []*entry
	live    int
	terms   postings
	grams   postings
	signs   signs
	// logs are the logarithms of whole numbers, as far as weights need them.
	logs []float64
	// rooms are what look-ups write on.
	rooms *sync.Pool
}

// entry is a phrasing of a question that has been answered.
type entry struct {
	Entry
	question *Question
	cluster  *cluster
	vector   vector
	at       int32
	// terms and grams are the places of the question's, in the order of the features. The question has its grams no longer.
	terms, grams []int32
}

func newIndex() *index {
	return &index{terms: newPostings(), grams: newPostings(), rooms: &sync.Pool{New: func() any { return &room{} }}}
}

func (x *index) add(e *entry) {
	e.at = int32(len(x.entries)) //nolint:gosec // bounded by CACHE_MAX_ENTRIES
	x.entries = append(x.entries, e)
	x.live++
	for n := len(x.logs); n <= x.live+2; n++ {
		x.logs = append(x.logs, math.Log(float64(n)))
	}
	e.terms, e.grams = x.terms.add(e.question.terms, e.at), x.grams.add(e.question.grams, e.at)
	e.question.grams = nil
	x.signs.add(x.entries, e)
}

func (x *index) remove(e *entry) {
	x.entries[e.at] = nil
	x.live--
	x.terms.remove(e.terms, e.at)
	x.grams.remove(e.grams, e.at)
	x.signs.remove(e)
	if len(x.entries) > 64 && x.live < len(x.entries)/2 {
		x.compact()
	}
}

// compact closes the holes. The order of the entries stays.
func (x *index) compact() {
	moved := make([]int32, len(x.entries))
	kept := make([]*entry, 0, 2*x.live)
	for at, e := range x.entries {
		if e != nil {
			e.at = int32(len(kept)) //nolint:gosec // bounded by CACHE_MAX_ENTRIES
			moved[at] = e.at
			kept = append(kept, e)
		}
	}
	x.entries = kept
	x.terms.move(moved)
	x.grams.move(moved)
	x.signs.fill(x.entries)
}

// weightOf is the inverse document frequency of what so many entries have, online: what nobody used before weighs most.
func (x *index) weightOf(entries int) float64 { return 0.2 + x.logs[x.live+2] - x.logs[entries+1] }

// candidates is how many entries are compared word by word; mostRead how many places of lists are read to find them, those of the rarest features first.
const (
	candidates = 24
	mostRead   = 1 << 17
)

// near is an entry that is like a question.
type near struct {
	entry *entry
	// cosine is of grams, termCosine of terms; like is their mean.
	cosine, termCosine, like float64
}

// room is what one look-up writes on. Between look-ups all scores and weights are 0.
type room struct {
	scores  []float32
	touched []int32
	terms   sought
	grams   sought
}

// nearest gives the entries most like q, the most alike first; also counts the ones of more, which were found by other means.
func (x *index) nearest(q *Question, more []*entry) []near {
	if x.live == 0 {
		return nil
	}
	r := x.rooms.Get().(*room)
	defer x.rooms.Put(r)
	if len(r.scores) < len(x.entries) {
		r.scores = make([]float32, len(x.entries)+len(x.entries)/8)
	}
	r.terms.seek(x, &x.terms, q.terms)
	defer r.terms.clear()
	r.grams.seek(x, &x.grams, q.grams)
	defer r.grams.clear()

	best := x.gather(r)
	found := make([]near, 0, len(best)+len(more))
	for _, at := range best {
		found = append(found, near{entry: x.entries[at]})
	}
	for _, e := range more {
		if !slices.Contains(best, e.at) {
			found = append(found, near{entry: e})
		}
	}
	for i := range found {
		n := &found[i]
		n.cosine = r.grams.cosine(x, &x.grams, n.entry.grams)
		n.termCosine = r.terms.cosine(x, &x.terms, n.entry.terms)
		n.like = (n.cosine + n.termCosine) / 2
	}
	slices.SortStableFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(a.entry.at, b.entry.at))
	})
	return found
}

// gather gives the places of the entries that have most of what is sought, without what is common.
func (x *index) gather(r *room) []int32 {
	common := max(64, x.live/8)
	lists := r.terms.lists(nil, &x.terms, common)
	lists = r.grams.lists(lists, &x.grams, common)
	all := 0
	for _, l := range lists {
		all += len(l.at)
	}
	if all > mostRead {
		slices.SortStableFunc(lists, func(a, b weighed) int { return cmp.Compare(len(a.at), len(b.at)) })
		for i, left := 0, mostRead; i < len(lists); i++ {
			if left -= len(lists[i].at); left < 0 {
				lists = lists[:i]
			}
		}
	}
	scores, touched := r.scores, r.touched[:0]
	for _, l := range lists {
		for _, at := range l.at {
			if scores[at] == 0 {
				touched = append(touched, at)
			}
			scores[at] += l.weight
		}
	}
	for _, at := range touched {
		scores[at] /= float32(math.Sqrt(float64(len(x.entries[at].grams) + 8)))
	}
	best := top(touched, scores, candidates)
	for _, at := range touched {
		scores[at] = 0
	}
	r.touched = touched
	return best
}

// top gives the places with the n highest scores, in the order of scores.
func top(touched []int32, scores []float32, n int) []int32 {
	better := func(a, b int32) int { return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b)) }
	best := make([]int32, 0, n+1)
	for _, at := range touched {
		if len(best) == n && (scores[at] < scores[best[n-1]] || better(at, best[n-1]) > 0) {
			continue
		}
		i, _ := slices.BinarySearchFunc(best, at, better)
		best = slices.Insert(best, i, at)
		if len(best) > n {
			best = best[:n]
		}
	}
	return best
}
