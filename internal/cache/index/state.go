package index

import (
	"cmp"
	"encoding/json"
	"slices"

	"tania/internal/cache/reading"
	"tania/internal/cache/same"
)

// State is all that an index knows, without the order in which it came.
type State struct {
	Entries  map[string]string
	Clusters map[string][]string
	// Answers are by cluster, Found the clusters by a sentence of their answer.
	Answers map[string]string
	Found   map[string][]string
	// Covered are the counts of terms by cluster.
	Covered map[string]map[reading.Feature]int
	Exact   map[string][]string
	Terms   map[reading.Feature][]string
	Grams   map[reading.Feature][]string
	Live    int
	Said    same.AnswerCounts
}

func ids(list []*Phrasing) (names []string) {
	for _, e := range list {
		names = append(names, e.ID)
	}
	return names
}

// have reports whether an entry's signs stand where they are looked for.
func (s *signBits) have(e *Phrasing) bool {
	if len(e.Embedding.Numbers()) != s.dimensions || s.dimensions == 0 {
		return s.words == 0 || !s.here[e.at]
	}
	want := make([]uint64, s.words)
	signBitsOf(e.Embedding, want)
	return s.here[e.at] && slices.Equal(want, s.all[int(e.at)*s.words:(int(e.at)+1)*s.words])
}

// State gives an index's.
func (s *Index) State() State {
	x := State{
		Entries: map[string]string{}, Clusters: map[string][]string{}, Answers: map[string]string{}, Found: map[string][]string{},
		Covered: map[string]map[reading.Feature]int{},
		Exact:   map[string][]string{}, Live: s.index.live, Said: s.judge.Counts(),
	}
	for id, e := range s.byID {
		whole := e.Entry
		whole.Vector = e.Embedding.Pack()
		line, _ := json.Marshal(whole)
		x.Entries[id] = string(line)
		if e.Group != s.clusters[e.Cluster] || s.index.entries[e.at] != e || !s.index.signBits.have(e) {
			x.Entries[id] += " astray"
		}
	}
	for id, c := range s.clusters {
		x.Clusters[id], x.Answers[id], x.Covered[id] = slices.Sorted(slices.Values(ids(c.Phrases))), c.answer, map[reading.Feature]int{}
		for _, p := range c.Phrases {
			for _, t := range p.question.Terms {
				x.Covered[id][t] = c.count(t)
			}
		}
		for t, n := range c.terms {
			x.Covered[id][t] = n
		}
	}
	for text, list := range s.answered {
		for _, c := range list {
			x.Found[text] = append(x.Found[text], c.ID)
		}
		slices.Sort(x.Found[text])
	}
	for text, list := range s.exact {
		x.Exact[text] = ids(list)
	}
	posted := func(p postings) map[reading.Feature][]string {
		all := map[reading.Feature][]string{}
		for f, place := range p.places {
			for _, at := range p.lists[place] {
				id := "nobody"
				if e := s.index.entries[at]; e != nil {
					id = e.ID
				}
				all[f] = append(all[f], id)
			}
			slices.SortFunc(all[f], cmp.Compare)
		}
		return all
	}
	x.Terms, x.Grams = posted(s.index.terms), posted(s.index.grams)
	return x
}
