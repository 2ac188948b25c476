package index

import (
	"slices"

	"tania/internal/cache/reading"
)

// Cluster is an answer with the phrasings it was given for.
type Cluster struct {
	ID      string
	answer  string
	Phrases []*Phrasing
	// terms counts the phrasings that have a term; nil while there is one phrasing.
	terms map[reading.Feature]int
}

func (c *Cluster) add(e *Phrasing) {
	e.Group = c
	c.Phrases = append(c.Phrases, e)
	if len(c.Phrases) == 1 {
		return
	}
	counted := c.Phrases[len(c.Phrases)-1:]
	if c.terms == nil {
		c.terms = make(map[reading.Feature]int, 2*len(e.question.Terms))
		counted = c.Phrases
	}
	for _, p := range counted {
		for _, t := range p.question.Terms {
			c.terms[t]++
		}
	}
}

func (c *Cluster) remove(e *Phrasing) {
	if i := slices.Index(c.Phrases, e); i >= 0 {
		c.Phrases = slices.Delete(c.Phrases, i, i+1)
	}
	if len(c.Phrases) < 2 {
		c.terms = nil
		return
	}
	for _, t := range e.question.Terms {
		if c.terms[t]--; c.terms[t] <= 0 {
			delete(c.terms, t)
		}
	}
}

// count is how many phrasings have a term.
func (c *Cluster) count(t reading.Feature) int {
	switch {
	case c.terms != nil:
		return c.terms[t]
	case len(c.Phrases) == 1:
		if _, has := slices.BinarySearch(c.Phrases[0].question.Terms, t); has {
			return 1
		}
	}
	return 0
}
