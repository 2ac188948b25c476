package dispatcher

import mathbits "math/bits"

// table has patterns by the symbol that they begin with, one symbol's after the other's.
type table struct {
	// begins has a bit for each symbol that a pattern begins with: most symbols begin none.
	begins     []uint64
	starts     []uint32 // of each symbol's candidates, and the end of the last one's
	candidates []candidate
}

// candidate is a pattern that begins with a symbol, and what must stand behind it: most patterns that begin with a word of the message are
// refused by two comparisons. Both are folded as those of a symbolSet, and 0 where nothing is asked.
type candidate struct {
	*pattern
	// next is what the word behind the symbol must be one of, and later what some word of the clause behind it must be.
	next, later uint64
}

// tableOf indexes patterns for so many symbols.
func tableOf(patterns []*pattern, symbols int) table {
	lists := make([][]candidate, symbols)
	n := 0
	for _, p := range patterns {
		for _, s := range p.firsts() {
			lists[s] = append(lists[s], p.after(s))
			n++
		}
	}
	t := table{make([]uint64, symbols/64+1), make([]uint32, 1, symbols+1), make([]candidate, 0, n)}
	for s, list := range lists {
		if len(list) > 0 {
			t.begins[s>>6] |= 1 << (s & 63)
		}
		t.candidates = append(t.candidates, list...)
		t.starts = append(t.starts, uint32(len(t.candidates))) //nolint:gosec // some thousands
	}
	return t
}

func (t *table) of(s symbol) []candidate {
	if t.begins[s>>6]&(1<<(s&63)) == 0 {
		return nil
	}
	return t.candidates[t.starts[s]:t.starts[s+1]]
}

// after gives the pattern as a candidate for where the symbol stands first.
func (p *pattern) after(s symbol) candidate {
	c := candidate{pattern: p}
	asked, last := true, 0
	for i := range p.elements {
		e := &p.elements[i]
		if !e.consumes() {
			continue
		}
		if e.set.has(s) {
			set, sure := follow(e, p.elements[i+1:])
			c.next |= set
			asked, last = asked && sure, i
		}
		if e.kind == one {
			break
		}
	}
	if !asked {
		c.next = 0
	}
	c.later = rarest(p.elements[last+1:])
	return c
}

// consumes reports whether the element stands for words of a set.
func (e *element) consumes() bool { return e.kind == one || e.kind == optional || e.kind == several }

// follow gives what the word behind one of the element's must be one of; false when it can be any word, or none.
func follow(e *element, rest []element) (set uint64, sure bool) {
	if e.kind == several {
		set = e.set.folded
	}
	for i := range rest {
		switch rest[i].kind {
		case one:
			return set | rest[i].set.folded, true
		case optional, several:
			set |= rest[i].set.folded
		case gap, across, lineEnd:
			return 0, false
		}
	}
	return 0, false
}

// rarest gives the set with the fewest symbols that the clause must have one of; 0 when there is none.
func rarest(elements []element) uint64 {
	var set uint64
	fewest := 64
	for i := range elements {
		e := &elements[i]
		if e.kind == across {
			break
		}
		if n := mathbits.OnesCount64(e.set.folded); e.kind == one && n < fewest {
			set, fewest = e.set.folded, n
		}
	}
	return set
}

// look makes ready what the candidates of a level are compared with: what begins at each place that a clause goes on at, and from there to
// its end.
func (m *message) look() {
	n := len(m.tokens)
	m.next, m.later = sized(m.next, n+1), sized(m.later, n+1)
	for at := n - 1; at > 0; at-- {
		if m.tokens[at].before == noPause {
			m.next[at] = m.folded[at]
			m.later[at] = m.folded[at] | m.later[at+1]
		}
	}
}

// mayMatch reports whether a candidate can match whose first symbol ends at a place.
func (m *message) mayMatch(c *candidate, end int) bool {
	return (c.next == 0 || c.next&m.next[end] != 0) && (c.later == 0 || c.later&m.later[end] != 0)
}
