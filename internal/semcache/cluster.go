package semcache

// cluster is an answer with the phrasings it was given for.
type cluster struct {
	id      string
	answer  string
	phrases []*entry
	// terms counts the phrasings that have a term.
	terms map[feature]int
}

func (c *cluster) add(e *entry) {
	e.cluster = c
	c.phrases = append(c.phrases, e)
	if c.terms == nil {
		c.terms = make(map[feature]int, len(e.question.terms))
	}
	for _, t := range e.question.terms {
		c.terms[t]++
	}
}

func (c *cluster) remove(e *entry) {
	for i, p := range c.phrases {
		if p == e {
			c.phrases = append(c.phrases[:i], c.phrases[i+1:]...)
			break
		}
	}
	for _, t := range e.question.terms {
		if c.terms[t]--; c.terms[t] <= 0 {
			delete(c.terms, t)
		}
	}
}
