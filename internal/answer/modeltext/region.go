package modeltext

import (
	"strings"
	"unicode/utf8"

	"tania/internal/lazyregexp"
)

// call reads the call that a mark begins, and goes behind it.
func (s *scanner) call(m mark) {
	if m.empty {
		region := m.inside
		if m.tool != "" && !strings.Contains(region, "=") {
			region = ""
		}
		s.carryOut(callsInRegion(nameValue.ReplaceAllString(region, ""), m.tool, s.tools))
		return
	}
	end, behind := s.regionEnd()
	if !isResult(m.name) {
		s.carryOut(callsInRegion(s.text[s.at:end], m.tool, s.tools))
	}
	s.at = behind
}

// isResult recognises what a tool is imagined to have answered.
func isResult(name string) bool {
	return hasAny(wordsOf(name), []string{"response", "responses", "result", "results", "output", "outputs", "available"})
}

// callTo reads a call whose tool a header names.
func (s *scanner) callTo(name string) {
	head := s.text[s.at:min(len(s.text), s.at+longestMark)]
	if i := strings.Index(head, messageMark); i >= 0 && !strings.Contains(head[:i], "<|end") {
		s.at += i + len(messageMark)
	}
	end := s.at
	for end < len(s.text) {
		if m, ok := s.markIf(end); ok && (m.class == stop || m.class == header || m.class == channel) {
			break
		}
		end++
	}
	s.carryOut(callsInRegion(s.text[s.at:end], name, s.tools))
	s.kind, s.at = elsewhere, end
}

// carryOut takes up calls. What others would call is nothing, and what is called within a thought counts if the thought does not end, or
// nothing else comes of the reply.
func (s *scanner) carryOut(list []written) {
	switch {
	case s.kind == elsewhere:
	case s.thinking && s.kind == thoughtOf:
		s.within = append(s.within, known(list, s.tools)...)
	default:
		s.calls = append(s.calls, known(list, s.tools)...)
	}
}

func (s *scanner) markIf(i int) (mark, bool) {
	if s.text[i] != '<' && s.text[i] != '[' {
		return mark{}, false
	}
	return s.markAt(i)
}

// regionEnd finds where a call ends, and what is behind it: at the mark that closes it, before one that begins something else, behind its
// values, or with the text.
func (s *scanner) regionEnd() (end, behind int) {
	depth, closed, behindClosed := 1, 0, 0
	end = len(s.text)
	for i := s.at; i < len(s.text); i++ {
		m, ok := s.markIf(i)
		if !ok {
			continue
		}
		switch {
		case m.class == call && m.closing:
			closed, behindClosed = i, m.end
			if depth--; depth == 0 {
				return i, m.end
			}
		case m.class == call && !m.empty:
			depth++
		case m.class == stop, m.class == header, m.class == channel, m.alone && (m.class == thought || m.class == final):
			end = i
		}
		if end < len(s.text) {
			break
		}
		i = m.end - 1
	}
	if behindClosed > 0 {
		return closed, behindClosed
	}
	end = min(end, s.valuesEnd())
	return end, end
}

var beforeValue = lazyregexp.New(`^(?:\s|\[/?[A-Z_]{2,30}\]|<[|｜][^<>\n]{0,60}>|\x60{3}\w*|[\w.:\-]{1,60})*`)

// valuesEnd is behind the objects or the code that follow, or the end of the text where none do.
func (s *scanner) valuesEnd() int {
	at := s.at + len(beforeValue.FindString(s.text[s.at:]))
	found := false
	for at < len(s.text) {
		if s.text[at] == '(' {
			if end, ok := parenthesesEnd(s.text, at); ok {
				return end
			}
			return len(s.text)
		}
		if s.text[at] != '{' && s.text[at] != '[' {
			break
		}
		_, end, ok := valueAt(s.text, at)
		if !ok {
			break
		}
		found = true
		at = end
		for at < len(s.text) && strings.IndexByte(" \n;,`", s.text[at]) >= 0 {
			at++
		}
	}
	if found {
		return at
	}
	return len(s.text)
}

// value reads an object or a list at the place as a call, if it is one.
func (s *scanner) value() bool {
	if s.tried > mostValues {
		return false
	}
	s.tried++
	if end, ok := s.pythonic(); ok {
		s.at = end
		return true
	}
	v, end, ok := valueAt(s.text, s.at)
	if !ok {
		return false
	}
	said, calls := flags(v, s.tools)
	if len(calls) > 0 {
		s.put(said)
	} else if calls = callsIn(v, s.tools); len(calls) == 0 {
		calls = s.bareArguments(v, end)
	}
	if len(calls) == 0 {
		return false
	}
	s.carryOut(calls)
	s.at = end
	if s.at < len(s.text) && s.text[s.at] == ';' {
		s.at++
	}
	return true
}

