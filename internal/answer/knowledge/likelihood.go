package knowledge

import (
	"cmp"
	"math"
	"slices"

	"tania/internal/answer/knowledge/aspect"
	"tania/internal/embedding"
	"tania/internal/language"
)

// Weigh gives the entries that a text may be about, the likeliest first and at most limit of them. before and meant are as in Rank. A Hit's
// Score is how likely it is that this entry answers the text, from 0 to 1: what is left to 1 is that none of them does.
func (x *Index) Weigh(r *language.Reading, before string, meant embedding.Vector, limit int) []Hit {
	s := x.scene(r, before)
	hits, all := s.candidates(x.foremost(r, before, meant))
	scores := make([]float64, len(all))
	for i, f := range all {
		scores[i] = dot(f[:], byFeature[:])
	}
	none := s.noFeatures()
	likely(hits, scores, dot(none[:], byAbsence[:]))
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
	return hits[:min(limit, len(hits))]
}

func (x *Index) scene(r *language.Reading, before string) *scene {
	text := r
	if before != "" {
		text = language.Read(before + "\n" + r.Text)
	}
	s := &scene{
		index: x, question: x.ask(text), asked: x.askedWords(r, before), meant: meanings(text, languages...), aspects: aspect.Of(r.Words()),
	}
	for _, a := range s.asked {
		if a.certainty < 1 {
			for _, m := range a.senses {
				if !slices.Contains(s.meant, m) {
					s.meant = append(s.meant, m)
				}
			}
		}
	}
	for _, m := range s.meant {
		s.weights = append(s.weights, math.Log(1+float64(x.size())/float64(1+x.countSensed(m))))
	}
	return s
}

// foremost are the entries that rank first, and those of the FAQ that do so among themselves: beside thousands of passages they may rank
// nowhere.
func (x *Index) foremost(r *language.Reading, before string, meant embedding.Vector) []Hit {
	asked := askedFor(r, before)
	ranked := x.fused(asked, meant)
	ranked = slices.Clip(ranked[:min(weighed, len(ranked))])
	for i, found := range x.faqRanking.Rank(meant, asked...) {
		if i == weighedOfFAQ || found.Score <= 0 {
			break
		}
		h := x.entries[found.Place].hit()
		if !slices.ContainsFunc(ranked, h.same) {
			h.Score, h.like = math.SmallestNonzeroFloat64, found.Like
			ranked = append(ranked, h)
		}
	}
	return ranked
}

// candidates are the entries that rank first, with what tells for and against each. One that has other numbers than those
// asked for, or says the opposite, is none.
func (s *scene) candidates(ranked []Hit) (hits []Hit, all []features) {
	for _, found := range ranked {
		e := s.index.entryOf(found)
		h := e.judge(s.question)
		if found.Score <= 0 || h.Score == 0 && e.contradicted(s.question) || s.opposed(e) {
			continue
		}
		if h.Excerpt == "" && len(e.sentences) > 0 {
			h.Excerpt = e.excerpt(0)
		}
		h.like = found.like
		hits = append(hits, h)
		all = append(all, s.features(e, h.Score, found.Score/ranked[0].Score, alikeness(found.like)))
	}
	return hits, all
}

// opposed reports whether an entry says the opposite of what is asked for.
func (s *scene) opposed(e *entry) bool {
	return slices.ContainsFunc(s.asked, func(a askedWord) bool { return a.opposes(e) })
}

// weighed is how many of the entries that rank first are looked at closely, weighedOfFAQ how many of those of the FAQ at least.
const (
	weighed      = 30
	weighedOfFAQ = 10
)

