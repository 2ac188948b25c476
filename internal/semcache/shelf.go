package semcache

import (
	"bytes"
	"cmp"
	"slices"
	"time"
)

// Shelf holds the entries of one scope: questions that the same bot answers for the same audience in the same language. Look may be called by
// several goroutines at once; everything else by one alone.
type Shelf struct {
	model *Model
	limit float64
	index *index
	byID  map[string]*entry
	// exact are the entries of one question, the newest first.
	exact map[string][]*entry
	judge *judge
	// clusters are by id; answered finds them by a sentence of their answer.
	clusters map[string]*cluster
	answered map[string][]*cluster

	learnt      learnt
	calibration calibration
	// raised is how much the threshold stands above the model's.
	raised float64
	// apart is the mean cosine of the embeddings of two entries, over so many.
	apart, pairs float64
}

// NewShelf makes an empty one. limit is CACHE_MAX_FALSE_HITS.
func NewShelf(m *Model, limit float64) *Shelf {
	s := &Shelf{
		model: m, limit: limit, index: newIndex(), byID: map[string]*entry{}, exact: map[string][]*entry{}, judge: newJudge(),
		clusters: map[string]*cluster{}, answered: map[string][]*cluster{}, learnt: learnt{},
	}
	s.calibrate()
	return s
}

// Tier is how an entry was found.
type Tier string

// The tiers.
const (
	TierExact    Tier = "exact"
	TierSemantic Tier = "semantic"
)

// sighting is what a look at a shelf saw.
type sighting struct {
	hit  bool
	tier Tier
	// entry is the one served, or the most alike that no veto forbids; nil if there is none.
	entry *entry
	// score is the probability that the entry's answer answers the question.
	score    float64
	evidence evidence
	features []float64
	// veto is why the entry that is most alike was not considered.
	veto Veto
	// compared are all candidates with their vetoes, for explain.
	compared []compared
}

type compared struct {
	near
	veto Veto
}

// threshold is the least log odds of a hit. A stricter limit than the model was tuned for asks for more.
func (s *Shelf) threshold() float64 {
	return logitOf(s.model.Threshold) + logitOf(tunedLimit) - logitOf(s.limit) + s.raised
}

// tunedLimit is the share of wrong hits that the model's threshold was chosen for.
const tunedLimit = 0.01

// look looks a question up, with its embedding if there is one.
func (s *Shelf) look(q *Question, v vector, now time.Time) sighting {
	for _, e := range s.exact[q.Exact] {
		if e.serves(now) && sameLanguage(q, e.question) {
			return sighting{hit: true, tier: TierExact, entry: e, score: 1}
		}
	}
	found := s.index.nearest(q, s.index.meaning(v))
	l := sighting{compared: make([]compared, 0, len(found))}
	best, rival := -1, 0.0
	var pairs *matching
	allowed := found[:0]
	for _, n := range found {
		if !n.entry.serves(now) {
			continue
		}
		m := match(q, n.entry.question)
		why := veto(q, n.entry.question, m)
		l.compared = append(l.compared, compared{n, why})
		if why != "" {
			if best < 0 && l.veto == "" {
				l.veto = why
			}
			continue
		}
		allowed = append(allowed, n)
		switch {
		case best < 0:
			best, pairs = len(allowed)-1, m
		case n.entry.cluster != allowed[best].entry.cluster:
			rival = max(rival, n.like)
		}
	}
	if best < 0 {
		return l
	}
	b := allowed[best]
	l.entry, l.tier = b.entry, TierSemantic
	l.features = s.index.compare(q, b, pairs, allowed, rival)
	l.evidence = evidence{logit: s.model.Logit(l.features), without: true}
	if cosine := v.cosine(b.entry.vector); cosine != 0 && s.apart < allAlike {
		l.evidence.without, l.evidence.closeness = false, (cosine-s.apart)/(1-s.apart)
	}
	logit := s.calibration.logit(l.evidence)
	l.score, l.hit = sigmoid(logit), logit >= s.threshold()
	return l
}

// serves reports whether an entry may be answered with.
func (e *entry) serves(now time.Time) bool { return e.State == StateActive && now.Before(e.Expires) }

