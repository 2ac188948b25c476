package knowledge

import (
	"maps"
	"math"
	"slices"

	"tania/internal/embedding"
)

// Learn tells the index what passages mean: by a passage's id, the vectors of its Parts, all by one model. They are in memory only; a
// passage that is changed has none until it is learned again.
func (x *Index) Learn(vectors map[string][]embedding.Vector) {
	x.changing.Lock()
	defer x.changing.Unlock()
	all := maps.Clone(x.held.meanings.vectors)
	if all == nil {
		all = map[string][]embedding.Vector{}
	}
	maps.Copy(all, vectors)
	made := x.held.meant(all)
	x.mutex.Lock()
	defer x.mutex.Unlock()
	x.held.meanings = made
}

// meanings are what passages mean.
type meanings struct {
	// vectors are those of a passage's parts, by id, and set has them all by document.
	vectors map[string][]embedding.Vector
	set     *embedding.Set
}

// meant are the meanings of the passages that are there.
func (h *held) meant(vectors map[string][]embedding.Vector) meanings {
	m := meanings{make(map[string][]embedding.Vector, len(vectors)), &embedding.Set{}}
	for doc := range h.docs {
		id := h.docs[doc].id
		list, ok := vectors[id]
		if !ok || h.gone[doc] {
			continue
		}
		m.vectors[id] = list
		for _, v := range list {
			m.set.Add(doc, v)
		}
	}
	return m
}

// How words and vectors are fused. Both are brought to one scale: a passage's words are worth at most 1, its vector byVectors. A cosine
// says nothing by itself, since models differ in how alike all texts are to them: what counts is by how many standard deviations it is
// above that of a text and a passage by chance. And vectors are believed as far as they agree with words: where the passages that words
// put first are not liker than others by distrusted standard deviations, the model knows nothing of this language or of this matter.
//
// Words that are doubted cannot be agreed with: where the passages have next to nothing of what is asked, since they are in another
// language, vectors are believed as far as words are doubted, and a word is worth byDoubted.
const (
	byVectors  = 0.4
	byDoubted  = 0.2
	distrusted = 1.0
	trusted    = 2.0
	// chance is with how many passages what is like by chance is measured, agreeing how many of the first are asked whether vectors agree.
	chance   = 300
	agreeing = 20
)

// What the best passage's words are worth, as a part of what they would be if each word of the text stood in that passage alone: from
// convincing on they are not doubted, below doubtful they are entirely. The bank's customers are above 0.33 among the bank's documents in
// English, and half of them below 0.22 among a club's in Spanish.
const (
	doubtful   = 0.15
	convincing = 0.35
)

// doubt is how little words say about a text, from 0 to 1; best is the best passage's score by words.
func (h *held) doubt(text []string, best float32) float32 {
	if len(text) == 0 {
		return 0
	}
	most := float32(min(len(text), mostTerms)) * h.rarityOf(make([]posting, 1))
	return max(0, min(1, (convincing-best/most)/(convincing-doubtful)))
}

// fuse orders passages by what words and vectors say together, the best first, with those wanted that only vectors find. doubt is that of
// the words.
func (h *held) fuse(found []ranked, doubt float32, v embedding.Vector, wanted func(doc uint32) bool) []ranked {
	if v.Empty() || h.meanings.set == nil || h.meanings.set.Len() == 0 {
		return found
	}
	scale := h.byChance(v)
	likeness := make(map[uint32]float64, 2*candidates)
	near := h.meanings.set.Nearest(v, candidates)
	for _, l := range near {
		likeness[uint32(l.Owner)] = scale.above(l.Cosine) //nolint:gosec // at most mostDocuments
	}
	fused := make([]ranked, 0, len(found)+len(near))
	worth, known := 1-doubt*(1-byDoubted), make(map[uint32]bool, len(found))
	for _, r := range found {
		if _, ok := likeness[r.doc]; !ok {
			if cosine, ok := h.cosine(r.doc, v); ok {
				likeness[r.doc] = scale.above(cosine)
			}
		}
		known[r.doc] = true
		fused = append(fused, ranked{doc: r.doc, score: worth * r.score / found[0].score})
	}
	for _, l := range near {
		doc := uint32(l.Owner) //nolint:gosec // at most mostDocuments
		if wanted(doc) && !known[doc] {
			fused = append(fused, ranked{doc: doc})
		}
	}
	believed := max(doubt, trust(found, likeness))
	weight := byVectors * believed
	if most := slices.Max(slices.Collect(maps.Values(likeness))); most > 0 {
		weight /= float32(most)
	}
	for i, r := range fused {
		like := float32(max(0, likeness[r.doc]))
		fused[i].score, fused[i].like = fused[i].score+weight*like, believed*like
	}
	slices.SortFunc(fused, better)
	return fused
}

// trust is how far vectors are believed, from 0 to 1. Where words find nothing there is nothing to compare with.
func trust(found []ranked, likeness map[uint32]float64) float32 {
	if len(found) == 0 {
		return 1
	}
	var sum, known float64
	for _, r := range found[:min(agreeing, len(found))] {
		if like, ok := likeness[r.doc]; ok {
			sum, known = sum+like, known+1
		}
	}
	return float32(max(0, min(1, (sum/max(1, known)-distrusted)/(trusted-distrusted))))
}

// cosine is the greatest of a passage's parts with a vector, false where it has none.
func (h *held) cosine(doc uint32, v embedding.Vector) (float64, bool) {
	parts := h.meanings.vectors[h.docs[doc].id]
	most := -1.0
	for _, part := range parts {
		most = max(most, v.Cosine(part))
	}
	return most, len(parts) > 0
}

// spread is what cosines are like by chance.
type spread struct{ mean, deviation float64 }

// byChance measures with every nth passage how like it is to a vector.
func (h *held) byChance(v embedding.Vector) spread {
	var sum, squares, n float64
	for doc := 0; doc < len(h.docs); doc += 1 + len(h.docs)/chance {
		if c, ok := h.cosine(uint32(doc), v); ok { //nolint:gosec // at most mostDocuments
			sum, squares, n = sum+c, squares+c*c, n+1
		}
	}
	n = max(1, n)
	return spread{sum / n, math.Sqrt(max(1e-9, squares/n-sum/n*sum/n))}
}

// above is by how many standard deviations a cosine is above the mean.
func (s spread) above(cosine float64) float64 { return (cosine - s.mean) / s.deviation }
