package index

import (
	"math"
	"slices"

	"tania/internal/cache/reading"
)

// postings are the entries of each feature. A feature that an entry has gets a place, so that what is read often is in lists, not in maps.
type postings struct {
	places   map[reading.Feature]int32
	features []reading.Feature
	lists    [][]int32
	// free are the places of features that no entry has any more.
	free []int32
}

func newPostings() postings { return postings{places: map[reading.Feature]int32{}} }

// add puts an entry's features in, and gives their places.
func (p *postings) add(features []reading.Feature, at int32) []int32 {
	places := make([]int32, len(features))
	for i, f := range features {
		place, ok := p.places[f]
		if !ok {
			place = p.place(f)
		}
		p.lists[place] = append(p.lists[place], at)
		places[i] = place
	}
	return places
}

// place gives a feature a place.
func (p *postings) place(f reading.Feature) int32 {
	place := int32(len(p.lists)) //nolint:gosec // far fewer than two thousand millions
	if n := len(p.free); n > 0 {
		place, p.free = p.free[n-1], p.free[:n-1]
		p.features[place] = f
	} else {
		p.features, p.lists = append(p.features, f), append(p.lists, nil)
	}
	p.places[f] = place
	return place
}

// remove takes an entry out.
func (p *postings) remove(places []int32, at int32) {
	for _, place := range places {
		list := p.lists[place]
		if i, ok := slices.BinarySearch(list, at); ok {
			list = slices.Delete(list, i, i+1)
		}
		if len(list) == 0 {
			list = nil
			delete(p.places, p.features[place])
			p.free = append(p.free, place)
		}
		p.lists[place] = list
	}
}

// move says which entry is where now.
func (p *postings) move(to []int32) {
	for _, list := range p.lists {
		for i, at := range list {
			list[i] = to[at]
		}
	}
}

// count is how many entries have a feature.
func (p *postings) count(f reading.Feature) int {
	place, ok := p.places[f]
	if !ok {
		return 0
	}
	return len(p.lists[place])
}

// sought are the features of a question.
type sought struct {
	// places are those that entries have. squares are the squared weights by place, 0 for what is not sought; norm is the sum of all.
	places  []int32
	squares []float64
	norm    float64
}

// seek takes the features of a question in.
func (s *sought) seek(x *finder, p *postings, features []reading.Feature) {
	if len(s.squares) < len(p.lists) {
		s.squares = make([]float64, len(p.lists)+len(p.lists)/8)
	}
	s.places, s.norm = s.places[:0], 0
	for _, f := range features {
		place, known := p.places[f]
		n := 0
		if known {
			n = len(p.lists[place])
		}
		w := x.weightOf(n)
		if known {
			s.places = append(s.places, place)
			s.squares[place] = w * w
		}
		s.norm += w * w
	}
}

// clear makes all weights 0 again.
func (s *sought) clear() {
	for _, place := range s.places {
		s.squares[place] = 0
	}
}

// weighed is a list of entries that have something of a weight.
type weighed struct {
	at     []int32
	weight float32
}

// lists adds the lists of what is sought and not common.
func (s *sought) lists(all []weighed, p *postings, common int) []weighed {
	for _, place := range s.places {
		if list := p.lists[place]; len(list) <= common {
			all = append(all, weighed{list, float32(s.squares[place])})
		}
	}
	return all
}

// cosine compares what is sought with an entry's features.
func (s *sought) cosine(x *finder, p *postings, places []int32) float64 {
	var dot, norm float64
	for _, place := range places {
		w := x.weightOf(len(p.lists[place]))
		dot += s.squares[place]
		norm += w * w
	}
	if norm == 0 || s.norm == 0 {
		return 0
	}
	return dot / math.Sqrt(norm*s.norm)
}
