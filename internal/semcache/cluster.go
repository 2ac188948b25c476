package semcache

import "slices"

// cluster is an answer with the phrasings it was given for.
type cluster struct {
	id      string
	answer  string
	phrases []*entry
	// terms counts the phrasings that have a term; nil while there is one phrasing.
	terms map[feature]int
}

func (c *cluster) add(e *entry) {
	e.cluster = c
	c.phrases = append(c.phrases, e)
	if len(c.phrases) == 1 {
		return
	}
	counted := c.phrases[len(c.phrases)-1:]
	if c.terms == nil {
		c.terms = make(map[feature]int, 2*len(e.question.terms))
		counted = c.phrases
	}
	for _, p := range counted {
		for _, t := range p.question.terms {
			c.terms[t]++
		}
	}
}

func (c *cluster) remove(e *entry) {
	if i := slices.Index(c.phrases, e); i >= 0 {
		c.phrases = slices.Delete(c.phrases, i, i+1)
	}
	if len(c.phrases) < 2 {
		c.terms = nil
		return
	}
	for _, t := range e.question.terms {
		if c.terms[t]--; c.terms[t] <= 0 {
			delete(c.terms, t)
		}
	}
}

// count is how many phrasings have a term.
func (c *cluster) count(t feature) int {
	switch {
	case c.terms != nil:
		return c.terms[t]
	case len(c.phrases) == 1:
		if _, has := slices.BinarySearch(c.phrases[0].question.terms, t); has {
			return 1
		}
	}
	return 0
}
