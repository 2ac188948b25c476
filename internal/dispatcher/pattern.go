package dispatcher

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tania/internal/tania"
)

// pattern is a sequence of elements. It matches in time bounded by its own length, whatever the message.
type pattern struct {
	source   string
	elements []element
	uses     []symbol
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

// symbolSet is a set of symbols as bits.
type symbolSet []uint64

func (s symbolSet) has(x symbol) bool { return int(x>>6) < len(s) && s[x>>6]&(1<<(x&63)) != 0 }

func (s *symbolSet) add(x symbol) {
	for len(*s) <= int(x>>6) {
		*s = append(*s, 0)
	}
	(*s)[x>>6] |= 1 << (x & 63)
}

func (g *grammar) parse(source string) (*pattern, error) {
	p := &pattern{source: strings.TrimSpace(source)}
	for _, field := range strings.Fields(source) {
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
	for _, word := range strings.Split(field, "|") {
		var s symbol
		switch {
		case word == "":
			return fmt.Errorf("%q has an empty alternative", field)
		case strings.IndexFunc(word, unicode.IsUpper) >= 0:
			s = g.symbol(word)
		case strings.HasSuffix(word, "*"):
			s = g.symbol(word)
			g.stem(strings.TrimSuffix(word, "*")).add(s, 0)
		default:
			s = g.symbol(word)
			g.word(word).add(s, 0)
		}
		e.set.add(s)
		if !slices.Contains(p.uses, s) {
			p.uses = append(p.uses, s)
		}
	}
	return nil
}

// firsts are the symbols a match can begin with; none when it can begin with anything.
func (p *pattern) firsts() []symbol {
	var list []symbol
	for _, e := range p.elements {
		switch e.kind {
		case one, optional, several:
			for w, bits := range e.set {
				for b := range 64 {
					if bits&(1<<b) != 0 {
						list = append(list, symbol(w*64+b))
					}
				}
			}
			if e.kind == one {
				return list
			}
		case gap, across, ahead, lineEnd:
			return nil
		}
	}
	return nil
}

// index enters the pattern under every symbol it can begin with.
func (p *pattern) index(table [][]*pattern) {
	for _, s := range p.firsts() {
		table[s] = append(table[s], p)
	}
}

// block is the rules of one reading of a message, "asks to talk to a human", and what speaks against it.
type block struct {
	route                         tania.Route
	name                          string
	hits                          []*pattern
	overlapVetoes, sentenceVetoes []*pattern
}
