package pii

import (
	"slices"
	"strings"
	"unicode"

	"tania/internal/words"
)

// reading is a text with one byte for each of its characters: letters without accents, figures of whatever script as ASCII's, spaces and
// dashes of one kind. What cannot be seen is left out.
type reading struct {
	text string
	// raw has the letters in their case, and enye for Ñ; low in lower case, and n for Ñ.
	raw []byte
	low string
	// start and end are where a character stands in the text.
	start, end []int
	found      []Found
	// taken are the bytes of low that belong to what was found.
	taken []bool
	atoms []atom
}

// enye stands for Ñ, which has a value of its own in Mexico's check digits.
const enye = 0xf1

func read(text string) *reading {
	t := &reading{text: text}
	for at, r := range text {
		size := len(string(r))
		if r == unicode.ReplacementChar {
			size = 1
		}
		b := plain(r)
		if b == 0 { // it belongs to what stands before it
			if n := len(t.end); n > 0 {
				t.end[n-1] = at + size
			}
			continue
		}
		t.raw, t.start, t.end = append(t.raw, b), append(t.start, at), append(t.end, at+size)
	}
	low := make([]byte, len(t.raw))
	for i, b := range t.raw {
		switch {
		case b == enye:
			low[i] = 'n'
		case b >= 'A' && b <= 'Z':
			low[i] = b + 'a' - 'A'
		default:
			low[i] = b
		}
	}
	t.low, t.taken = string(low), make([]bool, len(low))
	t.atoms = atomsOf(t.low)
	return t
}

// plain is a character as one byte, 0 for one that is not seen.
func plain(r rune) byte {
	if r >= 0xff01 && r <= 0xff5e { // full-width forms
		r -= 0xff01 - '!'
	}
	switch {
	case r == 'ñ' || r == 'Ñ':
		return enye
	case r < 0x80:
		return ascii(byte(r & 0x7f))
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
		return 0
	}
	if d := digitOf(r); d != 0 {
		return d
	}
	if letter, ok := words.Base(r); ok {
		return letter
	}
	switch {
	case unicode.Is(unicode.Pd, r), r == '−', r == '⁃', r == 'ー':
		return '-'
	case r == '\u2028' || r == '\u2029' || r == '\u0085':
		return '\n'
	case unicode.IsSpace(r):
		return ' '
	case r == '·' || r == '•' || r == '．' || r == '。':
		return '.'
	case r == '“' || r == '”' || r == '«' || r == '»':
		return '"'
	case r == 'º' || r == 'ª' || r == '°':
		return '^'
	case r == '€' || r == '£':
		return '$'
	case unicode.IsLetter(r):
		return 'q' // a letter, whichever
	}
	return '~'
}

func ascii(b byte) byte {
	switch {
	case b == '\t' || b == '\v' || b == '\f':
		return ' '
	case b == '\r':
		return ' '
	case b < ' ' && b != '\n':
		return '~'
	}
	return b
}

// digitOf is a figure of any script as ASCII's, 0 for another character.
func digitOf(r rune) byte {
	if r < 0x80 {
		if r >= '0' && r <= '9' {
			return byte(r & 0x7f)
		}
		return 0
	}
	if !unicode.Is(unicode.Nd, r) {
		return 0
	}
	// The figures of a script are ten in a row, of which the first is no other's last: mathematical ones, which are five times ten, too.
	if r >= 0x1d7ce && r <= 0x1d7ff {
		return figure(int(r-0x1d7ce) % 10)
	}
	zero := r
	for r-zero < 9 && unicode.Is(unicode.Nd, zero-1) {
		zero--
	}
	return figure(int(r - zero))
}

// take notes what was found between two bytes of low, unless something was found there before.
func (t *reading) take(kind Kind, from, to int, value string) {
	if t.isTaken(from, to) {
		return
	}
	for i := from; i < to; i++ {
		t.taken[i] = true
	}
	t.found = append(t.found, Found{Kind: kind, Start: t.start[from], End: t.end[to-1], Value: value})
}

func (t *reading) isTaken(from, to int) bool {
	for i := from; i < to; i++ {
		if t.taken[i] {
			return true
		}
	}
	return false
}

// atom is a run of letters and figures in low.
type atom struct {
	from, to int
	// figures reports whether it has figures alone, mixed whether it has letters too.
	figures, mixed bool
}

