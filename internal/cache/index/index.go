// Package index holds the entries of one scope in memory, and finds those whose questions are like a question.
package index

import (
	"bytes"
	"cmp"
	"iter"
	"maps"
	"slices"
	"time"

	"tania/internal/cache/reading"
	"tania/internal/cache/same"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/embedding"
)

// Index holds the entries of one scope: questions that the same bot answers for the same audience in the same language. Look may be called
// by several goroutines at once; everything else by one alone.
type Index struct {
	model *same.Model
	limit float64
	index *finder
	byID  map[string]*Phrasing
	// exact are the entries of one question, the newest first.
	exact map[string][]*Phrasing
	judge *same.AnswerComparer
	// clusters are by id; answered finds them by a sentence of their answer.
	clusters map[string]*Cluster
	answered map[string][]*Cluster

	learnt      same.Judgements
	calibration same.Calibration
	// raised is how much the threshold stands above the model's.
	raised float64
	// apart is the mean cosine of the embeddings of two entries, over so many.
	apart, pairs float64
}

// New makes an empty one. limit is CACHE_MAX_FALSE_HITS.
func New(m *same.Model, limit float64) *Index {
	s := &Index{
		model: m, limit: limit, index: newFinder(), byID: map[string]*Phrasing{}, exact: map[string][]*Phrasing{},
		judge:    same.NewAnswerComparer(),
		clusters: map[string]*Cluster{}, answered: map[string][]*Cluster{}, learnt: same.Judgements{},
	}
	s.calibrate()
	return s
}

// Emptied gives an index without entries that keeps what was learnt.
func (s *Index) Emptied() *Index {
	n := New(s.model, s.limit)
	n.learnt, n.apart, n.pairs = s.learnt, s.apart, s.pairs
	n.calibrate()
	return n
}

// Get gives an entry by its id, nil if there is none.
func (s *Index) Get(id string) *Phrasing { return s.byID[id] }

// All gives the entries, in no order.
func (s *Index) All() iter.Seq[*Phrasing] { return maps.Values(s.byID) }

// Size is the number of entries.
func (s *Index) Size() int { return len(s.byID) }

// WithText gives the entries of a question whose reading has this exact text, the newest first.
func (s *Index) WithText(exact string) []*Phrasing { return s.exact[exact] }

// ClusterByID gives a cluster, nil if there is none.
func (s *Index) ClusterByID(id string) *Cluster { return s.clusters[id] }

// AboveModel is how far the threshold of a hit has risen above the model's, in log odds.
func (s *Index) AboveModel() float64 { return s.raised }

// CompareAnswers tells from their text whether two answers say the same.
func (s *Index) CompareAnswers(a, b string) same.Verdict { return s.judge.Compare(a, b) }

// Tier is how an entry was found.
type Tier string

// The tiers.
const (
	TierExact    Tier = "exact"
	TierSemantic Tier = "semantic"
)

// Result is what a look-up in an index found.
type Result struct {
	Hit  bool
	Tier Tier
	// Entry is the one served, or the most alike that no veto forbids; nil if there is none.
	Entry *Phrasing
	// Score is the probability that the entry's answer answers the question.
	Score    float64
	Evidence same.Evidence
	Features []float64
	// Veto is why the entry that is most alike was not considered.
	Veto same.Veto
	// Compared are all candidates with their vetoes, for explain.
	Compared []Compared
}

// Compared is a candidate with why it was not considered, if it was not.
type Compared struct {
	near
	Veto same.Veto
}

// Threshold is the least log odds of a hit. A stricter limit than the model was tuned for asks for more.
func (s *Index) Threshold() float64 {
	return same.LogitOf(s.model.Threshold) + same.LogitOf(TunedLimit) - same.LogitOf(s.limit) + s.raised
}

// TunedLimit is the share of wrong hits that the model's threshold was chosen for.
const TunedLimit = 0.01

// Search looks a question up, with its embedding if there is one. An answer that does not stand in what the bot knows is not served; nil:
// all do.
func (s *Index) Search(q *reading.Question, v embedding.Vector, now time.Time, by shareable.Knowledge) Result {
	var fallen []*Phrasing
	for {
		found := s.search(q, v, now, fallen)
		if !found.Hit || found.Entry.StandsIn(by) {
			return found
		}
		fallen = append(fallen, found.Entry)
	}
}

// search is Search without some entries, which are not served.
func (s *Index) search(q *reading.Question, v embedding.Vector, now time.Time, without []*Phrasing) Result {
	for _, e := range s.exact[q.Exact] {
		if e.serves(now) && !slices.Contains(without, e) && same.SameLanguage(q, e.question) {
			return Result{Hit: true, Tier: TierExact, Entry: e, Score: 1}
		}
	}
	found := s.index.nearest(q, s.index.nearestVectors(v))
	l := Result{Compared: make([]Compared, 0, len(found))}
	best, rival := -1, 0.0
	var pairs *same.Matching
	allowed := found[:0]
	for _, n := range found {
		if !n.Entry.serves(now) || slices.Contains(without, n.Entry) {
			continue
		}
		m := same.Match(q, n.Entry.question)
		why := same.FindVeto(q, n.Entry.question, m)
		l.Compared = append(l.Compared, Compared{n, why})
		if why != "" {
			if best < 0 && l.Veto == "" {
				l.Veto = why
			}
			continue
		}
		allowed = append(allowed, n)
		switch {
		case best < 0:
			best, pairs = len(allowed)-1, m
		case n.Entry.Group != allowed[best].Entry.Group:
			rival = max(rival, n.Like)
		}
	}
	if best < 0 {
		return l
	}
	b := allowed[best]
	l.Entry, l.Tier = b.Entry, TierSemantic
	l.Features = s.index.compare(q, b, pairs, allowed, rival)
	l.Evidence = same.Evidence{Logit: s.model.Logit(l.Features), Without: true}
	if cosine := v.Cosine(b.Entry.Embedding); cosine != 0 && s.apart < allAlike {
		l.Evidence.Without, l.Evidence.Closeness = false, (cosine-s.apart)/(1-s.apart)
	}
	logit := s.calibration.Logit(l.Evidence)
	l.Score, l.Hit = same.Sigmoid(logit), logit >= s.Threshold()
	return l
}

