package grammar

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// entry is what one logical line of a file says: a line with those below it that are indented.
type entry struct {
	where, text string
}

func entries(name, data string) []entry {
	var list []entry
	for n, line := range strings.Split(data, "\n") {
		line, _, _ = strings.Cut(line, "#")
		if strings.TrimSpace(line) == "" {
			continue
		}
		continues := line[0] == ' ' || line[0] == '\t'
		if continues && len(list) > 0 && !isExample(strings.TrimSpace(line)) {
			list[len(list)-1].text += " " + strings.TrimSpace(line)
			continue
		}
		list = append(list, entry{fmt.Sprintf("%s:%d", name, n+1), strings.TrimSpace(line)})
	}
	return list
}

func isExample(line string) bool {
	return strings.HasPrefix(line, "yes:") || strings.HasPrefix(line, "no:")
}

func (g *Grammar) readFile(name, data string) error {
	var block *Block
	for _, e := range entries(name, data) {
		var err error
		block, err = g.readEntry(e, block)
		if err != nil {
			return fmt.Errorf("%s: %w", e.where, err)
		}
	}
	return nil
}

// readEntry takes a line of a file, and gives the block that the next one belongs to.
func (g *Grammar) readEntry(e entry, block *Block) (*Block, error) {
	first := e.text[0]
	switch {
	case first == '[':
		return g.block(strings.Trim(e.text, "[]")), nil
	case isExample(e.text):
		return block, block.addExample(e.text)
	case strings.IndexByte("+-!", first) >= 0:
		return block, g.addRule(e, block)
	}
	name, list, words := strings.Cut(e.text, ":")
	if words && isName(name) {
		return block, g.addWords(name, list)
	}
	name, list, phrases := strings.Cut(e.text, "=")
	if name = strings.TrimSpace(name); phrases && isName(name) {
		return block, g.addPhrases(name, list, e.where)
	}
	return block, fmt.Errorf("%q: want NAME: words, NAME = phrases, [block], a rule or an example", e.text)
}

func isName(s string) bool { return s != "" && strings.ToUpper(s) == s && unicode.IsLetter(rune(s[0])) }

// addExample takes "yes: text" or "no: text", which belongs to the rule above it.
func (b *Block) addExample(line string) error {
	if b == nil || len(b.Rules) == 0 {
		return fmt.Errorf("%q: no rule stands before it", line)
	}
	r := b.Rules[len(b.Rules)-1]
	kind, text, _ := strings.Cut(line, ":")
	if text = strings.TrimSpace(text); kind == "yes" {
		r.Yes = append(r.Yes, text)
	} else {
		r.No = append(r.No, text)
	}
	return nil
}

// addWords takes the words of a class: "envio", "diferen*", "..*aron", and "-ayeron" as an exception to the last of those.
func (g *Grammar) addWords(name, list string) error {
	id, ok := g.classes[name]
	if !ok {
		id = len(g.classes)
		g.classes[name] = id
	}
	last := -1
	for _, word := range strings.Fields(list) {
		switch {
		case word[0] == '-':
			if last < 0 {
				return fmt.Errorf("%q: no word with * stands before it", word)
			}
			g.affixes[last].except[word[1:]] = true
		case strings.Contains(word, "*"):
			last = len(g.affixes)
			g.affixes = append(g.affixes, newAffix(id, word))
		default:
			g.words[word] = append(g.words[word], id)
		}
	}
	return nil
}

func newAffix(class int, word string) affix {
	prefix, suffix, _ := strings.Cut(word, "*")
	letters := strings.Trim(prefix, ".")
	return affix{class: class, prefix: letters, suffix: suffix, shortest: len(prefix) + len(suffix), except: map[string]bool{}}
}

// addPhrases takes patterns between slashes, each of which is the phrase.
func (g *Grammar) addPhrases(name, list, where string) error {
	for source := range strings.SplitSeq(list, "/") {
		p, err := g.parse(source, where)
		if err != nil {
			return err
		}
		set := g.phrases[name]
		if set == nil {
			set = &phrases{byWord: map[string][]pattern{}}
			g.phrases[name] = set
		}
		set.add(p)
	}
	return nil
}

