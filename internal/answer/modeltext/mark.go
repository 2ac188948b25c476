package modeltext

import (
	"slices"
	"strings"
	"unicode"

	"tania/internal/answer/modeltext/markup"
	"tania/internal/lazyregexp"
)

// mark is a tag, a control mark of a chat template or one in brackets.
type mark struct {
	class class
	// name is as it was written, without slashes.
	name string
	// closing ends what an earlier mark began; empty is both at once.
	closing, empty bool
	// tool is what the mark itself names: <function=NAME>, <invoke name="NAME">.
	tool string
	// inside is what else stands in it.
	inside string
	// alone reports whether it is a mark without its partner too.
	alone bool
	end   int
}

// longestMark bounds a mark, in bytes.
const longestMark = 600

var (
	tagName    = lazyregexp.New(`^/?[A-Za-z_][\w:.▁-]{0,60}`)
	attributes = lazyregexp.New(`^(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*\s*/?>`)
	// namedInTag is a tool's name glued to a tag's: <function=NAME>, <function(NAME)>.
	namedInTag = lazyregexp.New(`^[=(:]\s*["']?([A-Za-z_][\w.\-]*)["']?\)?\s*`)
	nameValue  = lazyregexp.New(`\bname\s*=\s*["']?([\w.\-]+)`)
	bracketed  = lazyregexp.New(`^\[\s*(/?)\s*([A-Za-z][A-Za-z_]{2,30})\s*\]`)
	sentence   = []string{"s", "bos", "eos", "pad", "unk", "mask", "cls", "sep"}
)

// markAt reads the mark that begins at i, if one does.
func (s *scanner) markAt(i int) (mark, bool) {
	switch s.text[i] {
	case '<':
		j := i
		for j < len(s.text) && s.text[j] == '<' {
			j++
		}
		j-- // the last of them opens
		m, ok := s.angleAt(j)
		if !ok || j > i && m.class == plain {
			return mark{}, false
		}
		for k := i; k < j && m.end < len(s.text) && s.text[m.end] == '>'; k++ {
			m.end++
		}
		return m, true
	case '[':
		return s.bracketAt(i)
	}
	return mark{}, false
}

// angleAt reads a mark that begins with a bracket at i.
func (s *scanner) angleAt(i int) (mark, bool) {
	rest := s.text[i+1 : min(len(s.text), i+1+longestMark)]
	if inside, ok := cutBar(rest); ok {
		return controlIn(inside, i+1+len(rest)-len(inside), len(s.text))
	}
	if strings.HasPrefix(rest, "!--") {
		if n := strings.Index(s.text[i:], "-->"); n >= 0 {
			return mark{class: control, name: "!--", end: i + n + len("-->")}, true
		}
	}
	name := tagName.FindString(rest)
	if name == "" {
		return mark{}, false
	}
	after := rest[len(name):]
	m := mark{name: strings.TrimLeft(name, "/"), closing: strings.HasPrefix(name, "/")}
	at := i + 1 + len(name)
	if tail, ok := cutBar(after); ok && strings.HasPrefix(tail, ">") { // <channel|>
		m.class, m.closing, m.end = controlClass(m.name), true, at+len(after)-len(tail)+1
		return m, true
	}
	var alone bool
	if m.class, alone = s.tagClass(m); m.class == other && markup.IsElement(m.name) {
		return mark{}, false
	}
	end, ok := 0, false
	if attrs := attributes.FindString(after); attrs != "" {
		m.inside, m.empty, end, ok = attrs, strings.HasSuffix(attrs, "/>"), at+len(attrs), true
		if named := nameValue.FindStringSubmatch(attrs); named != nil && m.class == call {
			m.tool, alone = named[1], true
		}
	} else if named := namedInTag.FindStringSubmatch(after); named != nil && m.class == call {
		m.tool, alone, end, ok = named[1], true, at+len(named[0]), true
		if end < len(s.text) && s.text[end] == '>' {
			end++
		}
	} else if m.closing && (after == "" || unicode.IsSpace(rune(after[0])) || after[0] == '<') {
		end, ok = at, m.class != other && alone
	}
	if _, isTool := toolNamed(m.name, s.tools); isTool && m.class == call {
		m.tool, alone = m.name, true
	}
	m.end, m.alone = end, alone
	return m, ok && (alone || s.paired(m, i))
}

// tagClass gives the class of a tag, and whether it is one without its partner.
func (s *scanner) tagClass(m mark) (class, bool) {
	lower := strings.ToLower(m.name)
	if _, ok := toolNamed(lower, s.tools); ok {
		return call, true
	}
	switch {
	case lower == "s" && m.closing:
		return stop, true
	case slices.Contains(sentence, lower):
		return control, true
	case lower == "start_of_turn" || lower == "end_of_turn":
		return controlClass(lower), true
	case isParameter(lower):
		return other, false
	}
	if c, alone := classOf(lower); c != other {
		return c, alone
	}
	return classOf(m.name)
}