// likely makes the entries' scores, and that of none of them, the parts of 1 that they are by a multinomial logit.
func likely(hits []Hit, scores []float64, none float64) {
	most := none
	for _, s := range scores {
		most = max(most, s)
	}
	sum := math.Exp(none - most)
	for i, s := range scores {
		hits[i].Score = math.Exp(s - most)
		sum += hits[i].Score
	}
	for i := range hits {
		hits[i].Score /= sum
	}
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

func (e *entry) contradicted(q question) bool {
	return e.faq != nil && slices.ContainsFunc(e.variants, func(v variant) bool { return q.contradicts(v.numbers) })
}

// scene is a question as entries are weighed for it.
type scene struct {
	index    *Index
	question question
	asked    []askedWord
	// aspects are those that it asks for.
	aspects aspect.Set
	// meant is what its words mean, with weights.
	meant   []string
	weights []float64
}

// features tell for and against an entry: its score as judge gives it, the part of the question's weight in each place, what is missing,
// how far it means the same, how it ranks, how much of its name is asked for, and whether it has the kind of thing that is asked for. The
// order is that of byFeature.
type features [28]float64

func (s *scene) features(e *entry, judged, rank, alike float64) (f features) {
	sp := s.index.spokenOf(e)
	var whole, greatest, missing float64
	at := f[1:8]
	inNames := true
	var things, found float64
	for i := range s.asked {
		a := &s.asked[i]
		whole += a.weight
		p := a.placeIn(e, sp)
		if a.thing() {
			things++
			found += truth(p < inField)
		}
		if p > likeInName && !a.weak {
			inNames = false
		}
		if p == nowhere {
			missing, greatest = missing+1, max(greatest, a.weight)
		} else {
			at[p] += a.weight
		}
	}
	whole = max(whole, 1e-9)
	// What an entry has not in words it has by what it means, as far as it is alike.
	unsaid := whole
	for p := range at {
		unsaid -= at[p]
	}
	at[meantInRest] += alike * unsaid
	greatest *= 1 - alike
	covered := 0.0
	for p := range at {
		at[p] /= whole
		covered += worth[p] * at[p]
	}
	f[0], f[8], f[9] = judged, greatest/whole, (1-alike)*min(missing, 4)/4
	f[10], f[11] = s.meantIn(sp.name), max(alike, s.meantIn(sp.all))
	f[12], f[13] = rank, truth(rank >= 1)
	f[14], f[15] = s.named(sp), s.nameMeant(sp)
	f[16] = truth(e.passage != nil)
	told := s.kinds(sp)
	copy(f[17:20], told[:])
	f[20] = covered * covered
	if e.faq != nil {
		same, plainlyNot, perhapsNot := aspect.Compare(s.aspects, sp.aspects)
		f[21], f[22], f[23] = truth(same), truth(plainlyNot), truth(perhapsNot)
	}
	f[24] = truth(missing == 0)
	f[25] = truth(inNames)
	f[26] = f[24] * f[14]
	f[27] = (1 - alike) * truth(things > 0 && found == 0)
	return f
}

// alikeness is how far an entry means what is asked for, from 0 to 1, by how many standard deviations it is alike: two are not rare by
// chance among dozens of entries, four are.
func alikeness(deviations float64) float64 { return max(0, min(1, (deviations-2)/2)) }

// worth is what a word counts in a place, for how much of a question an entry covers.
var worth = [7]float64{1, 1, 0.8, 0.8, 0.7, 0.6, 0.3}

// meantIn is the part of what is meant, by weight, that is in a set.
func (s *scene) meantIn(in map[string]bool) float64 {
	var all, found float64
	for i, m := range s.meant {
		all += s.weights[i]
		if in[m] {
			found += s.weights[i]
		}
	}
	return found / max(all, 1e-9)
}

// named is the part of what an entry is called, by weight, that is asked for.
func (s *scene) named(sp *spoken) float64 {
	var all, found float64
	for _, t := range sp.called {
		all += s.index.weightOf(t)
		if slices.ContainsFunc(s.asked, func(a askedWord) bool { return a.similar[t] || slices.Contains(a.terms, t) }) {
			found += s.index.weightOf(t)
		}
	}
	return found / max(all, 1e-9)
}

// nameMeant is the part of what an entry's name means that the question means.
func (s *scene) nameMeant(sp *spoken) float64 {
	found := 0.0
	for _, m := range s.meant {
		found += truth(sp.name[m])
	}
	return found / max(1, float64(len(sp.name)))
}

// noFeatures tell that no entry answers, in the order of byAbsence: always, how much of the question is unknown to all entries and to the
// lists of words, and whether it has one word at most that says something, none, or four and more.
func (s *scene) noFeatures() [5]float64 {
	var unknown, whole float64
	telling := 0
	for _, a := range s.asked {
		whole += a.weight
		if len(a.terms)+len(a.senses)+len(a.similar) == 0 {
			unknown += a.weight
		}
		if !a.weak && a.number == "" {
			telling++
		}
	}
	return [5]float64{1, unknown / max(whole, 1e-9), truth(telling <= 1), truth(telling == 0), truth(telling >= 4)}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
