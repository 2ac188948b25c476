package dispatcher

import (
	"maps"
	"math"
	"slices"

	"tania/internal/tania"
)

// manners are the symbols of what a pleasantry can be cut into. grammar/pleasantries says what each of them is.
type manners struct {
	greeting, goodDay, asking, hope, thanks, blessing, farewell, wish, feast, regards, likewise, filler, back, done, no, yes, named symbol
	// tiles are all of them.
	tiles symbolSet
}

// compileManners compiles the grammar of pleasantries. It is one of its own, so that no rule of another route is changed by its words.
func compileManners() (*grammar, manners) {
	g := newGrammar()
	g.readLines("pleasantries/words", g.addWords)
	definitions := map[symbol][]*pattern{}
	g.readLines("pleasantries/phrases", func(line string) error { return g.addPhrase(line, definitions) })
	named := g.symbol("NAMED")
	var s manners
	list := []symbol{named}
	for name, to := range map[string]*symbol{
		"GREETING": &s.greeting, "GOODDAY": &s.goodDay, "ASKING": &s.asking, "HOPE": &s.hope, "THANKS": &s.thanks, "BLESSING": &s.blessing,
		"FAREWELL": &s.farewell,
		"WISH":     &s.wish, "FEASTLY": &s.feast, "REGARDS": &s.regards, "LIKEWISE": &s.likewise, "FILLER": &s.filler, "BACK": &s.back,
		"DONE": &s.done, "NO": &s.no, "YES": &s.yes,
	} {
		*to = g.symbol(name)
		list = append(list, *to)
	}
	s.named, s.tiles = named, setOf(list)
	g.checkNames(definitions, named)
	g.stack(definitions)
	g.typos.sort()
	g.settle()
	return g, s
}

// longestPleasantry is how many words a pleasantry has at most.
const longestPleasantry = 40

// pleasantry gives the route of a message that can be cut into pleasantries without a rest.
func (m *message) pleasantry() (tania.Route, bool) {
	if len(m.tokens) > longestPleasantry {
		return "", false
	}
	p := messages.Get().(*message)
	defer p.release()
	if !p.readManners(m) {
		return "", false
	}
	tiles, ok := p.cut(&m.g.manners)
	if !ok {
		return "", false
	}
	return m.g.manners.route(tiles, m.asks)
}

// readManners looks the words of another message up in the grammar of pleasantries, and reports whether all of them can be part of one.
// Most questions have a word that cannot, which is all that is asked of them.
func (m *message) readManners(of *message) bool {
	g := of.g.mannered
	m.forget()
	m.g, m.shouting, m.asks = g, of.shouting, of.asks
	m.tokens = append(m.tokens[:0], of.tokens...)
	for i := range m.tokens {
		m.place()
		if !m.tagManners(i, of.hasSymbol(i, unknownWord)) {
			return false
		}
	}
	m.clearMarks()
	// What a phrase leaves of the words may be what another one needs: "thanks for answering | at this hour".
	m.every = true
	for i := range g.levels {
		m.addPhrases(&g.levels[i])
	}
	m.every = false
	return true
}

// tagManners enters what the grammar of pleasantries says of a word, and reports whether it can be part of one: a word of the grammar, once
// it is corrected, or what may be a name. unknown says that no table of a route has it.
func (m *message) tagManners(i int, unknown bool) bool {
	t := &m.tokens[i]
	var buf [16]symbol
	symbols := m.g.lookup(t.text, buf[:])
	if len(symbols) == 0 {
		if meant, ok := m.g.meant(t.text, unknown); ok {
			t.text = meant
			symbols = m.g.lookup(meant, buf[:])
		}
	}
	for _, s := range symbols {
		m.addSpan(i, 1, s)
	}
	if len(symbols) == 0 && unknown {
		m.addSpan(i, 1, unknownWord)
	}
	capital := m.capitalWithin(i)
	if capital {
		m.addSpan(i, 1, capitalized)
	}
	return len(symbols) > 0 || unknown || capital
}

// capitalWithin reports whether a word has a capital letter that no sentence begins with.
func (m *message) capitalWithin(i int) bool {
	t := &m.tokens[i]
	return t.capital && !m.shouting && t.before != stop
}

// meant gives the word that another one stands for: without its drawn out letters, or, where no table of a route knows it, as the typing
// error that it may be.
func (g *grammar) meant(word string, unknown bool) (string, bool) {
	if unknown {
		return g.meantFondly(word)
	}
	for _, short := range undrawn(word) {
		if g.knows(short) {
			return short, true
		}
	}
	return "", false
}

// tile is a pleasantry within a message.
type tile struct {
	kind symbol
	// from is where it begins, cost what it and those before it cost.
	from, cost int
}

