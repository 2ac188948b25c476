package dispatcher

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tania/internal/language"
	"tania/internal/words"
)

// pause is what stands between a word and the one before it.
type pause uint8

const (
	noPause pause = iota
	comma         // , ; : ( ) and a dash between spaces
	newline       // another message of a burst, or another line of one
	stop          // . ? ! and the start of the text
)

// token is one word of a message.
type token struct {
	// text is in small letters without accents; a contraction is written out ("i'd" gives i and would).
	text   string
	before pause
	// capital is set for "Laura" and "LAURA", number for "20" and "2nd".
	capital, number bool
}

// scanner cuts a text into tokens. They are those of language.Reading.Words but for what its rules need beside them: pauses, capitals, and
// letters that are held down, which may be a name or an emphasis. Of 9,072 labelled messages 80 have other words here, by such letters and
// by ordinals ("5th" is one word); reading both would cost a text a second fold.
type scanner struct {
	text   string
	tokens []token
	word   []byte
	// from is where the word begins in the text; changed is set when it is not written there as it is in word.
	from                 int
	changed              bool
	before               pause
	capital, number, any bool
	letters, capitals    int
	apostrophe           bool
}

// tokenize cuts the text into words. Emoji, punctuation and invisible characters separate words and are dropped.
func tokenize(text string, into []token) (tokens []token, shouting bool) {
	s := scanner{text: text, tokens: into[:0], before: stop}
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		next := i + size
		if !s.any {
			s.from = i
		}
		switch {
		case r == '\'' || r == '’' || r == '`' || r == '´':
			if s.any {
				s.word = append(s.word, '\'')
				s.apostrophe, s.changed = true, true
			}
		case 'a' <= r && r <= 'z':
			s.letter(byte(r), false)
		case 'A' <= r && r <= 'Z':
			s.changed = true
			s.letter(byte(r)+'a'-'A', true)
		case '0' <= r && r <= '9':
			s.number = s.number || !s.any
			s.letter(byte(r), false)
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsMark(r)):
			s.wide(r)
		default:
			s.end()
			s.separator(r, text, next)
		}
		i = next
	}
	s.end()
	return s.tokens, s.letters >= 8 && s.capitals*10 >= s.letters*8
}

func (s *scanner) letter(b byte, capital bool) {
	if !s.any {
		s.any, s.capital = true, capital
	}
	if b > '9' {
		s.letters++
		if capital {
			s.capitals++
		}
	}
	s.word = append(s.word, b)
}

// wide takes a letter beyond ASCII: its base letter goes into the word.
func (s *scanner) wide(r rune) {
	s.changed = true
	if base, ok := words.Base(r); ok {
		capital := base < 'a'
		if capital {
			base += 'a' - 'A'
		}
		s.letter(base, capital)
		return
	}
	lower := unicode.ToLower(r)
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], lower)
	for i, d := range string(norm.NFKD.Bytes(buf[:n])) {
		if unicode.IsMark(d) {
			continue
		}
		if d < utf8.RuneSelf {
			s.letter(byte(d), r != lower) //nolint:gosec // below RuneSelf
			continue
		}
		if i == 0 && !s.any {
			s.any, s.capital = true, r != lower
		}
		s.letters++
		s.word = utf8.AppendRune(s.word, d)
	}
}

func (s *scanner) separator(r rune, text string, next int) {
	var p pause
	switch r {
	case '.':
		// "5.50" and "a.m." go on; so does an address on the web.
		if next < len(text) && text[next] > ' ' && text[next] != '.' && text[next] < utf8.RuneSelf && isAlnum(text[next]) {
			return
		}
		p = stop
	case '?', '!', '…', '。':
		p = stop
	case '¿', '¡':
		p = stop
	case '\n', '\r', '\u2028', '\u2029':
		p = newline
	case ',', ';', ':', '(', ')', '—', '–', '|', '/':
		p = comma
	case '-':
		if next < len(text) && text[next] == ' ' {
			p = comma
		}
	}
	s.before = max(s.before, p)
}

func isAlnum(b byte) bool {
	switch {
	case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', '0' <= b && b <= '9':
		return true
	}
	return false
}

// end closes the word being read.
func (s *scanner) end() {
	if !s.any {
		return
	}
	word := s.written()
	if s.apostrophe {
		word = strings.TrimRight(word, "'")
	}
	if first := len(s.tokens); language.IsWhole(word) {
		s.tokens = append(s.tokens, token{text: word, before: s.before, capital: s.capital, number: s.number})
	} else {
		for _, part := range language.Expand(word) {
			s.tokens = append(s.tokens, token{text: part, capital: s.capital, number: s.number})
		}
		s.tokens[first].before = s.before
	}
	s.word, s.before = s.word[:0], noPause
	s.any, s.capital, s.number, s.apostrophe, s.changed = false, false, false, false, false
}

// written gives the word being read, which lies in the text where it was written without capitals and accents.
func (s *scanner) written() string {
	if s.changed {
		return string(s.word)
	}
	return s.text[s.from : s.from+len(s.word)]
}
