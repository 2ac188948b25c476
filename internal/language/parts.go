package language

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	// longestPart is how many letters the parts of a word have that are looked up, at most.
	longestPart = 5
	// longestWord bounds the letters of a word, and mostBytes the text, that are looked at: a pasted document is in the language it begins in.
	longestWord = 32
	mostBytes   = 2000
	// edge stands before and behind a word: what begins or ends it is not what is inside it.
	edge = '_'
)

// machineMade reports whether what stands between two spaces is an address, a link, the name of a file.
func machineMade(field string) bool {
	return strings.ContainsAny(field, "@\\") || strings.Contains(field, "://") || strings.HasPrefix(field, "www.")
}

// withoutLinks is a text without what is machine made.
func withoutLinks(text string) string {
	if !machineMade(text) && !strings.Contains(text, "www.") {
		return text
	}
	var written strings.Builder
	for field := range strings.FieldsSeq(text) {
		if !machineMade(field) {
			written.WriteString(field)
			written.WriteByte(' ')
		}
	}
	return written.String()
}

// partReader gathers the parts of the words of a text.
type partReader struct {
	parts []uint32
	// word is the one being read, in small letters behind an edge; letters counts both.
	word    [longestWord + 2]rune
	letters int
	figures bool
}

var partReaders = sync.Pool{New: func() any { return new(partReader) }}

// partsOf gives, hashed, the words of a text and their parts of two to five letters, until it is called again. Addresses, links, and codes
// with figures have none.
func (p *partReader) partsOf(text string) []uint32 {
	p.parts, p.letters, p.figures = p.parts[:0], 1, false
	p.word[0] = edge
	if len(text) > mostBytes {
		text = text[:mostBytes]
	}
	text = composed(text)
	if !machineMade(text) && !strings.Contains(text, "www.") {
		p.read(text)
		return p.parts
	}
	for field := range strings.FieldsSeq(text) {
		if !machineMade(field) {
			p.read(field)
		}
	}
	return p.parts
}

// composed is a text in the normal form NFC.
func composed(text string) string {
	for i := range len(text) {
		if text[i] >= leadsToMarks {
			return norm.NFC.String(text)
		}
	}
	return text
}

// leadsToMarks is the first byte, in UTF-8, of the characters from U+0300 on: those before are in the normal form wherever they stand.
const leadsToMarks = 0xcc

// read takes the words of a text.
func (p *partReader) read(text string) {
	for _, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r):
			p.letter(unicode.ToLower(r))
		case unicode.IsNumber(r):
			p.figures = true
		case (r == '\'' || r == '’') && p.letters > 1:
			p.letter('\'')
		default:
			p.end()
			if r == '¿' || r == '¡' {
				p.parts = append(p.parts, extend(hashOffset, r))
			}
		}
	}
	p.end()
}

// letter takes a letter; one that is held down counts once: "holaaaa".
func (p *partReader) letter(r rune) {
	n := p.letters
	if n > longestWord || n > 2 && p.word[n-1] == r && p.word[n-2] == r {
		return
	}
	p.word[n] = r
	p.letters++
}

func (p *partReader) end() {
	if p.letters > 1 && !p.figures {
		p.word[p.letters] = edge
		p.cut(p.word[:p.letters+1])
	}
	p.letters, p.figures = 1, false
}

// What the hash of a part begins with, that of FNV-1a, and what that of a whole word does.
const (
	hashOffset = uint32(2166136261)
	wholeWord  = hashOffset ^ 0x5bd1e995
)

// extend takes the next letter into a hash.
func extend(hash uint32, r rune) uint32 {
	return (hash ^ uint32(r)) * 16777619 //nolint:gosec // a rune of a text is not negative
}

// cut takes the parts of a word, and the word itself.
func (p *partReader) cut(word []rune) {
	whole := wholeWord
	for i, r := range word {
		whole = extend(whole, r)
		part := hashOffset
		for n, r := range word[i:min(len(word), i+longestPart)] {
			part = extend(part, r)
			if n > 0 || r > unicode.MaxASCII {
				p.parts = append(p.parts, part)
			}
		}
	}
	p.parts = append(p.parts, whole)
}