// addRule takes "+ pattern if condition, condition".
func (g *Grammar) addRule(e entry, block *Block) error {
	if block == nil {
		return fmt.Errorf("%q stands before any [block]", e.text)
	}
	source, when, _ := strings.Cut(e.text[1:]+" ", " if: ")
	r := &Rule{Source: e.text, Where: e.where, verdict: verdict(e.text[0])}
	var err error
	if r.pattern, err = g.parse(source, e.where); err != nil {
		return err
	}
	for c := range strings.SplitSeq(when, ",") {
		if strings.TrimSpace(c) == "" {
			continue
		}
		condition, err := g.condition(strings.TrimSpace(c), e.where)
		if err != nil {
			return err
		}
		r.when = append(r.when, condition)
	}
	block.Rules = append(block.Rules, r)
	return nil
}

func (g *Grammar) parse(source, where string) (pattern, error) {
	var p pattern
	for _, field := range strings.Fields(source) {
		e, err := g.element(field, where)
		if err != nil {
			return nil, err
		}
		p = append(p, e)
	}
	if len(p) == 0 {
		return nil, fmt.Errorf("an empty pattern")
	}
	g.patterns = append(g.patterns, p)
	return p, nil
}

func (g *Grammar) element(field, where string) (element, error) {
	e := element{kind: one}
	switch {
	case field == "^":
		return element{kind: start}, nil
	case field == "$":
		return element{kind: end}, nil
	case field == "...":
		return element{kind: gap, limit: anyNumber}, nil
	case strings.HasPrefix(field, ".."):
		n, err := strconv.Atoi(field[2:])
		if err != nil || n < 1 {
			return e, fmt.Errorf("%q: want ..1, ..2 and so on", field)
		}
		return element{kind: gap, limit: n}, nil
	}
	for strings.HasPrefix(field, "<") {
		field = field[1:]
		e.back++
	}
	field, e.not = strings.CutPrefix(field, "!")
	if f, ok := strings.CutSuffix(field, "~"); ok {
		field, e.kind = f, several
	}
	for alternative := range strings.SplitSeq(field, "|") {
		a, err := g.alternative(alternative, where)
		if err != nil {
			return e, fmt.Errorf("%q: %w", field, err)
		}
		e.any = append(e.any, a)
	}
	return e, nil
}

// alternative takes "CLASS&!OTHER": all of it must be so of one word.
func (g *Grammar) alternative(source, where string) ([]literal, error) {
	var all []literal
	for word := range strings.SplitSeq(source, "&") {
		var l literal
		word, l.not = strings.CutPrefix(word, "!")
		switch {
		case word == "":
			return nil, fmt.Errorf("an empty alternative")
		case word != "_" && isName(word):
			l.name = word
			if g.uses[word] == "" {
				g.uses[word] = where
			}
		default:
			l.word = word
		}
		all = append(all, l)
	}
	return all, nil
}

// condition takes one of: has X, no X, first X, second X, last X, opens X, here pattern, earlier pattern, words < n, content < n, the name
// of a block; each may have "not" before it.
func (g *Grammar) condition(source, where string) (condition, error) {
	c := condition{}
	source, c.not = strings.CutPrefix(source, "not ")
	head, rest, _ := strings.Cut(source, " ")
	switch head {
	case "has", "no", "first", "second", "last", "opens", "here", "earlier":
		p, err := g.parse(rest, where)
		if err != nil {
			return c, err
		}
		c.kind, c.pattern = head, p
	case "words", "content":
		op, number, _ := strings.Cut(rest, " ")
		n, err := strconv.Atoi(number)
		if err != nil {
			return c, fmt.Errorf("%q: want a number", source)
		}
		c.kind, c.op, c.number = head, op, n
	default:
		c.kind, c.block = "block", g.block(source)
	}
	return c, nil
}
