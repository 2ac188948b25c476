package grammar

// pattern is a sequence of elements.
type pattern []element

type kind uint8

const (
	one     kind = iota // x    one of the alternatives
	several             // x~   none to three
	gap                 // ..3  none to three words; ...  any number
	start               // ^
	end                 // $
)

const (
	anyNumber    = 1 << 20
	severalLimit = 3
)

// phrases are the patterns of one name: those that begin with a word by that word, and the others.
type phrases struct {
	byWord map[string][]pattern
	other  []pattern
}

func (s *phrases) add(p pattern) {
	if word := p[0].plainWord(); word != "" {
		s.byWord[word] = append(s.byWord[word], p)
		return
	}
	s.other = append(s.other, p)
}

// plainWord gives the word that an element asks for when it asks for nothing else.
func (e *element) plainWord() string {
	if e.kind != one || e.not || e.back > 0 || len(e.any) != 1 || len(e.any[0]) != 1 {
		return ""
	}
	if l := e.any[0][0]; !l.not && l.word != "_" {
		return l.word
	}
	return ""
}

type element struct {
	kind kind
	// not asks that there be none of the alternatives; back looks so many words back, and takes none.
	not   bool
	back  int
	limit int
	any   [][]literal
}

// literal is a word, "_" for any, or the name of a class, of phrases or of a builtin.
type literal struct {
	not        bool
	word, name string
	// What the name stands for; class is -1 for none.
	class   int
	builtin Builtin
	phrases *phrases
}

// condition is what must be so of the text besides.
type condition struct {
	not     bool
	kind    string
	pattern pattern
	op      string
	number  int
	block   *Block
}

// matchFrom matches a pattern at a place and gives the end of the match.
func (t *Text) matchFrom(p pattern, at int) (int, bool) {
	if len(p) == 0 {
		return at, true
	}
	e, rest := &p[0], p[1:]
	switch e.kind {
	case start:
		if at == 0 {
			return t.matchFrom(rest, at)
		}
	case end:
		if at == len(t.Words) {
			return t.matchFrom(rest, at)
		}
	case gap:
		for n := at; n <= min(at+e.limit, len(t.Words)); n++ {
			if to, ok := t.matchFrom(rest, n); ok {
				return to, true
			}
		}
	case several:
		return t.matchSeveral(e, rest, at, severalLimit)
	default:
		return t.matchOne(e, rest, at)
	}
	return 0, false
}

// matchOne matches an element that stands for one word or phrase. One with "!" is fulfilled by the end of the text too, and one that looks
// back takes no word.
func (t *Text) matchOne(e *element, rest pattern, at int) (int, bool) {
	to, ok := t.matchAny(e.any, at-e.back)
	if ok == e.not {
		return 0, false
	}
	switch {
	case e.back > 0:
		to = at
	case e.not:
		to = min(at+1, len(t.Words))
	}
	return t.matchFrom(rest, to)
}

func (t *Text) matchSeveral(e *element, rest pattern, at, left int) (int, bool) {
	if to, ok := t.matchAny(e.any, at); ok && left > 0 {
		if to, ok := t.matchSeveral(e, rest, to, left-1); ok {
			return to, true
		}
	}
	return t.matchFrom(rest, at)
}

// matchAny matches one of the alternatives, and gives the end of what it takes.
func (t *Text) matchAny(alternatives [][]literal, at int) (int, bool) {
	if at < 0 || at >= len(t.Words) {
		return 0, false
	}
	for _, all := range alternatives {
		if to, ok := t.matchAll(all, at); ok {
			return to, true
		}
	}
	return 0, false
}

// matchAll matches what must all be so of one word; the first says how much it takes.
func (t *Text) matchAll(all []literal, at int) (int, bool) {
	took := at + 1
	for i := range all {
		to, ok := t.matchLiteral(&all[i], at)
		if ok == all[i].not {
			return 0, false
		}
		if i == 0 && ok {
			took = to
		}
	}
	return took, true
}

func (t *Text) matchLiteral(l *literal, at int) (int, bool) {
	if l.name == "" {
		return at + 1, l.word == "_" || l.word == t.Words[at]
	}
	switch {
	case l.class >= 0 && t.classesAt(at).has(l.class):
		return at + 1, true
	case l.builtin != nil:
		return at + 1, l.builtin(t, at)
	case l.phrases == nil:
		return 0, false
	}
	if to, ok := t.matchFirst(l.phrases.byWord[t.Words[at]], at); ok {
		return to, true
	}
	return t.matchFirst(l.phrases.other, at)
}

// matchFirst matches the first of some patterns that fits.
func (t *Text) matchFirst(patterns []pattern, at int) (int, bool) {
	for _, p := range patterns {
		if to, ok := t.matchFrom(p, at); ok {
			return to, true
		}
	}
	return 0, false
}
