package dispatcher

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"tania/internal/tania"
)

// The grammar is text, so that it can be read and extended by people who know a language and no Go.
// The words of a language are in es.txt, en.txt and pt.txt, the phrases that the routes share in phrases.txt, and the rules of a route in
// its own file. README.md beside them explains the notation.
//
//go:embed grammar/*.txt grammar/pleasantries/*.txt
var grammarFiles embed.FS

// routes are the files of rules, and the route that a rule of each decides.
var routes = map[string]tania.Route{
	"handoff": tania.RouteHandoff, "orders": tania.RouteHandoff,
	"frustration": tania.RouteFrustration, "sarcasm": tania.RouteFrustration,
	"sensitive": tania.RouteSensitive, "emergency": tania.RouteSensitive, "threat": tania.RouteSensitive,
}

// symbol is a word of a pattern or a concept (TALK, HUMAN): whatever a pattern can ask of a place in a message.
type symbol uint16

// Symbols that no table defines.
const (
	unknownWord symbol = iota // a word of no table, which a name often is
	capitalized               // begins with a capital letter, in a text that is not all capitals
	numeral
	builtinSymbols
)

// entry is what the tables say of a word.
type entry struct {
	symbols []symbol
}

// stemmed is a table word that stands for all words that begin with it ("comuni*").
type stemmed struct {
	entry
	except []string
}

// grammar is the compiled tables.
type grammar struct {
	names   map[string]symbol
	labels  []string
	words   map[string]*entry
	stems   map[string]*stemmed
	longest int // of the stems' letters
	typos   typoIndex
	// confusables are words that look like words of the tables and are none; they are not corrected.
	confusables map[string]struct{}
	// levels holds the phrase definitions, each level built from those below it, by the symbol that they begin with.
	levels []table
	blocks map[string][]*block
	// rules are the hits of all blocks, by the symbol that they begin with.
	rules table
	// social are the symbols of what rules look over.
	social social
	// mannered is the grammar of pleasantries, and manners its symbols.
	mannered *grammar
	manners  manners
}

// builtin compiles the embedded tables once. A mistake in them is a programming error, which every test finds.
var builtin = sync.OnceValue(compile)

func compile() *grammar {
	g := newGrammar()
	for _, file := range []string{"es", "en", "pt"} {
		g.readLines(file, g.addWords)
	}
	g.readLines("confusables", g.addConfusables)
	definitions := map[symbol][]*pattern{}
	g.readLines("phrases", func(line string) error { return g.addPhrase(line, definitions) })
	for _, file := range slices.Sorted(maps.Keys(routes)) {
		g.readLines(file, func(line string) error { return g.addRule(file, line) })
	}
	g.checkNames(definitions)
	g.stack(definitions)
	g.typos.sort()
	g.settle()
	g.social = g.socialSymbols()
	g.mannered, g.manners = compileManners()
	return g
}

func newGrammar() *grammar {
	return &grammar{
		names: map[string]symbol{"UNKNOWN": unknownWord, "CAPITAL": capitalized, "NUMBER": numeral},
		words: map[string]*entry{}, stems: map[string]*stemmed{}, blocks: map[string][]*block{},
		labels:      []string{"UNKNOWN", "CAPITAL", "NUMBER"},
		confusables: map[string]struct{}{},
	}
}

func (g *grammar) readLines(file string, add func(string) error) {
	name := "grammar/" + file + ".txt"
	data, err := grammarFiles.ReadFile(name)
	if err != nil {
		panic(err)
	}
	for n, line := range strings.Split(string(data), "\n") {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if err := add(line); err != nil {
			panic(fmt.Sprintf("dispatcher: %s:%d: %v", name, n+1, err))
		}
	}
}

// addWords takes "TALK: hablar platicar comuni* -comunidad", or "TALK~: …" for words whose typing errors are forgiven.
func (g *grammar) addWords(line string) error {
	head, list, ok := strings.Cut(line, ":")
	name, tolerant := strings.CutSuffix(head, "~")
	if !ok || name != strings.ToUpper(name) {
		return fmt.Errorf("%q: want CONCEPT: words", line)
	}
	sym := g.symbol(name)
	var last *stemmed
	for _, word := range strings.Fields(list) {
		if excluded, ok := strings.CutPrefix(word, "-"); ok {
			if last == nil {
				return fmt.Errorf("%q: no stem before it", word)
			}
			last.except = append(last.except, excluded)
			continue
		}
		if stem, ok := strings.CutSuffix(word, "*"); ok {
			last = g.stem(stem)
			last.add(sym)
			continue
		}
		e := g.word(word)
		e.add(sym)
		if tolerant {
			g.typos.add(word)
		}
	}
	return nil
}

// addPhrase takes "HUMANNP = DET~ AGENT": a pattern whose match counts as the concept.
func (g *grammar) addPhrase(line string, definitions map[symbol][]*pattern) error {
	name, source, ok := strings.Cut(line, "=")
	name = strings.TrimSpace(name)
	if !ok || name != strings.ToUpper(name) {
		return fmt.Errorf("%q: want CONCEPT = pattern", line)
	}
	p, err := g.parse(source)
	if err != nil {
		return err
	}
	sym := g.symbol(name)
	definitions[sym] = append(definitions[sym], p)
	p.result = sym
	return nil
}

