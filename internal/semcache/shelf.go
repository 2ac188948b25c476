package semcache

import (
	"math"
	"os"
	"strconv"
)

// Shelf holds the entries of one scope: questions that the same bot answers for the same audience in the same language. It is not safe for
// use by several goroutines.
type Shelf struct {
	model    *Model
	index    *index
	exact    map[string]*entry
	judge    *judge
	answered map[string][]*cluster // by sentence
	calm     calibration
	clusters int
}

// NewShelf makes an empty one.
func NewShelf(m *Model) *Shelf {
	return &Shelf{model: m, index: newIndex(), exact: map[string]*entry{}, judge: newJudge(), answered: map[string][]*cluster{}, calm: newCalibration()}
}

// Tier is how an entry was found.
type Tier string

// The tiers.
const (
	TierExact    Tier = "exact"
	TierSemantic Tier = "semantic"
)

// Look is what a look-up saw.
type Look struct {
	// Hit says that Answer may be given.
	Hit    bool
	Tier   Tier
	Answer string
	// Score is the probability that Answer answers the question, by the model and what was learnt in the scope.
	Score float64
	// Veto is why the entry that is most like the question was not considered.
	Veto Veto
	// Features are those of the comparison with the best entry.
	Features []float64
	// Like is the phrasing compared with.
	Like *Question

	logit   float64
	cluster *cluster
}

// Look looks a question up.
func (s *Shelf) Look(q *Question) Look {
	if e := s.exact[q.Exact]; e != nil {
		return Look{Hit: true, Tier: TierExact, Answer: e.cluster.answer, Score: 1, Like: e.question, cluster: e.cluster}
	}
	found := s.index.nearest(q)
	var l Look
	best, rival := -1, 0.0
	var pairs *matching
	allowed := found[:0]
	for _, n := range found {
		m := match(q, n.entry.question)
		if v := veto(q, n.entry.question, m); v != "" {
			if best < 0 && l.Veto == "" {
				l.Veto = v
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
	l.Features = s.index.compare(q, b, pairs, allowed, rival)
	l.cluster, l.Answer, l.Like = b.entry.cluster, b.entry.cluster.answer, b.entry.question
	l.Tier = TierSemantic
	l.logit = s.model.Logit(l.Features)
	l.Score = s.calm.probability(l.logit)
	l.Hit = l.Score >= s.model.Threshold
	return l
}

// Keep stores the answer that was made for a question after Look saw no hit.
func (s *Shelf) Keep(q *Question, answer string, seen Look) {
	s.judge.learn(q, answer)
	if seen.cluster != nil {
		s.learn(seen, answer)
	}
	var own *cluster
	sentences := sentencesOf(answer)
	tried := map[*cluster]bool{}
	for _, text := range sentences {
		if s.judge.general(text) {
			continue
		}
		for _, c := range s.answered[text] {
			if tried[c] || c.phrases == nil {
				continue
			}
			tried[c] = true
			if s.judge.compare(answer, c.answer) != equal {
				continue
			}
			if own == nil {
				own = c
			} else {
				own.absorb(c)
			}
		}
	}
	if own == nil {
		s.clusters++
		own = &cluster{id: s.clusters, answer: answer}
		for _, text := range sentences {
			s.answered[text] = append(s.answered[text], own)
		}
	}
	e := &entry{question: q, cluster: own}
	own.add(e)
	s.index.add(e)
	s.exact[q.Exact] = e
}

// learn corrects the scope's calibration by what the look-up would have said.
func (s *Shelf) learn(seen Look, answer string) {
	if v := s.judge.compare(answer, seen.cluster.answer); v != unknown {
		s.calm.learn(seen.logit, v == equal)
	}
}

// absorb takes the phrasings of another cluster over.
func (c *cluster) absorb(o *cluster) {
	for _, e := range o.phrases {
		e.cluster = c
		c.add(e)
	}
	o.phrases = nil
}

// calibration is how much surer, or less sure, than the model one should be in a scope: a logistic model's intercept with a normal prior,
// updated by each judgement (Laplace's approximation).
type calibration struct{ mean, variance float64 }

var (
	priorVariance = env("PV", 0.5)
	// caution is how many standard deviations are taken off.
	caution = env("CA", 0.5)
	// relevant is how far below an even chance a comparison may be and still teach.
	relevant = env("RE", -2)
)

func newCalibration() calibration { return calibration{variance: priorVariance} }

func (c *calibration) probability(logit float64) float64 {
	return sigmoid(logit + c.mean - caution*math.Sqrt(c.variance))
}

func (c *calibration) learn(logit float64, right bool) {
	if logit < relevant {
		return
	}
	p := sigmoid(logit + c.mean)
	y := 0.0
	if right {
		y = 1
	}
	c.variance = 1 / (1/c.variance + p*(1-p))
	c.mean += c.variance * (y - p)
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

func env(n string, d float64) float64 {
	if v, err := strconv.ParseFloat(os.Getenv(n), 64); err == nil {
		return v
	}
	return d
}
