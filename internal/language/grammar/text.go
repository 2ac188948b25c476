package grammar

import "slices"

// Text is what a grammar reads: words, and what is known of them. A Text is read by one goroutine.
type Text struct {
	// Words are folded; All are those before courtesy was taken off. Content is how many of Words carry meaning.
	Words, All []string
	Content    int
	// Accented are the words that the text writes with an accent on their last letter.
	Accented map[string]bool
	// Fitted, when it is not nil, gets every rule that fitted somewhere, for tests and explanations.
	Fitted map[*Rule]bool

	grammar *Grammar
	classes []bits
	// known is what was found of each block: 0 nothing yet, 1 it holds, 2 it does not.
	known []uint8
	by    []*Rule
	// opening is the text with All as its words.
	opening *Text
}

// Read makes a text ready for the grammar's rules.
func (g *Grammar) Read(t Text) *Text {
	t.grammar = g
	t.classes = make([]bits, len(t.Words))
	t.known = make([]uint8, len(g.names))
	t.by = make([]*Rule, len(g.names))
	return &t
}

// Set says of a flag whether it holds.
func (t *Text) Set(flag string, is bool) {
	known := uint8(2)
	if is {
		known = 1
	}
	t.known[t.grammar.blocks[flag].index] = known
}

// Holds reports whether a block's rules hold for the text.
func (t *Text) Holds(block string) bool { return t.holds(t.grammar.blocks[block]) }

// By gives the rule that decided whether a block holds; nil if none did or nobody asked.
func (t *Text) By(block string) *Rule { return t.by[t.grammar.blocks[block].index] }

func (t *Text) holds(b *Block) bool {
	if t.known[b.index] == 0 {
		t.known[b.index] = 2
		if r := t.decide(b); r != nil {
			t.by[b.index] = r
			if r.verdict == holds {
				t.known[b.index] = 1
			}
		}
	}
	return t.known[b.index] == 1
}

// decide gives the rule that decides a block, nil if none does.
func (t *Text) decide(b *Block) *Rule {
	for at := range t.Words {
		if r := t.decideAt(b, at); r != nil {
			return r
		}
	}
	return nil
}

func (t *Text) decideAt(b *Block, at int) *Rule {
	for _, r := range b.Rules {
		if _, ok := t.matchFrom(r.pattern, at); !ok || !t.meets(r.when, at) {
			continue
		}
		if t.Fitted != nil {
			t.Fitted[r] = true
		}
		if r.verdict == passes {
			return nil
		}
		return r
	}
	return nil
}

func (t *Text) meets(all []condition, at int) bool {
	return !slices.ContainsFunc(all, func(c condition) bool { return t.is(&c, at) == c.not })
}

// is reports whether what a condition asks is so, its "not" aside.
func (t *Text) is(c *condition, at int) bool {
	switch c.kind {
	case "block":
		return t.holds(c.block)
	case "has":
		return t.within(c.pattern, 0, len(t.Words))
	case "no":
		return !t.within(c.pattern, 0, len(t.Words))
	case "earlier":
		return t.within(c.pattern, 0, at)
	case "here":
		return t.fits(c.pattern, at)
	case "first":
		return t.fits(c.pattern, 0)
	case "second":
		return t.fits(c.pattern, 1)
	case "last":
		return t.fits(c.pattern, len(t.Words)-1)
	case "opens":
		return t.beforeCourtesy().fits(c.pattern, 0)
	case "words":
		return compares(len(t.Words), c.op, c.number)
	default: // content
		return compares(t.Content, c.op, c.number)
	}
}

func compares(n int, op string, with int) bool {
	switch op {
	case "<":
		return n < with
	case "<=":
		return n <= with
	case ">":
		return n > with
	default:
		return n >= with
	}
}

func (t *Text) fits(p pattern, at int) bool {
	_, ok := t.matchFrom(p, at)
	return ok
}

// within reports whether a pattern matches between two places.
func (t *Text) within(p pattern, from, to int) bool {
	for at := from; at < to; at++ {
		if end, ok := t.matchFrom(p, at); ok && end <= to {
			return true
		}
	}
	return false
}

func (t *Text) beforeCourtesy() *Text {
	if t.opening == nil {
		t.opening = t.grammar.Read(Text{Words: t.All, All: t.All, Accented: t.Accented})
	}
	return t.opening
}

func (t *Text) classesAt(at int) bits {
	if t.classes[at] == nil {
		t.classes[at] = t.grammar.classesOf(t.Words[at])
	}
	return t.classes[at]
}

// In reports whether a word, not necessarily of the text, belongs to a class that words alone define.
func (t *Text) In(class, word string) bool { return t.grammar.In(class, word) }