// put takes an entry of the store in, or what is changed of it.
func (s *Shelf) put(e Entry) {
	if have := s.byID[e.ID]; have != nil {
		if have.Question == e.Question && have.Answer == e.Answer && have.Cluster == e.Cluster && have.Created.Equal(e.Created) && bytes.Equal(have.vector.pack(), e.Vector) {
			have.Entry, have.Vector = e, nil
			return
		}
		s.drop(e.ID)
	}
	n := &entry{Entry: e, question: Read(e.Question, e.Scope.Language), vector: unpack(e.Vector)}
	n.Vector = nil // vector has it
	s.judge.learn(n.question, e.Answer)
	c := s.clusters[e.Cluster]
	if c == nil {
		c = &cluster{id: e.Cluster}
		s.clusters[e.Cluster] = c
	}
	c.add(n)
	s.list(c)
	s.measure(n)
	s.index.add(n)
	s.byID[e.ID] = n
	same := append(s.exact[n.question.Exact], n)
	slices.SortFunc(same, func(a, b *entry) int { return older(b, a) })
	s.exact[n.question.Exact] = same
}

// list sees to it that a cluster is found by its oldest phrasing's answer, and by nothing else; one without phrasings not at all.
func (s *Shelf) list(c *cluster) {
	answer := ""
	if len(c.phrases) > 0 {
		answer = slices.MinFunc(c.phrases, older).Answer
	}
	if answer == c.answer {
		return
	}
	for _, text := range sentencesOf(c.answer) {
		s.answered[text] = slices.DeleteFunc(s.answered[text], func(o *cluster) bool { return o == c })
		if len(s.answered[text]) == 0 {
			delete(s.answered, text)
		}
	}
	c.answer = answer
	for _, text := range sentencesOf(answer) {
		s.answered[text] = append(s.answered[text], c)
	}
}

// older orders entries by when they were made.
func older(a, b *entry) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
}

// drop removes an entry.
func (s *Shelf) drop(id string) {
	e := s.byID[id]
	if e == nil {
		return
	}
	delete(s.byID, id)
	s.index.remove(e)
	s.judge.forget(e.question, e.Answer)
	same := slices.DeleteFunc(s.exact[e.question.Exact], func(o *entry) bool { return o == e })
	s.exact[e.question.Exact] = same
	if len(same) == 0 {
		delete(s.exact, e.question.Exact)
	}
	c := e.cluster
	c.remove(e)
	s.list(c)
	if len(c.phrases) == 0 {
		delete(s.clusters, c.id)
	}
}

// quarantined says that people have said of an answer that it is wrong, until it expires.
func quarantined(entries []*entry, now time.Time) bool {
	return slices.ContainsFunc(entries, func(e *entry) bool { return e.State == StateQuarantined && now.Before(e.Expires) })
}

// allAlike is the mean cosine from which an embedder finds everything alike, so that it tells nothing.
const allAlike = 0.99

// measure learns how far apart the embeddings of two questions usually are.
func (s *Shelf) measure(n *entry) {
	for i := len(s.index.entries) - 1; i >= max(0, len(s.index.entries)-3); i-- {
		if e := s.index.entries[i]; e != nil {
			if c := n.vector.cosine(e.vector); c != 0 {
				s.pairs++
				s.apart += (c - s.apart) / min(s.pairs, 500)
			}
		}
	}
}

// clusterOf gives the cluster whose answer says what an answer says, by text alone; nil if there is none. others are further
// clusters that turn out to say the same.
func (s *Shelf) clusterOf(answer string) (own *cluster, others []*cluster) {
	tried := map[*cluster]bool{}
	for _, text := range sentencesOf(answer) {
		if s.judge.general(text) {
			continue
		}
		for _, c := range s.answered[text] {
			if tried[c] {
				continue
			}
			tried[c] = true
			switch {
			case s.judge.compare(answer, c.answer) != equal:
			case own == nil:
				own = c
			default:
				others = append(others, c)
			}
		}
	}
	return own, others
}

// teach adds judgements, and reports whether the threshold moved.
func (s *Shelf) teach(counts map[string]int64) bool {
	s.learnt.add(counts)
	return s.calibrate()
}

func (s *Shelf) calibrate() bool {
	s.calibration = s.learnt.calibrate()
	before := s.raised
	s.raised = 0
	s.raised = s.learnt.raise(s.calibration, s.threshold(), s.limit)
	return s.raised != before
}
