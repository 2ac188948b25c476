package knowledge

import (
	"slices"

	"tania/internal/embedding"
	"tania/internal/language"
)

// likelyShare is how likely an entry must be to be offered, as a part of how likely the first is; worthAsking how likely all of those
// offered must be together, and briefWords how many words that carry meaning a text has at
// most that names two subjects alike: with scores that differ by no more than from 1 to alike.
const (
	likelyShare = 0.1
	worthAsking = 0.15
	briefWords  = 3
	alike       = 0.9
)

// Likely gives the entries that a text may be about where none surely answers it, the likeliest first and at most limit of them; none
// where hardly any may be meant, or where no entry has the part least of what its words ask for. before and meant are as in Rank.
func (x *Index) Likely(r *language.Reading, before string, meant embedding.Vector, least float64, limit int) []Hit {
	if least > 0 {
		if hits := x.hits(x.ask(r)); len(hits) == 0 || hits[0].Score < least {
			return nil
		}
	}
	hits, all := x.Weigh(r, before, meant, limit), 0.0
	for i, h := range hits {
		if h.Score < likelyShare*hits[0].Score {
			hits = hits[:i]
			break
		}
		all += h.Score
	}
	if all < worthAsking {
		return nil
	}
	return hits
}

// Rivals gives the FAQ entries, two to limit of them, whose questions have all words of a brief text and which answer it alike
// ("garantía"); none where one does better than the others or so many do that they say little.
func (x *Index) Rivals(r *language.Reading, limit int) []Hit {
	q := x.ask(r)
	if q.vague() || len(q) > briefWords {
		return nil
	}
	hits := slices.DeleteFunc(x.hits(q), func(h Hit) bool { return h.FAQ == nil || !q.allIn(x.entryOf(h).close) })
	for i, h := range hits {
		if h.Score < alike*hits[0].Score {
			hits = hits[:i]
			break
		}
	}
	if len(hits) < 2 || len(hits) > limit {
		return nil
	}
	return hits
}

func (q question) allIn(b bag) bool {
	return !slices.ContainsFunc(q, func(w queryTerm) bool { return !w.in(b) })
}

// Entry gives the entry with a source, with what of it answers a text best; false where there is none.
func (x *Index) Entry(source string, r *language.Reading) (Hit, bool) {
	for i := range x.size() {
		h := x.hitAt(i)
		if h.Source() != source {
			continue
		}
		e := x.entryAt(i)
		if judged := e.judge(x.ask(r)); judged.Score > 0 {
			h = judged
		} else if e.passage != nil && len(e.sentences) > 0 {
			h.Excerpt = e.excerpt(0)
		}
		return h, true
	}
	return Hit{}, false
}
