// Package citation reads which of the numbered entries of its knowledge a model says that it answers from, and takes the numbers out of its
// text: "[2]", "【2】", "[1, 3]", "[1][3]". A link, a list that counts in brackets and code are left as they are.
package citation

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tania/internal/lazyregexp"
)

// Reading is a text as it was read.
type Reading struct {
	// Text is what was written, without its citations.
	Text string
	// Cited are the numbers of entries that exist, Unknown those of entries that do not; each once, in the order of their mention.
	Cited, Unknown []int
}

// mostRounds bounds how often a text is read again, for a citation that comes together where another one is taken out.
const mostRounds = 50

// Read reads a text whose writer was given so many entries, numbered from 1.
func Read(text string, entries int) Reading {
	whole := Reading{Text: text}
	for range mostRounds {
		r := read(whole.Text, entries)
		if len(r.Cited)+len(r.Unknown) == 0 {
			break
		}
		whole = Reading{Text: r.Text, Cited: merge(whole.Cited, r.Cited), Unknown: merge(whole.Unknown, r.Unknown)}
	}
	return whole
}

// read reads a text once.
func read(text string, entries int) Reading {
	if !strings.ContainsAny(text, openers) {
		return Reading{Text: text}
	}
	r := &reader{entries: entries, lines: linesOf(text)}
	r.learn()
	var kept []string
	for _, l := range r.lines {
		said, taken := r.line(l)
		switch last := len(kept) - 1; {
		case !taken || !saysNothing(said):
			kept = append(kept, said)
		case last >= 0 && strings.TrimSpace(kept[last]) == "":
			kept = kept[:last]
		}
	}
	r.Text = strings.TrimSpace(strings.Join(kept, "\n"))
	return r.Reading
}

// Quoted writes the bracketed numbers of a text that is given to the model as an entry in round brackets: repeated in an answer they would
// read as citations.
func Quoted(text string) string {
	if !strings.ContainsAny(text, openers) {
		return text
	}
	var b strings.Builder
	end := 0
	for _, at := range plainNumber.FindAllStringSubmatchIndex(text, -1) {
		if linked(text[at[1]:]) {
			continue
		}
		b.WriteString(text[end:at[0]] + "(" + text[at[2]:at[3]] + ")")
		end = at[1]
	}
	return b.String() + text[end:]
}

type reader struct {
	Reading
	entries int
	lines   []line
	// links are the numbers that name a link below the text ("[1]: https://…"); listed reports whether lines that begin with a number are a
	// list.
	links  []int
	listed bool
}

// learn finds the numbers in brackets that only look like citations.
func (r *reader) learn() {
	var leading, within []int
	for _, l := range r.lines {
		for _, m := range marksIn(l) {
			numbers, _ := m.numbers(r.entries)
			switch {
			case len(numbers) == 0:
			case definition.MatchString(l.text):
				r.links = append(r.links, numbers...)
			case m.leads && strings.TrimSpace(l.text[m.to:]) != "":
				leading = append(leading, numbers...)
			default:
				within = append(within, numbers...)
			}
		}
	}
	r.listed = len(leading) > 1
	for i, n := range leading {
		// A list counts from one; a bibliography repeats what was cited.
		r.listed = r.listed && n == i+1 && !slices.Contains(within, n)
	}
}

// line gives a line without its citations, and reports whether it had any.
func (r *reader) line(l line) (said string, taken bool) {
	end := 0
	for _, m := range marksIn(l) {
		known, unknown, ok := r.cites(m)
		if !ok {
			continue
		}
		r.Cited, r.Unknown = merge(r.Cited, known), merge(r.Unknown, unknown)
		if between := l.text[end:m.from]; !taken || !joins.MatchString(between) {
			said = glued(said, between)
		}
		said = strings.TrimRight(said, " \t\u00a0")
		end, taken = m.to, true
		if lead := aside.FindStringIndex(said); lead != nil && strings.HasPrefix(l.text[end:], ")") {
			said, end = strings.TrimRight(said[:lead[0]], " \t"), end+1
		}
	}
	if !taken {
		return l.text, false
	}
	rest := l.text[end:]
	if strings.TrimSpace(said) == "" {
		rest = strings.TrimLeft(rest, " \t")
	}
	return glued(said, rest), true
}

// cites gives the numbers that a mark cites; not ok: it is no citation.
func (r *reader) cites(m mark) (known, unknown []int, ok bool) {
	numbers, ok := m.numbers(r.entries)
	if !ok || r.listed && m.leads {
		return nil, nil, false
	}
	for _, n := range numbers {
		switch {
		case slices.Contains(r.links, n):
			return nil, nil, false
		case n >= 1 && n <= r.entries:
			known = append(known, n)
		default:
			unknown = append(unknown, n)
		}
	}
	return known, unknown, true
}

// glued puts together what stood before citations and behind them.
func glued(before, after string) string {
	next, _ := utf8.DecodeRuneInString(after)
	last, _ := utf8.DecodeLastRuneInString(before)
	if last == utf8.RuneError || unicode.IsSpace(last) {
		return before + after
	}
	begins := unicode.IsLetter(next) || unicode.IsDigit(next) || strings.ContainsRune("¿¡", next)
	if begins && !strings.ContainsRune(`([{«“"¿¡*_`, last) {
		return before + " " + after
	}
	return before + after
}

func merge(have, more []int) []int {
	for _, n := range more {
		if !slices.Contains(have, n) {
			have = append(have, n)
		}
	}
	return have
}

var (
	// joins stands between two citations: "[1], [2] y [3]".
	joins = lazyregexp.New(`^[ \t]*(?:[,;&]|y|e|and)?[ \t]*$`)
	// aside opens a bracket around citations: "(fuente: [2])".
	aside = lazyregexp.New(`(?i)\([ \t]*(?:(?:v[eé]ase|ver|see|veja|según|` + sourceWords + `)[ \t]*:?)?$`)
	// label stands before citations on a line of their own.
	label = lazyregexp.New(`(?i)^(?:` + sourceWords + `|refer[eê]nc(?:ias?|es?))?[\s\pP>|]*$`)
	// definition is a line that gives a number its link.
	definition = lazyregexp.New(`^ {0,3}\[\d{1,4}\]:[ \t]*<?https?:`)
)

// saysNothing reports whether a line that had citations has nothing else for a reader.
func saysNothing(line string) bool {
	return label.MatchString(strings.TrimLeft(line, " \t*_>-•("))
}
