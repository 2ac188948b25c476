package dispatcher

import (
	"fmt"
	mathbits "math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tania/internal/tania"
)

// pattern is a sequence of elements. It matches in time bounded by its own length, whatever the message.
type pattern struct {
	elements []element
	// uses are the symbols of the elements, until the grammar is stacked.
	uses []symbol
	// result is the concept that a match counts as, for a phrase; strong is set for a rule that decides alone.
	result symbol
	strong bool
	block  *block
}

type kind uint8

const (
	one       kind = iota // x       one of the alternatives
	optional              // x?
	several               // x~      none to three
	gap                   // ..3     none to three words of any kind, within a clause
	across                // ...  up to acrossLimit words of any kind, over commas and ends of sentences
	ahead                 // !x      the next word is none of these
	behind                // <!x     the word before is none of these
	lineStart             // ^       nothing but pleasantries before, on its line
	lineEnd               // $       nothing but pleasantries after
)

const (
	severalLimit = 3
	acrossLimit  = 12
)

type element struct {
	kind  kind
	limit int
	set   symbolSet
}

// symbolSet is a set of symbols as bits, from the word of bits that has the lowest symbol on: most sets have one symbol.
type symbolSet struct {
	bits  []uint64
	first int
	// folded has the bits of all words as one, so that a place with none of the symbols is mostly refused by one comparison.
	folded uint64
}

func (s symbolSet) has(x symbol) bool {
	w := int(x>>6) - s.first
	return uint(w) < uint(len(s.bits)) && s.bits[w]&(1<<(x&63)) != 0 //nolint:gosec // a negative w is beyond the bits
}

func (s *symbolSet) add(x symbol) { *s = setOf(append(s.symbols(), x)) }

// setOf gives the set of at least one symbol, in as little memory as holds it.
func setOf(list []symbol) symbolSet {
	s := symbolSet{first: int(slices.Min(list) >> 6)}
	s.bits = make([]uint64, int(slices.Max(list)>>6)-s.first+1)
	for _, x := range list {
		s.bits[int(x>>6)-s.first] |= 1 << (x & 63)
		s.folded |= 1 << (x & 63)
	}
	return s
}

func (s symbolSet) symbols() (list []symbol) {
	for w, bits := range s.bits {
		for ; bits != 0; bits &= bits - 1 {
			list = append(list, symbol((w+s.first)*64+mathbits.TrailingZeros64(bits))) //nolint:gosec // a few thousand symbols
		}
	}
	return list
}

func (g *grammar) parse(source string) (*pattern, error) {
	fields := strings.Fields(source)
	p := &pattern{elements: make([]element, 0, len(fields))}
	for _, field := range fields {
		e := element{kind: one}
		switch {
		case field == "^":
			e.kind = lineStart
		case field == "$":
			e.kind = lineEnd
		case field == "...":
			e.kind, e.limit = across, acrossLimit
		case strings.HasPrefix(field, ".."):
			n, err := strconv.Atoi(field[2:])
			if err != nil || n < 1 || n > 8 {
				return nil, fmt.Errorf("%q: want ..1 to ..8", field)
			}
			e.kind, e.limit = gap, n
		default:
			field, e.kind, e.limit = quantifier(field)
			if err := g.alternatives(field, &e, p); err != nil {
				return nil, err
			}
		}
		p.elements = append(p.elements, e)
	}
	if len(p.elements) == 0 {
		return nil, fmt.Errorf("an empty pattern")
	}
	if len(p.firsts()) == 0 {
		return nil, fmt.Errorf("%q can begin with anything", source)
	}
	return p, nil
}

func quantifier(field string) (string, kind, int) {
	if f, ok := strings.CutPrefix(field, "<!"); ok {
		return f, behind, 0
	}
	if f, ok := strings.CutPrefix(field, "!"); ok {
		return f, ahead, 0
	}
	if f, ok := strings.CutSuffix(field, "?"); ok {
		return f, optional, 1
	}
	if f, ok := strings.CutSuffix(field, "~"); ok {
		return f, several, severalLimit
	}
	return field, one, 1
}

func (g *grammar) alternatives(field string, e *element, p *pattern) error {
	var list []symbol
	for word := range strings.SplitSeq(field, "|") {
		var s symbol
		switch {
		case word == "":
			return fmt.Errorf("%q has an empty alternative", field)
		case strings.IndexFunc(word, unicode.IsUpper) >= 0:
			s = g.symbol(word)
		case strings.HasSuffix(word, "*"):
			s = g.symbol(word)
			g.stem(strings.TrimSuffix(word, "*")).add(s)
		default:
			s = g.symbol(word)
			g.word(word).add(s)
		}
		list = append(list, s)
		if !slices.Contains(p.uses, s) {
			p.uses = append(p.uses, s)
		}
	}
	e.set = setOf(list)
	return nil
}

// firsts are the symbols a match can begin with; none when it can begin with anything.
func (p *pattern) firsts() []symbol {
	var list []symbol
	for _, e := range p.elements {
		switch e.kind {
		case one, optional, several:
			list = append(list, e.set.symbols()...)
			if e.kind == one {
				return list
			}
		case gap, across, ahead, lineEnd:
			return nil
		}
	}
	return nil
}

// block is the rules of one reading of a message, "asks to talk to a human", and what speaks against it.
type block struct {
	route                         tania.Route
	name                          string
	hits                          []*pattern
	overlapVetoes, sentenceVetoes []*pattern
}
