package modeltext

import (
	"strings"

	"tania/internal/lazyregexp"
)

// scanner goes through a reply once, mark by mark, and sorts its text into pieces.
type scanner struct {
	text    string
	tools   []Tool
	closers partners
	code    code

	at     int
	pieces []piece
	// within are the calls that stand in a thought.
	calls, within []Call
	// kind is what the text is now; after is what it is when the innermost of the answer's or the thought's tags ends.
	kind, after kind
	// thinking reports whether a thought was opened by a tag and has not ended.
	thinking bool
	// tried counts the values that were read without finding a call.
	tried int
}

// kind is what a piece of text is.
type kind int

const (
	// said is text without a mark that says more of it.
	said kind = iota
	// answered is marked as the answer; drafted is an answer within a thought.
	answered
	drafted
	// thoughtOf is a thought, elsewhere what others would say.
	thoughtOf
	elsewhere
)

type piece struct {
	kind   kind
	within bool // within an open thought
	text   []byte
}

// mostValues bounds the objects that are looked at in one reply.
const mostValues = 400

func (s *scanner) scan() {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case (c == '<' || c == '[') && s.mark():
		case (c == '{' || c == '[') && s.value():
		case isNameStart(s.text, s.at):
			s.word()
		default:
			s.put(s.text[s.at : s.at+1])
			s.at++
		}
	}
	if s.thinking || len(s.calls) == 0 && !s.spoke() {
		s.calls = append(s.calls, s.within...)
	}
}

// put adds text to the piece that is being made.
func (s *scanner) put(text string) {
	within := s.thinking && s.kind == answered
	if n := len(s.pieces); n == 0 || s.pieces[n-1].kind != s.kind || s.pieces[n-1].within != within {
		s.pieces = append(s.pieces, piece{kind: s.kind, within: within})
	}
	last := &s.pieces[len(s.pieces)-1]
	last.text = append(last.text, text...)
}

// turnInto makes other pieces of those of a kind.
func (s *scanner) turnInto(from, to kind) {
	for i := range s.pieces {
		if s.pieces[i].kind == from {
			s.pieces[i].kind = to
		}
	}
}

// mark reads a mark at the place, if there is one, and does what it says.
func (s *scanner) mark() bool {
	m, ok := s.markAt(s.at)
	if !ok {
		return false
	}
	s.at = m.end
	switch m.class {
	case call:
		if !m.closing {
			s.call(m)
		}
	case thought:
		s.think(m)
	case final:
		s.final(m)
	case foreign:
		s.foreign(m)
	case header:
		s.header(m)
	case channel:
		s.channel(m)
	case stop:
		s.stop(m)
	default:
		if strings.EqualFold(m.name, "message") {
			s.message()
		}
	}
	return true
}

// think begins or ends a thought. An end without a beginning is that of a thought which the template began.
func (s *scanner) think(m mark) {
	switch {
	case m.empty || s.kind == elsewhere:
	case !m.closing && !s.thinking:
		s.after, s.thinking, s.kind = s.kind, true, thoughtOf
	case m.closing && s.thinking:
		s.thinking, s.kind = false, s.after
		for i := range s.pieces {
			if s.pieces[i].within {
				s.pieces[i].kind, s.pieces[i].within = drafted, false
			}
		}
	case m.closing:
		s.turnInto(said, thoughtOf)
		s.kind = said
	}
}

func (s *scanner) final(m mark) {
	switch {
	case m.empty || s.kind == elsewhere:
	case !m.closing:
		s.kind = answered
		s.put("\n\n")
	case s.kind != answered:
	case s.thinking:
		s.kind = thoughtOf
	default:
		s.kind = said
	}
}

func (s *scanner) foreign(m mark) {
	if m.closing || m.empty {
		s.kind = said
		return
	}
	s.kind = elsewhere
}

var (
	role      = lazyregexp.New(`^[ \t]*([\pL_]*)(?:[ \t]+to=([\w.:\-]+))?[ \t]*\n?`)
	recipient = lazyregexp.New(`to=([\w.:\-]+)`)
	firstWord = lazyregexp.New(`^\s*([\pL_\-]*)`)
)

