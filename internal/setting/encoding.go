package setting

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// byteOrderMark is what some editors write before a text in UTF-8.
var byteOrderMark = []byte("\ufeff")

// EncodingError says that a text is in another encoding than UTF-8.
type EncodingError struct {
	// Line is where the first character in that encoding stands, 0 when the whole text is in it.
	Line int
	name string // empty for what is no text
}

// Error says what the text is in, without a byte of it.
func (e EncodingError) Error() string {
	switch {
	case e.name == "":
		return "is not text in UTF-8"
	case e.Line == 0:
		return "is in " + e.name + ", not in UTF-8"
	}
	return fmt.Sprintf("is not in UTF-8 but in %s, as line %d shows", e.name, e.Line)
}

// SaveAsUTF8 is the fix of every EncodingError.
const SaveAsUTF8 = "save it as UTF-8 (in the editor: Save as, Encoding: UTF-8)"

// PlainText gives a text in UTF-8 without its byte order mark. Its error is an EncodingError.
func PlainText(source []byte) ([]byte, error) {
	source = bytes.TrimPrefix(source, byteOrderMark)
	switch {
	case bytes.HasPrefix(source, []byte{0xff, 0xfe}), bytes.HasPrefix(source, []byte{0xfe, 0xff}), bytes.Count(source, []byte{0}) > len(source)/3:
		// Of UTF-16 every second byte is zero in Latin letters; text in UTF-8 has none.
		return nil, EncodingError{name: "UTF-16"}
	case bytes.IndexByte(source, 0) >= 0:
		return nil, EncodingError{}
	case utf8.Valid(source):
		return source, nil
	}
	at := 0
	for at < len(source) {
		r, size := utf8.DecodeRune(source[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return nil, EncodingError{Line: 1 + bytes.Count(source[:at], []byte("\n")), name: "another encoding (Windows-1252, for example)"}
}
