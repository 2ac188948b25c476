package knowledge

import (
	"fmt"
	"maps"

	"tania/internal/embedding"
)

// View is a selection of an index's passages, such as one version of a bot has. What the index gets later is not in it, and what is
// trimmed stays in it. It is safe for concurrent use.
type View struct {
	index *Index
	held  *held
	// docs are the documents by place, places the other way round, with 1 added: 0 is none.
	docs   []uint32
	places []int32
}

// View selects passages by their ids. They are named by their places among these; of those with one id the first is.
func (x *Index) View(ids []string) (*View, error) {
	x.mutex.RLock()
	defer x.mutex.RUnlock()
	v := &View{index: x, held: x.held, docs: make([]uint32, len(ids)), places: make([]int32, len(x.held.docs))}
	for place, id := range ids {
		n, ok := x.held.byID[id]
		if !ok {
			return nil, fmt.Errorf("knowledge: there is no passage %s", id)
		}
		v.docs[place] = n
		if v.places[n] == 0 {
			v.places[n] = int32(place + 1) //nolint:gosec // at most mostDocuments
		}
	}
	return v, nil
}

// has reports whether a document is in the view; all are in none.
func (v *View) has(doc uint32) bool { return v == nil || int(doc) < len(v.places) && v.places[doc] > 0 }

// only takes from scores those of documents that are not in the view.
func (v *View) only(scores []float32) {
	if v == nil {
		return
	}
	for doc := range scores {
		if doc >= len(v.places) || v.places[doc] == 0 {
			scores[doc] = 0
		}
	}
}

// Rank orders the passages that a text may be about as Memory.Rank does, without those that share nothing with it.
func (v *View) Rank(meant embedding.Vector, asked ...Text) []Ranked {
	queries := make([]spoken, len(asked))
	for i, t := range asked {
		queries[i] = spoken{terms(t.Text), t.Marks}
	}
	v.index.mutex.RLock()
	defer v.index.mutex.RUnlock()
	found := v.held.rank(queries, v, nil, meant)
	list := make([]Ranked, len(found))
	for i, r := range found {
		list[i] = Ranked{int(v.places[r.doc]) - 1, float64(r.score), float64(r.like)}
	}
	return list
}

// Learn tells what the passages mean: by place, vectors of the parts of each, all by one model. They are in memory only.
func (v *View) Learn(vectors [][]embedding.Vector) {
	v.index.changing.Lock()
	defer v.index.changing.Unlock()
	all := maps.Clone(v.held.meanings.vectors)
	if all == nil {
		all = make(map[string][]embedding.Vector, len(vectors))
	}
	for place, list := range vectors {
		all[v.held.docs[v.docs[place]].id] = list
	}
	made := v.held.meant(all)
	v.index.mutex.Lock()
	defer v.index.mutex.Unlock()
	v.held.meanings = made
}

// Mark gives the number of a mark, false where no passage of the index has it.
func (v *View) Mark(name string) (int, bool) {
	v.index.mutex.RLock()
	defer v.index.mutex.RUnlock()
	n, ok := v.held.marks[name]
	return int(n), ok
}

// Name is a mark's by its number.
func (v *View) Name(mark int) string {
	v.index.mutex.RLock()
	defer v.index.mutex.RUnlock()
	return v.held.markNames[mark]
}

// Len is how many passages the view has.
func (v *View) Len() int { return len(v.docs) }

// Count is how many passages of the index have a mark by its number.
func (v *View) Count(mark int) int {
	v.index.mutex.RLock()
	defer v.index.mutex.RUnlock()
	return len(v.held.marked[mark])
}

// Marked gives the passages of the view that have a mark, by their places.
func (v *View) Marked(mark int) []int {
	v.index.mutex.RLock()
	defer v.index.mutex.RUnlock()
	places := make([]int, 0, len(v.held.marked[mark]))
	for _, p := range v.held.marked[mark] {
		if doc := p.doc(); v.has(doc) {
			places = append(places, int(v.places[doc])-1)
		}
	}
	return places
}

// Words gives the words of the index, from the nth on.
func (v *View) Words(from int) []string {
	v.index.mutex.RLock()
	defer v.index.mutex.RUnlock()
	return v.held.names[min(from, len(v.held.names)):]
}

// Has reports for each of some ids whether the index has the passage.
func (x *Index) Has(ids []string) []bool {
	x.mutex.RLock()
	defer x.mutex.RUnlock()
	has := make([]bool, len(ids))
	for i, id := range ids {
		_, has[i] = x.held.byID[id]
	}
	return has
}
