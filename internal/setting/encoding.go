package setting

import (
	"bytes"
	"fmt"
	"regexp"
	"sync"
	"unicode/utf8"
)

// byteOrderMark is what some editors write before a text in UTF-8.
var byteOrderMark = []byte("\ufeff")

// EncodingError says that a text is in another encoding than UTF-8.
type EncodingError struct {
	// Line is where the first character in that encoding stands, 0 when the whole text is in it.
	Line int
	name string // empty for what is no text
	// spoilt is what became of characters that a program read in the wrong encoding and saved like that; empty where they are only encoded
	// otherwise.
	spoilt string
}

// Error says what the text is in, without a byte of it.
func (e EncodingError) Error() string {
	switch {
	case e.spoilt != "":
		return fmt.Sprintf("has letters on line %d that were spoilt by saving the file in the wrong encoding: %s", e.Line, e.spoilt)
	case e.name == "":
		return "is not text in UTF-8"
	case e.Line == 0:
		return "is in " + e.name + ", not in UTF-8"
	}
	return fmt.Sprintf("is not in UTF-8 but in %s, as line %d shows", e.name, e.Line)
}

// Fix says what to do.
func (e EncodingError) Fix() string {
	if e.spoilt != "" {
		return "write these letters again, and " + saveAsUTF8
	}
	return saveAsUTF8
}

const saveAsUTF8 = "save it as UTF-8 (in the editor: Save as, Encoding: UTF-8)"

// PlainText gives a text in UTF-8 without its byte order mark. Its error is an EncodingError.
func PlainText(source []byte) ([]byte, error) {
	source = bytes.TrimPrefix(source, byteOrderMark)
	zeros := bytes.Count(source, []byte{0})
	switch {
	case bytes.HasPrefix(source, []byte{0xff, 0xfe, 0, 0}), bytes.HasPrefix(source, []byte{0, 0, 0xfe, 0xff}), zeros > len(source)*2/3:
		// Of UTF-32 three bytes of four are zero in Latin letters.
		return nil, EncodingError{name: "UTF-32"}
	case bytes.HasPrefix(source, []byte{0xff, 0xfe}), bytes.HasPrefix(source, []byte{0xfe, 0xff}),
		zeros > len(source)/3:
		// Of UTF-16 every second byte is zero in Latin letters; text in UTF-8 has none.
		return nil, EncodingError{name: "UTF-16"}
	case zeros > 0:
		return nil, EncodingError{}
	case utf8.Valid(source):
		return source, spoilt(source)
	}
	at := 0
	for at < len(source) {
		r, size := utf8.DecodeRune(source[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return nil, EncodingError{Line: 1 + bytes.Count(source[:at], []byte("\n")), name: "another encoding (" + likely(source) + ", for example)"}
}

// macLetters are á, à, â, ã, ç, é, ê, ñ, ó, ô, õ, ú and ü as Mac OS Roman writes them, í left out, which is Windows' apostrophe.
const macLetters = "\x87\x88\x89\x8b\x8d\x8e\x90\x96\x97\x99\x9b\x9c\x9f"

// likely names an encoding in which a text may be, by its letters with accents within words: those of Mac OS Roman are signs in
// Windows-1252, whose own are from 0xe0 on.
func likely(source []byte) string {
	windows, mac := 0, 0
	for i := 1; i+1 < len(source); i++ {
		within := isLetter(source[i-1]) && isLetter(source[i+1])
		switch {
		case within && source[i] >= 0xe0:
			windows++
		case within && bytes.IndexByte([]byte(macLetters), source[i]) >= 0:
			mac++
		}
	}
	if mac > windows {
		return "Mac OS Roman"
	}
	return "Windows-1252"
}

// isLetter reports whether a byte is a letter of ASCII.
func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// twice finds letters in UTF-8 that were read as Windows-1252 and saved in UTF-8 once more: Ã³ for ó, Â¿ for ¿, â€œ for a quotation mark.
// No word of a language in Latin letters has a capital with a sign behind it that is neither letter nor space.
var twice = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[ÃÂ][\x{a1}-\x{bf}]|â€[™œ“”¦\x{99}\x{9c}\x{9d}]|\x{fffd}`)
})

// spoilt is the error of a text in UTF-8 some of whose letters were lost before, nil where none were.
func spoilt(source []byte) error {
	at := twice().FindIndex(source)
	if at == nil {
		return nil
	}
	e := EncodingError{Line: 1 + bytes.Count(source[:at[0]], []byte("\n")), spoilt: fmt.Sprintf("%q", source[at[0]:at[1]])}
	if source[at[0]] == "\ufffd"[0] {
		e.spoilt = "a question mark in a diamond stands for one that is lost"
	}
	return e
}
