package semcache

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// ShelfState is all that a shelf knows, without the order in which it came.
type ShelfState struct {
	Entries  map[string]string
	Clusters map[string][]string
	// Answers are by cluster, Found the clusters by a sentence of their answer.
	Answers map[string]string
	Found   map[string][]string
	// Covered are the counts of terms by cluster.
	Covered     map[string]map[feature]int
	Exact       map[string][]string
	Terms       map[feature][]string
	Grams       map[feature][]string
	Live        int
	Judged      float64
	All         map[feature]float64
	Sentences   map[string]float64
	OfSentences map[string]map[feature]float64
}

func ids(list []*entry) (names []string) {
	for _, e := range list {
		names = append(names, e.ID)
	}
	return names
}

// have reports whether an entry's signs stand where they are looked for.
func (s *signs) have(e *entry) bool {
	if len(e.vector.bytes) != s.dimensions || s.dimensions == 0 {
		return s.words == 0 || !s.here[e.at]
	}
	want := make([]uint64, s.words)
	signsOf(e.vector, want)
	return s.here[e.at] && slices.Equal(want, s.all[int(e.at)*s.words:(int(e.at)+1)*s.words])
}

// Whole gives a shelf's.
func (s *Shelf) Whole() ShelfState {
	x := ShelfState{
		Entries: map[string]string{}, Clusters: map[string][]string{}, Answers: map[string]string{}, Found: map[string][]string{}, Covered: map[string]map[feature]int{},
		Exact: map[string][]string{}, Live: s.index.live, Judged: s.judge.answers, All: maps.Clone(s.judge.all), Sentences: map[string]float64{},
		OfSentences: map[string]map[feature]float64{},
	}
	for id, e := range s.byID {
		whole := e.Entry
		whole.Vector = e.vector.pack()
		line, _ := json.Marshal(whole)
		x.Entries[id] = string(line)
		if e.cluster != s.clusters[e.Cluster] || s.index.entries[e.at] != e || !s.index.signs.have(e) {
			x.Entries[id] += " astray"
		}
	}
	for id, c := range s.clusters {
		x.Clusters[id], x.Answers[id], x.Covered[id] = slices.Sorted(slices.Values(ids(c.phrases))), c.answer, map[feature]int{}
		for _, p := range c.phrases {
			for _, t := range p.question.terms {
				x.Covered[id][t] = c.count(t)
			}
		}
		for t, n := range c.terms {
			x.Covered[id][t] = n
		}
	}
	for text, list := range s.answered {
		for _, c := range list {
			x.Found[text] = append(x.Found[text], c.id)
		}
		slices.Sort(x.Found[text])
	}
	for text, list := range s.exact {
		x.Exact[text] = ids(list)
	}
	posted := func(p postings) map[feature][]string {
		all := map[feature][]string{}
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
	for text, sentence := range s.judge.sentences {
		x.Sentences[text], x.OfSentences[text] = sentence.times, maps.Clone(sentence.terms)
		if sentence.terms == nil {
			x.OfSentences[text] = map[feature]float64{}
			for _, t := range sentence.first {
				x.OfSentences[text][t]++
			}
		}
	}
	return x
}

// States gives those of all shelves that have entries.
func (c *Cache) States() map[string]ShelfState {
	c.mu.RLock()
	defer c.mu.RUnlock()
	all := map[string]ShelfState{}
	for key, g := range c.shelves {
		g.RLock()
		if len(g.byID) > 0 {
			all[key] = g.Whole()
		}
		g.RUnlock()
	}
	return all
}

// CatchUp waits until all that the store tells of by now was taken in.
func (c *Cache) CatchUp(ctx context.Context) error { return c.catchUp(ctx) }

// Entries gives the entries on the shelves, by id.
func (c *Cache) Entries() map[string]Entry {
	all := map[string]Entry{}
	for _, e := range c.entries() {
		all[e.ID] = e
	}
	return all
}

// Epoch is the one that the shelves are of.
func (c *Cache) Epoch() uint64 { return c.epoch.Load() }

// Sweep removes what has expired.
func (c *Cache) Sweep(ctx context.Context) { c.sweep(ctx) }

// Raised is how much a scope's threshold stands above the model's.
func (c *Cache) Raised(s Scope) float64 {
	g := c.at(s.Key())
	if g == nil {
		return 0
	}
	g.RLock()
	defer g.RUnlock()
	return g.raised
}

// LifeOf gives a life with its jitter.
func (c *Cache) LifeOf(category Category) time.Duration { return c.life(category) }

// Leads says that others may wait for a turn's answer.
func Leads(l Look) bool { return l.lead != "" }

// Waiting counts the turns that wait for an answer that is being made elsewhere.
func (c *Cache) Waiting() int { return int(c.counts.waiting()[prefix+"waited"]) }

// Evict makes room.
func (c *Cache) Evict(ctx context.Context) { c.evict(ctx) }
