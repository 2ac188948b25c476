package chatwoot

import "errors"

// Limits of what Slim keeps, in bytes: of each text, and of all.
const (
	slimText = 128 << 10
	slimAll  = 2 << 20
)

// ErrTooMuch is an error of Slim: more is left than a webhook of Chatwoot's can have.
var ErrTooMuch = errors.New("chatwoot: over 2 MiB of a webhook are left without the long parts of its texts")

// Slim is a writer that keeps the JSON that is written to it, each text in it cut after 128 KiB: what Chatwoot sends beside that is the
// HTML of a mail, four times over, pictures included. Chatwoot itself cuts the text that a mail is shown by at 150,000 characters.
type Slim struct {
	out []byte
	// text reports whether a string is open, and length how much of it was kept; cutting, that the rest of it is left out.
	text, cutting bool
	length        int
	// escaped is set behind a backslash; digits are left of a \uXXXX.
	escaped bool
	digits  int
}

// Bytes is what was kept.
func (s *Slim) Bytes() []byte { return s.out }

// Write implements io.Writer; its error is ErrTooMuch.
func (s *Slim) Write(p []byte) (int, error) {
	for _, b := range p {
		if s.keeps(b) {
			s.out = append(s.out, b)
		}
	}
	if len(s.out) > slimAll {
		return 0, ErrTooMuch
	}
	return len(p), nil
}

// keeps reports whether a byte is kept.
func (s *Slim) keeps(b byte) bool {
	if !s.text {
		s.text, s.cutting, s.length = b == '"', false, 0
		return true
	}
	if s.within(b) {
		s.length++
		return !s.cutting
	}
	switch b {
	case '"':
		s.text = false
		return true
	case '\\':
		s.escaped = true
	}
	s.cutting = s.cutting || s.length >= slimText
	s.length++
	return !s.cutting
}

// within reports whether a byte is a later one of a character or of an escape: a text is cut before neither.
func (s *Slim) within(b byte) bool {
	switch {
	case s.escaped:
		s.escaped = false
		if b == 'u' {
			s.digits = 4
		}
		return true
	case s.digits > 0:
		s.digits--
		if b == '"' { // no escape after all
			s.digits = 0
		}
		return b != '"'
	}
	return b&0xC0 == 0x80
}
