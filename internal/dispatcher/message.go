package dispatcher

import (
	"strings"
	"sync"

	"tania/internal/language"
	"tania/internal/tania"
)

// message is a text with everything the tables say of it: at each word, the concepts that begin there.
type message struct {
	g      *grammar
	tokens []token
	// heads is the first span of each place, -1 for none; spans are lists, so that nothing is allocated per word.
	heads []int32
	spans []span
	// folded has for each place the symbols that begin there, folded as those of a symbolSet.
	folded []uint64
	// next and later are what candidates are compared with: see look.
	next, later []uint64
	// starts and ends say where a line begins and ends when pleasantries are left out; pleasant which words are such.
	starts, ends, pleasant []bool
	// spoken is the language that the text tells.
	spoken tania.Language
	// shouting is set when nearly all letters are capitals.
	shouting bool
	// asks is set when there is a question mark.
	asks bool
	// seen has a bit for each feature while they are listed.
	seen [features / 64]uint64
	// every is set while the ends of all matches are wanted, and found has those of a pattern.
	every bool
	found []int
}

// span is a concept that covers words.
type span struct {
	next   int32
	symbol symbol
	length uint16
}

var messages = sync.Pool{New: func() any { return new(message) }}

// read looks a text up in the tables. Give the message back with release.
func (g *grammar) read(r *language.Reading) *message {
	m := g.readWords(r)
	m.readPhrases()
	return m
}

// readWords looks up the words of a text alone, which tell most pleasantries.
func (g *grammar) readWords(r *language.Reading) *message {
	m := messages.Get().(*message)
	m.g = g
	m.forget()
	m.tokens, m.shouting = tokenize(r.Text, m.tokens)
	m.spoken = r.Language()
	m.asks = strings.Contains(r.Text, "?")
	m.dropPolite()
	for i := range m.tokens {
		m.place()
		m.tag(i)
	}
	m.joinLines()
	return m
}

// readPhrases finds what the words say together.
func (m *message) readPhrases() {
	m.clearMarks()
	for i := range m.g.levels {
		m.addPhrases(&m.g.levels[i])
	}
	m.markPleasantries()
}

// forget leaves no place.
func (m *message) forget() { m.spans, m.heads, m.folded = m.spans[:0], m.heads[:0], m.folded[:0] }

// place makes a place for the next word.
func (m *message) place() { m.heads, m.folded = append(m.heads, -1), append(m.folded, 0) }

func (m *message) release() {
	clear(m.tokens)
	messages.Put(m)
}

// dropPolite removes "please" and "por favor", which can stand anywhere and change nothing.
func (m *message) dropPolite() {
	kept := m.tokens[:0]
	var before pause
	for i := 0; i < len(m.tokens); i++ {
		t := m.tokens[i]
		before = max(before, t.before)
		if t.text == "please" || t.text == "kindly" {
			continue
		}
		if t.text == "por" && i+1 < len(m.tokens) && (m.tokens[i+1].text == "favor" || m.tokens[i+1].text == "gentileza") {
			i++
			continue
		}
		t.before, before = before, noPause
		kept = append(kept, t)
	}
	m.tokens = kept
}

// tag enters what the tables say of the word at i: as written, without its drawn out letters, or as the word that it
// is a typing error of.
func (m *message) tag(i int) {
	t := &m.tokens[i]
	if t.number {
		m.addSpan(i, 1, numeral)
	}
	if t.capital && !m.shouting {
		m.addSpan(i, 1, capitalized)
	}
	var buf [16]symbol
	symbols := m.g.lookup(t.text, buf[:])
	if len(symbols) == 0 && !t.number {
		if meant, ok := m.g.correct(t.text); ok {
			t.text = meant
			symbols = m.g.lookup(meant, buf[:])
		}
	}
	for _, s := range symbols {
		m.addSpan(i, 1, s)
	}
	if len(symbols) == 0 && !t.number {
		m.addSpan(i, 1, unknownWord)
	}
}