// addRule takes "[what the customer does]", which opens a block, and the block's patterns: "+ hit", "~ mild hit",
// "- no hit where this overlaps", "! no hit in a sentence that has this".
func (g *grammar) addRule(route, line string) error {
	if title, ok := strings.CutPrefix(line, "["); ok {
		g.blocks[route] = append(g.blocks[route], &block{route: routes[route], name: strings.TrimSuffix(title, "]")})
		return nil
	}
	blocks := g.blocks[route]
	if len(blocks) == 0 {
		return fmt.Errorf("%q stands before any [block]", line)
	}
	b := blocks[len(blocks)-1]
	p, err := g.parse(line[1:])
	if err != nil {
		return err
	}
	switch line[0] {
	case '+':
		p.strong, p.block = true, b
		b.hits = append(b.hits, p)
	case '~':
		p.block = b
		b.hits = append(b.hits, p)
	case '-':
		b.overlapVetoes = append(b.overlapVetoes, p)
	case '!':
		b.sentenceVetoes = append(b.sentenceVetoes, p)
	default:
		return fmt.Errorf("%q: want one of + ~ - ! first", line)
	}
	return nil
}

// checkNames refuses a pattern that asks for a concept that nothing defines: a slip in the name would match nothing, silently. besides are
// those that Go defines.
func (g *grammar) checkNames(definitions map[symbol][]*pattern, besides ...symbol) {
	defined := g.defined()
	for _, s := range besides {
		defined[s] = true
	}
	var missing []string
	for s, label := range g.labels {
		if s := symbol(s); !defined[s] && len(definitions[s]) == 0 { //nolint:gosec // a few hundred labels
			missing = append(missing, label)
		}
	}
	if len(missing) > 0 {
		panic("dispatcher: nothing defines " + strings.Join(missing, ", "))
	}
}

// stack orders the definitions by what they are built from, and indexes all patterns by the symbols they begin with.
func (g *grammar) stack(definitions map[symbol][]*pattern) {
	var layers [][]*pattern
	for s, h := range g.heights(definitions) {
		for len(layers) < h {
			layers = append(layers, nil)
		}
		layers[h-1] = append(layers[h-1], definitions[s]...)
	}
	for _, layer := range layers {
		g.levels = append(g.levels, tableOf(layer, len(g.labels)))
	}
	var hits []*pattern
	for _, file := range slices.Sorted(maps.Keys(g.blocks)) {
		for _, b := range g.blocks[file] {
			hits = append(hits, b.hits...)
		}
	}
	g.rules = tableOf(hits, len(g.labels))
}

// heights gives how many levels of other definitions each definition stands on, itself included.
func (g *grammar) heights(definitions map[symbol][]*pattern) map[symbol]int {
	known := map[symbol]int{}
	var height func(symbol, int) int
	height = func(s symbol, depth int) int {
		if depth > 20 {
			panic("dispatcher: the concept " + g.labels[s] + " is made of itself")
		}
		if h, ok := known[s]; ok {
			return h
		}
		h := 1
		for _, p := range definitions[s] {
			for _, u := range p.uses {
				if len(definitions[u]) > 0 {
					h = max(h, height(u, depth+1)+1)
				}
			}
			p.uses = nil
		}
		known[s] = h
		return h
	}
	for s := range definitions {
		height(s, 0)
	}
	return known
}

func (g *grammar) symbol(name string) symbol {
	if s, ok := g.names[name]; ok {
		return s
	}
	s := symbol(len(g.labels)) //nolint:gosec // a few hundred labels
	g.names[name] = s
	g.labels = append(g.labels, name)
	return s
}

func (g *grammar) word(text string) *entry {
	e := g.words[text]
	if e == nil {
		e = &entry{}
		g.words[text] = e
	}
	return e
}

func (g *grammar) stem(text string) *stemmed {
	s := g.stems[text]
	if s == nil {
		s = &stemmed{}
		g.stems[text] = s
		g.longest = max(g.longest, len(text))
	}
	return s
}

func (e *entry) add(s symbol) {
	if !slices.Contains(e.symbols, s) {
		e.symbols = append(e.symbols, s)
	}
}

// knows reports whether the tables have the word.
func (g *grammar) knows(word string) bool {
	var buf [8]symbol
	return len(g.lookup(word, buf[:0])) > 0
}

// lookup gives what the tables say of the word, nothing where they do not know it. into is memory that it may use.
func (g *grammar) lookup(word string, into []symbol) []symbol {
	if e := g.words[word]; e != nil {
		return e.symbols
	}
	return g.byStems(word, into[:0])
}

// byStems appends what the tables say of all words that begin as this one does.
func (g *grammar) byStems(word string, into []symbol) []symbol {
	for n := min(len(word), g.longest); n >= 2; n-- {
		s := g.stems[word[:n]]
		if s == nil || slices.ContainsFunc(s.except, func(not string) bool { return strings.HasPrefix(word, not) }) {
			continue
		}
		into = append(into, s.symbols...)
	}
	return into
}

// settle enters what the stems say under the words of the tables too, so that these are looked up once.
func (g *grammar) settle() {
	for word, e := range g.words {
		for _, s := range g.byStems(word, nil) {
			e.add(s)
		}
		e.symbols = slices.Clip(e.symbols)
	}
}
