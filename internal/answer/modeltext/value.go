package modeltext

import (
	"strings"
	"unicode/utf8"
)

// deepest is how deep values may lie in one another.
const deepest = 12

// valueAt reads the value that begins at i: JSON, or what models take for it (single quotes, bare words, commas at the end, quotes within
// a text that are not escaped, an end that is missing). Objects are map[string]any, lists []any, all else is a string.
func valueAt(text string, i int) (v any, end int, ok bool) {
	p := &parser{text: text, at: i}
	v, ok = p.value(0)
	return v, p.at, ok
}

type parser struct {
	text string
	at   int
}

func (p *parser) space() {
	for p.at < len(p.text) && strings.IndexByte(" \t\n\r", p.text[p.at]) >= 0 {
		p.at++
	}
}

// next is the byte to be read, 0 at the end.
func (p *parser) next() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *parser) value(depth int) (any, bool) {
	p.space()
	switch c := p.next(); {
	case depth > deepest || c == 0:
		return nil, false
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.list(depth)
	case c == '"' || c == '\'' || c == '`':
		return p.quoted(c), true
	default:
		return p.bare()
	}
}

func (p *parser) object(depth int) (any, bool) {
	p.at++
	m := map[string]any{}
	for {
		p.space()
		switch p.next() {
		case '}':
			p.at++
			return m, true
		case ',':
			p.at++
			continue
		case 0:
			return m, len(m) > 0
		}
		key, ok := p.key()
		if !ok {
			return nil, false
		}
		v, ok := p.value(depth + 1)
		if !ok && p.next() != 0 {
			return nil, false
		}
		m[key] = v
		p.space()
		if c := p.next(); c != ',' && c != '}' && c != 0 {
			return nil, false
		}
	}
}

// longestKey is longer than the name of any field.
const longestKey = 60

// key reads a field's name and the colon behind it.
func (p *parser) key() (string, bool) {
	var key string
	if c := p.next(); c == '"' || c == '\'' {
		n := strings.IndexByte(p.text[p.at+1:], c)
		if n < 0 || n > longestKey {
			return "", false
		}
		key = p.text[p.at+1 : p.at+1+n]
		p.at += n + 2
	} else {
		from := p.at
		for p.at < len(p.text) && isNameByte(p.text[p.at]) && p.at-from <= longestKey {
			p.at++
		}
		key = p.text[from:p.at]
	}
	p.space()
	if key == "" || p.next() != ':' {
		return "", false
	}
	p.at++
	return key, true
}

func (p *parser) list(depth int) (any, bool) {
	p.at++
	list := []any{}
	for {
		p.space()
		switch p.next() {
		case ']':
			p.at++
			return list, true
		case ',':
			p.at++
			continue
		case 0:
			return list, len(list) > 0
		}
		v, ok := p.value(depth + 1)
		if !ok {
			return nil, false
		}
		list = append(list, v)
	}
}

// quoted reads a text in quotes. A quote ends it when what may follow a text follows; the end of all ends it too.
func (p *parser) quoted(quote byte) string {
	p.at++
	var b strings.Builder
	for p.at < len(p.text) {
		c := p.text[p.at]
		p.at++
		switch {
		case c == '\\' && p.at < len(p.text):
			b.WriteString(escaped(p.text[p.at]))
			p.at++
		case c == quote && p.endsHere():
			return b.String()
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// endsHere reports whether a text may end before what comes next.
func (p *parser) endsHere() bool {
	rest := strings.TrimLeft(p.text[p.at:min(len(p.text), p.at+200)], " \t\r\n")
	return rest == "" || strings.IndexByte(",}]):<", rest[0]) >= 0
}

func escaped(c byte) string {
	switch c {
	case 'n':
		return "\n"
	case 't':
		return "\t"
	case 'r', 'b', 'f':
		return ""
	}
	return string(rune(c))
}

// bare reads a word or a number, up to what ends one.
func (p *parser) bare() (any, bool) {
	from := p.at
	for p.at < len(p.text) && strings.IndexByte(",}])\n{[:\"<", p.text[p.at]) < 0 {
		p.at++
	}
	word := strings.TrimSpace(p.text[from:p.at])
	return word, word != ""
}

func isNameByte(c byte) bool {
	switch {
	case '0' <= c && c <= '9', 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z':
		return true
	}
	return c == '_' || c == '-' || c == '.' || c >= utf8.RuneSelf
}