// undrawn takes drawn out letters back: "holaaa" and "hoola" to "hola", "goood" to "good".
func undrawn(word string) []string {
	long, double := false, false
	for i := 1; i < len(word); i++ {
		if word[i] == word[i-1] {
			double = true
			long = long || i > 1 && word[i] == word[i-2]
		}
	}
	if !double {
		return nil
	}
	if !long {
		return []string{shorten(word, 1, 2)}
	}
	return []string{shorten(word, 2, 3), shorten(word, 1, 3), shorten(word, 1, 2)}
}

// shorten leaves to letters of every run of at least from equal ones.
func shorten(word string, to, from int) string {
	var b strings.Builder
	for i := 0; i < len(word); {
		end := i + 1
		for end < len(word) && word[end] == word[i] {
			end++
		}
		n := end - i
		if n >= from {
			n = to
		}
		b.WriteString(word[i : i+n])
		i = end
	}
	return b.String()
}

// joinLines lets a rule see over the end of a line where the sentence plainly goes on: "quiero hablar↵con alguien".
func (m *message) joinLines() {
	joins := m.g.social.joins
	for i := 1; i < len(m.tokens); i++ {
		if m.tokens[i].before == newline && (m.has(i, joins) || m.has(i-1, joins)) {
			m.tokens[i].before = noPause
		}
	}
}

func (m *message) clearMarks() {
	n := len(m.tokens)
	m.starts, m.ends, m.pleasant = sized(m.starts, n+1), sized(m.ends, n+1), sized(m.pleasant, n+1)
	m.markEdges()
}

// sized gives n zero values, in the memory of those before where it is enough.
func sized[T any](marks []T, n int) []T {
	if cap(marks) < n {
		return make([]T, n)
	}
	marks = marks[:n]
	clear(marks)
	return marks
}

// markEdges finds where lines begin and end, looking over pleasant words.
func (m *message) markEdges() {
	n := len(m.tokens)
	for i := range n {
		m.starts[i] = m.tokens[i].before >= newline || m.starts[i-1] && m.pleasant[i-1]
	}
	m.ends[n] = true
	for i := n - 1; i > 0; i-- {
		m.ends[i] = m.tokens[i].before >= newline || m.pleasant[i] && m.ends[i+1]
	}
}

// markPleasantries marks greetings, thanks and the like; on what is left, rules look for bare nouns.
func (m *message) markPleasantries() {
	pleasant := m.g.social.pleasant
	for i := range m.tokens {
		for at := m.heads[i]; at >= 0; at = m.spans[at].next {
			if s := m.spans[at]; pleasant.has(s.symbol) {
				for j := range int(s.length) {
					m.pleasant[i+j] = true
				}
			}
		}
	}
	m.markEdges()
}

func (m *message) addSpan(at, length int, s symbol) {
	m.folded[at] |= 1 << (s & 63)
	// The longest come first, so that patterns try them first.
	before := int32(-1)
	for i := m.heads[at]; i >= 0; i = m.spans[i].next {
		if m.spans[i].symbol == s && int(m.spans[i].length) == length {
			return
		}
		if int(m.spans[i].length) > length {
			before = i
		}
	}
	added := int32(len(m.spans)) //nolint:gosec // a message has at most 150,000 characters
	if before < 0 {
		m.spans = append(m.spans, span{next: m.heads[at], symbol: s, length: uint16(length)}) //nolint:gosec // as above
		m.heads[at] = added
		return
	}
	m.spans = append(m.spans, span{next: m.spans[before].next, symbol: s, length: uint16(length)}) //nolint:gosec // as above
	m.spans[before].next = added
}

func (m *message) has(at int, set symbolSet) bool {
	if m.folded[at]&set.folded == 0 {
		return false
	}
	for i := m.heads[at]; i >= 0; i = m.spans[i].next {
		if set.has(m.spans[i].symbol) {
			return true
		}
	}
	return false
}

// words gives the words from a place to another, as the rules read them.
func (m *message) words(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		if i > from {
			b.WriteByte(' ')
		}
		b.WriteString(m.tokens[i].text)
	}
	return b.String()
}

// sentence gives the bounds of the sentence that a place is in.
func (m *message) sentence(at int) (from, to int) {
	from, to = at, at+1
	for from > 0 && m.tokens[from].before < newline {
		from--
	}
	for to < len(m.tokens) && m.tokens[to].before < newline {
		to++
	}
	return from, to
}