// cut divides the words into pleasantries, as few as can be; false where words are left.
func (m *message) cut(s *manners) ([]tile, bool) {
	n := len(m.tokens)
	best := make([]tile, n+1)
	for i := range best[1:] {
		best[i+1].cost = math.MaxInt
	}
	for at := range n {
		if best[at].cost == math.MaxInt {
			continue
		}
		reach := func(end int, kind symbol, cost int) {
			if cost += best[at].cost; cost < best[end].cost {
				best[end] = tile{kind, at, cost}
			}
		}
		for i := m.heads[at]; i >= 0; i = m.spans[i].next {
			if kind := m.spans[i].symbol; s.tiles.has(kind) {
				reach(at+int(m.spans[i].length), kind, s.cost(kind))
			}
		}
		if m.addresses(at, best[at].kind, s) {
			reach(at+1, s.named, s.cost(s.named))
		}
	}
	if n == 0 || best[n].cost == math.MaxInt {
		return nil, false
	}
	var tiles []tile
	for at := n; at > 0; at = best[at].from {
		tiles = append(tiles, best[at])
	}
	slices.Reverse(tiles)
	return tiles, true
}

// cost prefers few pleasantries, and those that say something.
func (s *manners) cost(kind symbol) int {
	switch kind {
	case s.goodDay, s.feast:
		return 7
	case s.wish:
		return 8
	case s.filler, s.done:
		return 10
	case s.named:
		return 14
	default:
		return 9
	}
}

// addresses reports whether the word at a place is taken for the name of who is spoken to: a word of no table that ends its clause, after
// thanks or a farewell. After a greeting it is one only with a capital letter, since "hola tortillas" asks for them, and so
// does the last word of a question.
func (m *message) addresses(at int, after symbol, s *manners) bool {
	last := at+1 == len(m.tokens)
	goesOn := !last && m.tokens[at+1].before == noPause
	if m.asks && last || goesOn || !m.hasSymbol(at, unknownWord) {
		return false
	}
	switch after {
	case s.thanks, s.farewell:
		return true
	case s.greeting, s.goodDay:
		return m.hasSymbol(at, capitalized)
	}
	return false
}

func (m *message) hasSymbol(at int, s symbol) bool {
	for i := m.heads[at]; i >= 0; i = m.spans[i].next {
		if m.spans[i].symbol == s {
			return true
		}
	}
	return false
}

// pleasantries is what the pleasantries of a message say together.
type pleasantries struct{ greets, regards, thanks, blesses, leaves, returns, inquires, settled, accepts bool }

// route is what a message of these pleasantries is: a farewell rather than thanks, and thanks rather than a greeting. "Yes, thank you"
// accepts an offer and is none, and who asks something asks how one is.
func (s *manners) route(tiles []tile, asks bool) (tania.Route, bool) {
	var is pleasantries
	for _, t := range tiles {
		is.add(s, t.kind)
	}
	closes := is.regards && is.thanks && !is.greets // the end of a letter
	onlyReturns := is.returns && !is.thanks && !is.greets && !is.regards
	switch {
	case is.leaves, closes, onlyReturns:
		return tania.RouteFarewell, !asks || is.inquires
	case is.thanks, is.blesses && !is.greets:
		return tania.RouteThanks, (!is.accepts || is.settled) && (!asks || is.inquires)
	case is.greets, is.regards:
		return tania.RouteGreeting, !is.settled
	}
	return "", false
}

// add takes the next pleasantry of a message.
func (is *pleasantries) add(s *manners, kind symbol) {
	opens := is.greets && !is.thanks && !is.leaves
	switch kind {
	case s.greeting, s.hope:
		is.greets = true
	case s.asking:
		is.greets, is.inquires = true, true
	case s.regards:
		is.regards = true
	case s.likewise:
		is.returns = true
	case s.back:
		is.inquires = true
	case s.goodDay:
		// After thanks it is what one says when going.
		is.meet(is.thanks && !is.greets)
	case s.feast:
		is.meet(is.thanks || is.leaves || is.returns)
	case s.wish:
		// "Hello, have a nice week" opens a conversation.
		is.leaves = is.leaves || !opens
	case s.farewell:
		is.leaves = true
	case s.thanks:
		is.thanks = true
	case s.blessing:
		is.blesses = true
	case s.done, s.no:
		is.settled = true
	case s.yes:
		is.accepts = true
	}
}

// meet takes what is said when people meet and when they part.
func (is *pleasantries) meet(parting bool) {
	is.leaves = is.leaves || parting
	is.greets = is.greets || !parting
}

// defined gives the symbols that words define.
func (g *grammar) defined() map[symbol]bool {
	defined := map[symbol]bool{unknownWord: true, capitalized: true, numeral: true}
	for e := range maps.Values(g.words) {
		for _, s := range e.symbols {
			defined[s] = true
		}
	}
	for e := range maps.Values(g.stems) {
		for _, s := range e.symbols {
			defined[s] = true
		}
	}
	return defined
}