// isParameter recognises the names of what lies within a call.
func isParameter(name string) bool {
	return hasAny(wordsOf(name), []string{"parameter", "parameters", "param", "arg", "args", "argument", "arguments"})
}

// paired reports whether a tag that means something in pairs only has its partner. One that means nothing to us is then markup too, but
// not in a piece of code.
func (s *scanner) paired(m mark, i int) bool {
	if m.class == other && s.code.has(i) {
		return false
	}
	name := strings.ToLower(m.name)
	if m.closing && (m.class == call || m.class == thought || m.class == final) {
		return true
	}
	if m.closing {
		at, ok := s.closers.first[name]
		return ok && at < i
	}
	return !m.empty && s.closers.last[name] > i || m.empty && m.class != other
}

// cutBar cuts the bar of a control mark, in either width.
func cutBar(s string) (string, bool) {
	if rest, ok := strings.CutPrefix(s, "|"); ok {
		return rest, true
	}
	return strings.CutPrefix(s, "｜")
}

// controlIn reads a control mark from behind its first bar, at from. One that the end of the text cut is one too.
func controlIn(inside string, from, length int) (mark, bool) {
	end := strings.IndexAny(inside, "><\n")
	switch {
	case end >= 0 && inside[end] == '>':
	case end < 0 && from+len(inside) == length && strings.Trim(inside, "|｜▁_ /") == strings.TrimFunc(inside, notLetter):
		name := strings.Trim(inside, "|｜ ")
		return mark{class: control, name: name, end: length}, true
	default:
		return mark{}, false
	}
	text := strings.Trim(inside[:end], "|｜ ")
	if i := strings.IndexAny(text, "|｜"); i >= 0 { // <｜DSML｜invoke name="…">
		text = strings.TrimLeft(text[i:], "|｜ ")
		if slash := strings.HasPrefix(inside, "/"); slash {
			text = "/" + text
		}
	}
	m := mark{closing: closes(text), inside: text, alone: true, end: from + end + 1}
	m.name, _, _ = strings.Cut(strings.TrimLeft(text, "/ "), " ")
	if len(wordsOf(text)) <= 6 && !strings.Contains(text, "=") {
		m.name = strings.TrimLeft(text, "/ ")
	}
	m.class = controlClass(m.name)
	if isParameter(m.name) {
		m.class = control
	}
	if named := nameValue.FindStringSubmatch(text); named != nil && m.class == call {
		m.tool = named[1]
	}
	return m, true
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// bracketAt reads [THINK], [/TOOL_RESULTS] and the like: capitals alone, or in pairs.
func (s *scanner) bracketAt(i int) (mark, bool) {
	found := bracketed.FindStringSubmatchIndex(s.text[i:min(len(s.text), i+longestMark)])
	if found == nil {
		return mark{}, false
	}
	name := s.text[i+found[4] : i+found[5]]
	m := mark{name: name, closing: found[3] > found[2], end: i + found[1]}
	if isParameter(name) || name == "CALL_ID" {
		m.class = control
		return m, name == strings.ToUpper(name)
	}
	var alone bool
	m.class, alone = classOf(name)
	if _, ok := toolNamed(name, s.tools); ok {
		m.tool, m.empty, m.class = name, true, call
		return m, true
	}
	if m.class == other && name == strings.ToUpper(name) && hasAny(wordsOf(name), actionWords) {
		m.class = control
		return m, true
	}
	alone = alone && m.class != final && name == strings.ToUpper(name) || strings.HasPrefix(name, "TOOL_")
	if m.class == other || m.class == plain {
		return mark{}, false
	}
	return m, alone || s.pairedBracket(m, i)
}

func (s *scanner) pairedBracket(m mark, i int) bool {
	if m.closing {
		return strings.Contains(s.text[:i], "["+m.name+"]")
	}
	return strings.Contains(s.text[i:], "[/"+m.name+"]")
}

// partners are where the tags of a text first open and last close, by name in lower case.
type partners struct{ first, last map[string]int }

var anyTag = lazyregexp.New(`<(/?)([A-Za-z_][\w:.▁-]{0,60})[\s>=/({]`)

func closersIn(text string) partners {
	p := partners{map[string]int{}, map[string]int{}}
	for _, at := range anyTag.FindAllStringSubmatchIndex(text, -1) {
		name := strings.ToLower(text[at[4]:at[5]])
		if at[3] > at[2] {
			p.last[name] = at[0]
		} else if _, ok := p.first[name]; !ok {
			p.first[name] = at[0]
		}
	}
	return p
}
