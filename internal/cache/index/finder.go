package index

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"tania/internal/cache/reading"
	"tania/internal/cache/store"
	"tania/internal/embedding"
)

// finder finds the entries whose questions are like one, by their terms and grams. It may be read by several goroutines at once, and
// changed by one alone.
type finder struct {
	// entries have a hole where one was removed.
	entries  []*Phrasing
	live     int
	terms    postings
	grams    postings
	signBits signBits
	// logs are the logarithms of whole numbers, as far as weights need them.
	logs []float64
	// rooms are what look-ups write on.
	rooms *sync.Pool
}

// Phrasing is a phrasing of a question that has been answered.
type Phrasing struct {
	store.Entry
	question  *reading.Question
	Group     *Cluster
	Embedding embedding.Vector
	at        int32
	// stood is what was found of whether the answer stands in a version of the bot.
	stood atomic.Pointer[standing]
	// terms and grams are the places of the question's, in the order of the features. The question has its grams no longer.
	terms, grams []int32
}

func newFinder() *finder {
	return &finder{terms: newPostings(), grams: newPostings(), rooms: &sync.Pool{New: func() any { return &room{} }}}
}

func (x *finder) add(e *Phrasing) {
	e.at = int32(len(x.entries)) //nolint:gosec // bounded by CACHE_MAX_ENTRIES
	x.entries = append(x.entries, e)
	x.live++
	for n := len(x.logs); n <= x.live+2; n++ {
		x.logs = append(x.logs, math.Log(float64(n)))
	}
	e.terms, e.grams = x.terms.add(e.question.Terms, e.at), x.grams.add(e.question.Grams, e.at)
	e.question.Grams = nil
	x.signBits.add(x.entries, e)
}

func (x *finder) remove(e *Phrasing) {
	x.entries[e.at] = nil
	x.live--
	x.terms.remove(e.terms, e.at)
	x.grams.remove(e.grams, e.at)
	x.signBits.remove(e)
	if len(x.entries) > 64 && x.live < len(x.entries)/2 {
		x.compact()
	}
}

// compact closes the holes. The order of the entries stays.
func (x *finder) compact() {
	moved := make([]int32, len(x.entries))
	kept := make([]*Phrasing, 0, 2*x.live)
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
	x.signBits.fill(x.entries)
}

// weightOf is the inverse document frequency of what so many entries have, online: what nobody used before weighs most.
func (x *finder) weightOf(entries int) float64 { return 0.2 + x.logs[x.live+2] - x.logs[entries+1] }

// candidates is how many entries are compared word by word; mostRead how many places of lists are read to find them, those of the rarest
// features first.
const (
	candidates = 24
	mostRead   = 1 << 17
)

// near is an entry that is like a question.
type near struct {
	Entry *Phrasing
	// cosine is of grams, termCosine of terms; like is their mean.
	cosine, termCosine, Like float64
}

// room is what one look-up writes on. Between look-ups all scores and weights are 0.
type room struct {
	scores  []float32
	touched []int32
	terms   sought
	grams   sought
}

// nearest gives the entries most like q, the most alike first; also counts the ones of more, which were found by other means.
func (x *finder) nearest(q *reading.Question, more []*Phrasing) []near {
	if x.live == 0 {
		return nil
	}
	r := x.rooms.Get().(*room)
	defer x.rooms.Put(r)
	if len(r.scores) < len(x.entries) {
		r.scores = make([]float32, len(x.entries)+len(x.entries)/8)
	}
	r.terms.seek(x, &x.terms, q.Terms)
	defer r.terms.clear()
	r.grams.seek(x, &x.grams, q.Grams)
	defer r.grams.clear()

	best := x.gather(r)
	found := make([]near, 0, len(best)+len(more))
	for _, at := range best {
		found = append(found, near{Entry: x.entries[at]})
	}
	for _, e := range more {
		if !slices.Contains(best, e.at) {
			found = append(found, near{Entry: e})
		}
	}
	for i := range found {
		n := &found[i]
		n.cosine = r.grams.cosine(x, &x.grams, n.Entry.grams)
		n.termCosine = r.terms.cosine(x, &x.terms, n.Entry.terms)
		n.Like = (n.cosine + n.termCosine) / 2
	}
	slices.SortStableFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(b.Like, a.Like), cmp.Compare(a.Entry.at, b.Entry.at))
	})
	return found
}

// gather gives the places of the entries that have most of what is sought, without what is common.
func (x *finder) gather(r *room) []int32 {
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