// header reads whose message begins. A second message of the model in ChatML is not said beside the first.
func (s *scanner) header(m mark) {
	words := wordsOf(m.name)
	name, to := strings.Join(words, " "), ""
	if hasAny(words, []string{"start", "begin", "turn", "from", "recipient"}) {
		if m.closing {
			return
		}
		found := role.FindStringSubmatch(s.text[s.at:])
		s.at += len(found[0])
		name, to = found[1], found[2]
		if name != "all" && hasAny(words, []string{"recipient"}) {
			to = name
		}
	}
	c, _ := classOf(name)
	switch {
	case to != "":
		s.callTo(to)
	case c == foreign || c == call:
		s.kind, s.thinking = elsewhere, false
	case strings.EqualFold(m.name, "start"):
		s.turnInto(said, thoughtOf)
		s.kind, s.thinking = said, false
	case s.spoke():
		s.kind = elsewhere
	default:
		s.kind, s.thinking = said, false
	}
}

const messageMark = "<|message|>"

// channel reads which channel begins: the answer's, a tool's, or any other, which is a thought.
func (s *scanner) channel(m mark) {
	if m.closing {
		s.kind, s.thinking = said, false
		return
	}
	head := s.text[s.at:min(len(s.text), s.at+longestMark)]
	if end := strings.Index(head, messageMark); end >= 0 && !strings.Contains(head[:end], "<|end") &&
		!strings.Contains(head[:end], "<|start") {
		head = head[:end]
		s.at += end + len(messageMark)
	} else {
		head = firstWord.FindString(head)
		s.at += len(head)
	}
	s.named(head)
}

// message is the mark before a message's text. What stands alone before it is the name of a channel whose own mark was lost.
func (s *scanner) message() {
	if n := len(s.pieces); n > 0 && s.pieces[n-1].kind == said {
		if name := strings.TrimSpace(string(s.pieces[n-1].text)); isIdentifier(name) {
			s.pieces = s.pieces[:n-1]
			s.named(name)
		}
	}
}

// named begins the channel that a header names.
func (s *scanner) named(head string) {
	if to := recipient.FindStringSubmatch(head); to != nil {
		s.callTo(to[1])
		return
	}
	s.turnInto(said, thoughtOf)
	s.thinking = false
	if c, _ := classOf(firstWord.FindString(head)); c == final {
		s.kind = answered
		return
	}
	s.kind = thoughtOf
}

// stop ends a message. What a model writes after its answer has ended is nobody's.
func (s *scanner) stop(m mark) {
	switch {
	case strings.EqualFold(m.name, "call"), s.spoke():
		s.kind = elsewhere
	case !s.thinking && s.kind != elsewhere:
		s.kind = said
	}
}

// spoke reports whether there is an answer already.
func (s *scanner) spoke() bool {
	for i := range s.pieces {
		if k := s.pieces[i].kind; (k == said || k == answered) && hasWords(string(s.pieces[i].text)) {
			return true
		}
	}
	return false
}

// answer puts together what is for the customer: what is marked as the answer, else what is not marked, else an answer within a thought.
func (s *scanner) answer() string {
	for _, want := range []kind{answered, said, drafted} {
		var b strings.Builder
		for i := range s.pieces {
			if s.pieces[i].kind == want {
				b.WriteString(string(s.pieces[i].text))
			}
		}
		if text := b.String(); hasWords(text) {
			return text
		}
	}
	if s.thinking || s.kind == thoughtOf {
		return s.concluded()
	}
	return ""
}

// conclusions are words by which a thought that was never closed comes to its answer.
var conclusions = lazyregexp.New(`(?i)(?:^|\n)[\s*#]*(?:final (?:answer|response|reply)|respuesta final|resposta final)[\s*]*:[\s*]*`)

// concluded finds the answer at the end of an open thought.
func (s *scanner) concluded() string {
	var b strings.Builder
	for i := range s.pieces {
		b.WriteString(string(s.pieces[i].text))
	}
	text := b.String()
	if at := conclusions.FindAllStringIndex(text, -1); at != nil {
		return text[at[len(at)-1][1]:]
	}
	return ""
}
