// Package grammar runs rules over the words of a text that are written in text files, so that somebody who knows a language and no Go can
// read, correct and extend them. A grammar has classes of words, phrases, and blocks of rules with examples; README.md beside the rules of
// the cache's gate explains the notation.
package grammar

import (
	"fmt"
	"io/fs"
	"strings"
)

// Grammar is a compiled set of rules. It is safe for concurrent use.
type Grammar struct {
	classes  map[string]int
	words    map[string][]int
	affixes  []affix
	endings  affixIndex
	phrases  map[string]*phrases
	builtins map[string]Builtin
	blocks   map[string]*Block
	names    []string
	// patterns are all of them.
	patterns []pattern
	// uses are the names that patterns and conditions ask for, with where.
	uses map[string]string
}

// Builtin is a class of words that Go decides: whether the word at a place of a text belongs to it.
type Builtin func(t *Text, at int) bool

// affix is a word with a "*", which stands for any letters, and "." before it, which stand for one letter each.
type affix struct {
	class          int
	prefix, suffix string
	shortest       int
	except         map[string]bool
}

// Block is a named list of rules. At each word of a text, from the first to the last, the first rule that fits decides.
type Block struct {
	Name  string
	Rules []*Rule
	index int
}

// Rule is one line of a block with its examples.
type Rule struct {
	// Source is the line, Where its file and number.
	Source, Where string
	// Yes are texts for which the rule makes its block hold; No are texts for which the block does not hold.
	Yes, No []string
	verdict verdict
	pattern pattern
	when    []condition
}

// Holds reports whether the rule makes its block hold where it fits: the others are exceptions.
func (r *Rule) Holds() bool { return r.verdict == holds }

// verdict is what a rule decides where it fits; '!' is that the block does not hold for the text.
type verdict byte

const (
	// holds: the block holds for the text.
	holds verdict = '+'
	// passes: the block does not hold for this word; the next word is looked at.
	passes verdict = '-'
)

// Compile reads all *.txt files at the root of a file system. builtins are the classes that Go decides, and the names of the conditions
// that Flag sets begin with a lower-case letter.
func Compile(files fs.FS, builtins map[string]Builtin, flags ...string) (*Grammar, error) {
	g := &Grammar{
		classes: map[string]int{}, words: map[string][]int{}, phrases: map[string]*phrases{}, builtins: builtins, blocks: map[string]*Block{},
		uses: map[string]string{},
	}
	for _, f := range flags {
		g.block(f)
	}
	names, err := fs.Glob(files, "*.txt")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		if err := g.readFile(name, string(data)); err != nil {
			return nil, err
		}
	}
	g.index()
	return g, g.check(flags)
}

// check refuses names that nothing defines: a slip would match nothing, silently.
func (g *Grammar) check(flags []string) error {
	for name, where := range g.uses {
		if _, class := g.classes[name]; !class && g.phrases[name] == nil && g.builtins[name] == nil {
			return fmt.Errorf("%s: nothing defines %s", where, name)
		}
	}
	for name, b := range g.blocks {
		if len(b.Rules) == 0 && !contains(flags, name) {
			return fmt.Errorf("there is no block [%s]", name)
		}
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// Blocks gives all blocks that have rules, in the order of the files.
func (g *Grammar) Blocks() []*Block {
	var list []*Block
	for _, name := range g.names {
		if b := g.blocks[name]; len(b.Rules) > 0 {
			list = append(list, b)
		}
	}
	return list
}

// block gives the block of a name, a new one if there is none yet.
func (g *Grammar) block(name string) *Block {
	b := g.blocks[name]
	if b == nil {
		b = &Block{Name: name, index: len(g.names)}
		g.blocks[name] = b
		g.names = append(g.names, name)
	}
	return b
}

// In reports whether a word belongs to a class that words alone define.
func (g *Grammar) In(class, word string) bool {
	id, ok := g.classes[class]
	return ok && g.classesOf(word).has(id)
}

// classesOf gives the classes that a word is in.
func (g *Grammar) classesOf(word string) bits {
	b := make(bits, (len(g.classes)+63)/64)
	for _, id := range g.words[word] {
		b.add(id)
	}
	for _, list := range [2][]*affix{g.endings.rest, g.endings.of(word)} {
		for _, a := range list {
			if a.fits(word) {
				b.add(a.class)
			}
		}
	}
	return b
}

// affixIndex holds the words with a "*": those that say an ending by its last two letters, so that few are tried on a word, and the rest.
type affixIndex struct {
	byEnd map[string][]*affix
	rest  []*affix
}

// of gives those whose ending may be a word's.
func (x *affixIndex) of(word string) []*affix {
	if len(word) < 2 {
		return nil
	}
	return x.byEnd[word[len(word)-2:]]
}

// index makes what is looked up often quick to find.
func (g *Grammar) index() {
	g.endings.byEnd = map[string][]*affix{}
	for i := range g.affixes {
		if a := &g.affixes[i]; len(a.suffix) < 2 {
			g.endings.rest = append(g.endings.rest, a)
		}
	}
	for _, p := range g.patterns {
		g.resolve(p)
	}
	for i := range g.affixes {
		a := &g.affixes[i]
		if len(a.suffix) >= 2 {
			end := a.suffix[len(a.suffix)-2:]
			g.endings.byEnd[end] = append(g.endings.byEnd[end], a)
		}
	}
}

// resolve looks up what the names in a pattern stand for.
func (g *Grammar) resolve(p pattern) {
	for i := range p {
		for _, all := range p[i].any {
			for j := range all {
				l := &all[j]
				if l.name == "" {
					continue
				}
				l.class = -1
				if class, ok := g.classes[l.name]; ok {
					l.class = class
				}
				l.builtin, l.phrases = g.builtins[l.name], g.phrases[l.name]
			}
		}
	}
}

func (a *affix) fits(word string) bool {
	return len(word) >= a.shortest && strings.HasPrefix(word, a.prefix) && strings.HasSuffix(word, a.suffix) && !a.except[word]
}

// bits is a set of small numbers.
type bits []uint64

func (b bits) add(n int) { b[n/64] |= 1 << (n % 64) }

func (b bits) has(n int) bool { return b[n/64]&(1<<(n%64)) != 0 }
