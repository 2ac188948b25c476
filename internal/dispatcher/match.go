package dispatcher

// match tries a pattern at a place and gives the end of the longest match that its first elements allow. Where every match is wanted it
// finds their ends and gives none.
func (m *message) match(p *pattern, at int) (end int, ok bool) {
	return m.matchFrom(p.elements, at, at)
}

// matchFrom matches elements at a place. A match goes over a comma or the end of a sentence only where it says so; start is where it
// began.
func (m *message) matchFrom(elements []element, at, start int) (int, bool) {
	if len(elements) == 0 {
		if m.every && at > start {
			m.found = append(m.found, at)
		}
		return at, at > start && !m.every
	}
	e, rest := &elements[0], elements[1:]
	switch e.kind {
	case lineStart:
		if at < len(m.tokens) && m.starts[at] {
			return m.matchFrom(rest, at, start)
		}
	case lineEnd:
		if m.ends[at] {
			return m.matchFrom(rest, at, start)
		}
	case ahead:
		if at >= len(m.tokens) || m.tokens[at].before != noPause || !m.has(at, e.set) {
			return m.matchFrom(rest, at, start)
		}
	case behind:
		if at == 0 || m.tokens[at].before != noPause || !m.has(at-1, e.set) {
			return m.matchFrom(rest, at, start)
		}
	case gap:
		for n := 0; n <= e.limit; n++ {
			if end, ok := m.matchFrom(rest, at+n, start); ok {
				return end, true
			}
			if !m.goesOn(at+n, start) {
				break
			}
		}
	case across:
		// The rest starts over: what stands before its first word is of no matter.
		for n := at; n <= at+e.limit && n < len(m.tokens); n++ {
			if end, ok := m.matchFrom(rest, n, n); ok {
				return end, true
			}
		}
	default:
		return m.matchWords(e, rest, at, start, e.limit)
	}
	return 0, false
}

// matchWords matches a concept, the required one, or as many as there are up to the limit and then fewer.
func (m *message) matchWords(e *element, rest []element, at, start, left int) (int, bool) {
	if left > 0 && m.goesOn(at, start) && m.folded[at]&e.set.folded != 0 {
		for i := m.heads[at]; i >= 0; i = m.spans[i].next {
			s := m.spans[i]
			if !e.set.has(s.symbol) {
				continue
			}
			next := at + int(s.length)
			var end int
			var ok bool
			if e.kind == several {
				end, ok = m.matchWords(e, rest, next, start, left-1)
			} else {
				end, ok = m.matchFrom(rest, next, start)
			}
			if ok {
				return end, true
			}
		}
	}
	if e.kind == one {
		return 0, false
	}
	return m.matchFrom(rest, at, start)
}

func (m *message) goesOn(at, start int) bool {
	return at < len(m.tokens) && (at == start || m.tokens[at].before == noPause)
}

// addPhrases finds the concepts of a level.
func (m *message) addPhrases(level *table) {
	m.look()
	for at := range m.tokens {
		for i := m.heads[at]; i >= 0; i = m.spans[i].next {
			s := m.spans[i]
			candidates := level.of(s.symbol)
			for c := range candidates {
				if c := &candidates[c]; m.mayMatch(c, at+int(s.length)) {
					m.addPhrase(c.pattern, at)
				}
			}
		}
	}
}

// addPhrase finds a concept at a place.
func (m *message) addPhrase(p *pattern, at int) {
	if end, ok := m.match(p, at); ok {
		m.addSpan(at, end-at, p.result)
	}
	for _, end := range m.found {
		m.addSpan(at, end-at, p.result)
	}
	m.found = m.found[:0]
}

// hit is a rule that matched.
type hit struct {
	*pattern
	from, to int
}

// hits finds all rules of the routes that match, in the order of the text.
func (m *message) hits(into []hit) []hit {
	m.look()
	for at := range m.tokens {
		for i := m.heads[at]; i >= 0; i = m.spans[i].next {
			s := m.spans[i]
			candidates := m.g.rules.of(s.symbol)
			for c := range candidates {
				c := &candidates[c]
				if !m.mayMatch(c, at+int(s.length)) {
					continue
				}
				if end, ok := m.match(c.pattern, at); ok {
					into = append(into, hit{c.pattern, at, end})
				}
			}
		}
	}
	return into
}

// vetoed reports whether something in the message speaks against the hit.
func (m *message) vetoed(h hit) bool {
	from, to := m.sentence(h.from)
	for _, p := range h.block.sentenceVetoes {
		for at := from; at < to; at++ {
			if _, ok := m.match(p, at); ok {
				return true
			}
		}
	}
	for _, p := range h.block.overlapVetoes {
		for at := from; at < h.to; at++ {
			if end, ok := m.match(p, at); ok && end > h.from {
				return true
			}
		}
	}
	return false
}