// serves reports whether an entry may be answered with.
func (e *Phrasing) serves(now time.Time) bool {
	return e.State == store.StateActive && now.Before(e.Expires)
}

// Put takes an entry of the store in, or what is changed of it, with its question as it was read.
func (s *Index) Put(e store.Entry, q *reading.Question) {
	if have := s.byID[e.ID]; have != nil {
		if have.Question == e.Question && have.Answer == e.Answer && have.Cluster == e.Cluster && have.Created.Equal(e.Created) &&
			bytes.Equal(have.Embedding.Pack(), e.Vector) {
			have.Entry, have.Vector = e, nil
			have.stood.Store(nil)
			return
		}
		s.Drop(e.ID)
	}
	question := *q // the finder takes its grams
	n := &Phrasing{Entry: e, question: &question, Embedding: embedding.Unpack(e.Vector)}
	n.Vector = nil // vector has it
	s.judge.Learn(n.question, e.Answer)
	c := s.clusters[e.Cluster]
	if c == nil {
		c = &Cluster{ID: e.Cluster}
		s.clusters[e.Cluster] = c
	}
	c.add(n)
	s.list(c)
	s.measure(n)
	s.index.add(n)
	s.byID[e.ID] = n
	same := append(s.exact[n.question.Exact], n)
	slices.SortFunc(same, func(a, b *Phrasing) int { return older(b, a) })
	s.exact[n.question.Exact] = same
}

// list sees to it that a cluster is found by its oldest phrasing's answer, and by nothing else; one without phrasings not at all.
func (s *Index) list(c *Cluster) {
	answer := ""
	if len(c.Phrases) > 0 {
		answer = slices.MinFunc(c.Phrases, older).Answer
	}
	if answer == c.answer {
		return
	}
	for _, text := range same.SentencesOf(c.answer) {
		s.answered[text] = slices.DeleteFunc(s.answered[text], func(o *Cluster) bool { return o == c })
		if len(s.answered[text]) == 0 {
			delete(s.answered, text)
		}
	}
	c.answer = answer
	for _, text := range same.SentencesOf(answer) {
		s.answered[text] = append(s.answered[text], c)
	}
}

// older orders entries by when they were made.
func older(a, b *Phrasing) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
}

// Drop removes an entry.
func (s *Index) Drop(id string) {
	e := s.byID[id]
	if e == nil {
		return
	}
	delete(s.byID, id)
	s.index.remove(e)
	s.judge.Forget(e.question, e.Answer)
	same := slices.DeleteFunc(s.exact[e.question.Exact], func(o *Phrasing) bool { return o == e })
	s.exact[e.question.Exact] = same
	if len(same) == 0 {
		delete(s.exact, e.question.Exact)
	}
	c := e.Group
	c.remove(e)
	s.list(c)
	if len(c.Phrases) == 0 {
		delete(s.clusters, c.ID)
	}
}

// Quarantined reports whether people have said of an answer that it is wrong, until it expires.
func Quarantined(entries []*Phrasing, now time.Time) bool {
	return slices.ContainsFunc(entries, func(e *Phrasing) bool { return e.State == store.StateQuarantined && now.Before(e.Expires) })
}

// allAlike is the mean cosine from which an embedder finds everything alike, so that it tells nothing.
const allAlike = 0.99

// measure learns how far apart the embeddings of two questions usually are.
func (s *Index) measure(n *Phrasing) {
	for i := len(s.index.entries) - 1; i >= max(0, len(s.index.entries)-3); i-- {
		if e := s.index.entries[i]; e != nil {
			if c := n.Embedding.Cosine(e.Embedding); c != 0 {
				s.pairs++
				s.apart += (c - s.apart) / min(s.pairs, 500)
			}
		}
	}
}

// ClusterOf gives the cluster whose answer says what an answer says, by text alone; nil if there is none. others are further
// clusters that turn out to say the same.
func (s *Index) ClusterOf(answer string) (own *Cluster, others []*Cluster) {
	tried := map[*Cluster]bool{}
	for _, text := range same.SentencesOf(answer) {
		if s.judge.General(text) {
			continue
		}
		for _, c := range s.answered[text] {
			if tried[c] {
				continue
			}
			tried[c] = true
			switch {
			case s.judge.Compare(answer, c.answer) != same.Equal:
			case own == nil:
				own = c
			default:
				others = append(others, c)
			}
		}
	}
	return own, others
}

// Teach adds judgements, and reports whether the threshold moved.
func (s *Index) Teach(counts map[string]int64) bool {
	s.learnt.Add(counts)
	return s.calibrate()
}

func (s *Index) calibrate() bool {
	s.calibration = s.learnt.Calibrate()
	before := s.raised
	s.raised = 0
	s.raised = s.learnt.Raise(s.calibration, s.Threshold(), s.limit)
	return s.raised != before
}
