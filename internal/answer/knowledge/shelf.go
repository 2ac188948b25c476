package knowledge

import (
	"math"
	"slices"
	"strings"
	"sync"

	passages "tania/internal/knowledge"
	"tania/internal/tania"
	"tania/internal/words"
)

// shelf is what an index has in a library in place of entries in memory: which words they have is known of all, and the rest is worked out
// of those that are looked at closely.
type shelf struct {
	view *passages.View
	faqs int

	mutex sync.Mutex
	made  map[int]*entry
}

// mostMade entries are kept once they are worked out, in about 8 kB each; then it begins anew.
const mostMade = 2000

// looked is how many passages, beside the FAQ, are compared word by word with a question.
const looked = 60

// entry works a passage's out.
func (s *shelf) entry(x *Index, place int) *entry {
	s.mutex.Lock()
	e := s.made[place]
	s.mutex.Unlock()
	if e != nil {
		return e
	}
	e = x.passageEntry(&x.articles[place-len(x.faq)])
	e.place = place
	x.sum(e)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.made) >= mostMade {
		clear(s.made)
	}
	s.made[place] = e
	return e
}

// weakTerms are the stems of words that say how a question asks.
var weakTerms = sync.OnceValue(func() map[string]bool {
	stems := map[string]bool{}
	for w := range weak {
		for _, lang := range languages {
			if s := (word{text: w}).stem(lang); !strings.HasPrefix(s, "=") {
				stems[s] = true
			}
		}
	}
	return stems
})

// weight is a term's among so many entries.
func (s *shelf) weight(t, size int) float64 {
	w := 1 + math.Log(float64(size+1)/float64(s.view.Count(t)+1))
	if weakTerms()[strings.TrimPrefix(s.view.Name(t), "!")] {
		return weakness * w
	}
	return w
}

// count is how many entries have a mark.
func (s *shelf) count(mark string) int {
	if n, ok := s.view.Mark(mark); ok {
		return s.view.Count(n)
	}
	return 0
}

// with gives the entries that have a mark, in their order.
func (s *shelf) with(mark string) []int {
	n, ok := s.view.Mark(mark)
	if !ok {
		return nil
	}
	found := s.view.Marked(n)
	slices.Sort(found)
	return found
}

// add gives each entry the worth of the words of a question that it has, by place.
func (s *shelf) add(q question, worth func(queryTerm) float64) []float64 {
	sums, counted := make([]float64, s.view.Len()), make([]uint8, s.view.Len())
	for i, w := range q[:min(len(q), math.MaxUint8)] {
		for _, t := range w.terms {
			for _, place := range s.view.Marked(t) {
				if counted[place] != uint8(i+1) {
					counted[place] = uint8(i + 1)
					sums[place] += worth(w)
				}
			}
		}
	}
	return sums
}

// partly gives the entries that have the part touches of a question's words by their importance alone.
func (s *shelf) partly(q question) (found []int) {
	all := 0.0
	for _, w := range q {
		all += w.importance()
	}
	for place, sum := range s.add(q, queryTerm.importance) {
		if sum > 0 && sum/all >= touches {
			found = append(found, place)
		}
	}
	return found
}

// most gives the entries of the FAQ that have a word of a question, and the passages that have most of it.
func (s *shelf) most(q question, faqs int) []int {
	sums := s.add(q, func(w queryTerm) float64 { return w.weight })
	var found []int
	best := make([]float64, 0, len(sums))
	for place, sum := range sums {
		switch {
		case sum <= 0:
		case place < faqs:
			found = append(found, place)
		default:
			best = append(best, sum)
		}
	}
	slices.SortFunc(best, func(a, b float64) int { return int(math.Copysign(1, b-a)) })
	least := 0.0
	if len(best) > looked {
		least = best[looked-1]
	}
	passages := 0
	for place := faqs; place < len(sums) && passages < looked; place++ {
		if sums[place] > 0 && sums[place] >= least {
			found, passages = append(found, place), passages+1
		}
	}
	return found
}

// remembered is words.Stem for one who asks for many words again and again, and alone.
func remembered() stemmer {
	type key struct {
		word string
		lang tania.Language
	}
	known := map[key]string{}
	return func(word string, lang tania.Language) string {
		k := key{word, lang}
		stem, ok := known[k]
		if !ok {
			stem = words.Stem(word, lang)
			known[k] = stem
		}
		return stem
	}
}