// bareArguments reads an object that is all of a piece, and has nothing but arguments of a known tool, as a call of it.
func (s *scanner) bareArguments(v any, end int) []written {
	m, ok := v.(map[string]any)
	if !ok || len(m) == 0 || strings.Trim(s.text[end:], " \n`") != "" && !strings.HasPrefix(strings.TrimSpace(s.text[end:]), "<") {
		return nil
	}
	if n := len(s.pieces); n > 0 && hasWords(string(s.pieces[n-1].text)) && s.pieces[n-1].kind == s.kind {
		return nil
	}
	for _, t := range s.tools {
		if only(m, t.Parameters) {
			return []written{{t.Name, v}}
		}
	}
	return nil
}

func only(m map[string]any, names []string) bool {
	for key := range m {
		found := false
		for _, name := range names {
			found = found || strings.EqualFold(key, name)
		}
		if !found {
			return false
		}
	}
	return true
}

// codeCall is the beginning of a call in the manner of Python, functions.handoff(…, with what is put around it.
var codeCall = lazyregexp.New(`^((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)\(`)

// pythonic reads [handoff(reason="…"), other(…)] at the place, of tools known or not.
func (s *scanner) pythonic() (int, bool) {
	if s.text[s.at] != '[' {
		return 0, false
	}
	at := s.at + 1
	var list []written
	for at < len(s.text) {
		at += len(s.text[at:]) - len(strings.TrimLeft(s.text[at:], " ,\n"))
		if at < len(s.text) && s.text[at] == ']' && len(list) > 0 {
			s.carryOut(list)
			return at + 1, true
		}
		w, end, ok := s.codeCallAt(at)
		if !ok {
			return 0, false
		}
		list, at = append(list, w), end
	}
	if len(list) == 0 {
		return 0, false
	}
	s.carryOut(list)
	return at, true
}

// codeCallAt reads a call in the manner of Python at a place: of a known tool, or with arguments by name.
func (s *scanner) codeCallAt(at int) (written, int, bool) {
	head := codeCall.FindStringSubmatch(s.text[at:min(len(s.text), at+longestMark)])
	if head == nil {
		return written{}, 0, false
	}
	open := at + len(head[0]) - 1
	end, _ := parenthesesEnd(s.text, open)
	inside := strings.TrimSuffix(s.text[open+1:end], ")")
	name := strings.TrimSuffix(head[1], ".call")
	if inner, behind, ok := s.printed(name, open); ok {
		return inner, behind, true
	}
	_, isKnown := toolNamed(name, s.tools)
	if !isKnown && !equalities.MatchString(inside) {
		return written{}, 0, false
	}
	return written{name, inParentheses(inside)}, end, true
}

// printed reads a call within print(…).
func (s *scanner) printed(name string, open int) (written, int, bool) {
	if name != "print" {
		return written{}, 0, false
	}
	w, end, ok := s.codeCallAt(open + 1)
	if !ok || end >= len(s.text) || s.text[end] != ')' {
		return written{}, 0, false
	}
	return w, end + 1, true
}

// inParentheses reads arguments by name, an object, or a text.
func inParentheses(inside string) any {
	if v, _, ok := valueAt(inside, 0); ok && strings.HasPrefix(strings.TrimSpace(inside), "{") {
		return v
	}
	return parametersIn("", inside, true)
}

// parenthesesEnd is behind the parenthesis that closes the one at open, or the end of the text.
func parenthesesEnd(text string, open int) (int, bool) {
	depth := 0
	var quote byte
	for i := open; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' && strings.IndexByte("(=, {[", text[i-1]) >= 0:
			quote = c
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i + 1, true
			}
		}
	}
	return len(text), false
}

// isNameStart reports whether a name begins at i.
func isNameStart(text string, i int) bool {
	c := text[i]
	if c != '_' && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
		return false
	}
	return i == 0 || text[i-1] == '-' || text[i-1] == '.' || !isNameByte(text[i-1])
}

// word reads a word, or the call that begins with it: handoff(reason="…"), and other calls that have a line to themselves.
func (s *scanner) word() {
	w, end, ok := s.codeCallAt(s.at)
	if ok {
		_, isKnown := toolNamed(w.name, s.tools)
		if isKnown || strings.ContainsAny(w.name, "_.") && s.alone(s.at, end) {
			s.carryOut([]written{w})
			s.at = end
			return
		}
	}
	from := s.at
	for s.at < len(s.text) && isNameByte(s.text[s.at]) {
		_, size := utf8.DecodeRuneInString(s.text[s.at:])
		s.at += size
	}
	s.put(s.text[from:s.at])
}

// alone reports whether a piece has its lines to itself, but for what sets off code.
func (s *scanner) alone(from, end int) bool {
	before := s.text[strings.LastIndexByte(s.text[:from], '\n')+1 : from]
	after, _, _ := strings.Cut(s.text[end:], "\n")
	return strings.Trim(before+after, " \t`;)") == "" || strings.TrimSpace(before) == "print("
}