func atomsOf(low string) (all []atom) {
	for i := 0; i < len(low); {
		if !isAlnum(low[i]) {
			i++
			continue
		}
		a := atom{from: i, figures: true}
		for i < len(low) && isAlnum(low[i]) {
			a.figures = a.figures && isFigure(low[i])
			i++
		}
		a.to = i
		for _, part := range divided(low, a) {
			part.mixed = !part.figures && strings.ContainsAny(low[part.from:part.to], "0123456789")
			all = append(all, part)
		}
	}
	return all
}

// divided parts the word for a number from the number that is written to it, "cpf12345678909" or "n4111".
func divided(low string, a atom) []atom {
	if a.figures || isFigure(low[a.from]) {
		return []atom{a}
	}
	at := strings.IndexAny(low[a.from:a.to], "0123456789")
	if at < 0 {
		return []atom{a}
	}
	at += a.from
	rest := atom{from: at, to: a.to, figures: true}
	for i := at; i < a.to; i++ {
		rest.figures = rest.figures && isFigure(low[i])
	}
	word := low[a.from:at]
	if at-a.from < 2 || cueWords[word] == 0 && !connectors[word] {
		return []atom{a}
	}
	return []atom{{from: a.from, to: at}, rest}
}

func isAlnum(b byte) bool  { return isFigure(b) || b >= 'a' && b <= 'z' }
func isFigure(b byte) bool { return b >= '0' && b <= '9' }

// window is some atoms in a row as one number.
type window struct {
	from, to int
	// text is what the atoms have, without what stands between them; groups are their lengths.
	text   string
	groups []int
	// first and last are its atoms.
	first, last int
}

// joins reports whether what stands between two atoms may be within one number, by the characters that may.
func (t *reading) joins(i int, by string) bool {
	between := t.low[t.atoms[i].to:t.atoms[i+1].from]
	return len(between) <= 5 && strings.Trim(between, by) == "" && strings.Count(between, "\n") <= 1
}

// windows gives the numbers of least to most characters that begin with an atom, the longest first.
func (t *reading) windows(first, least, most int, by string, may func(atom) bool) (all []window) {
	if a := t.atoms[first]; !a.figures && !a.mixed && a.to-a.from > 2 { // a word
		return nil
	}
	w := window{from: t.atoms[first].from, first: first}
	for i := first; i < len(t.atoms); i++ {
		a := t.atoms[i]
		if !may(a) || i > first && !t.joins(i-1, by) {
			break
		}
		if len(w.text)+a.to-a.from > most {
			break
		}
		w.text += t.low[a.from:a.to]
		w.groups = append(w.groups[:len(w.groups):len(w.groups)], a.to-a.from)
		w.to, w.last = a.to, i
		if len(w.text) >= least {
			all = append(all, w)
		}
	}
	slices.Reverse(all)
	return all
}

func onlyFigures(a atom) bool { return a.figures }

// short is an atom that may be a part of a code: with figures, or letters that are few.
func short(a atom) bool { return a.mixed || a.figures || a.to-a.from <= 4 }

// loose reports whether a window is no part of something longer: no figure is tied to it by a point, a dash, a slash or a colon, and no
// letters by a dash or a slash, as in "ORD-612345678".
func (t *reading) loose(w window) bool {
	if w.first > 0 {
		before := t.atoms[w.first-1]
		if t.tied(before, t.low[before.to:w.from]) {
			return false
		}
	}
	if w.last+1 < len(t.atoms) {
		after := t.atoms[w.last+1]
		if tie := t.low[w.to:after.from]; tie == "" || t.tied(after, tie) {
			return false
		}
	}
	return true
}

// tied reports whether an atom is tied to its neighbour by what stands between them.
func (t *reading) tied(a atom, tie string) bool {
	word := t.low[a.from:a.to]
	switch {
	case cueWords[word] != none && cueWords[word] != other || connectors[word]:
		return false
	case tie == "":
		return true
	case a.figures || a.mixed:
		return tight(tie)
	}
	return len(tie) == 1 && strings.Contains("-_/", tie)
}

func tight(tie string) bool { return len(tie) == 1 && strings.ContainsAny(tie, ".,-/:_") }
