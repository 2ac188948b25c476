package knowledge

import (
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"tania/internal/bot"
)

// bag is a set of terms.
type bag map[int]bool

// entry is an FAQ entry or a passage, prepared for comparison.
type entry struct {
	faq     *bot.FAQ
	passage *bot.Passage
	// variants are the ways to ask an FAQ, or the sentences of a passage.
	variants []variant
	// close are terms that count nearly like the variant's own: other ways to ask, the passage's title.
	// far are those of the FAQ's answer or of the rest of the passage.
	close, far, all bag
	// text is the passage's with its lines joined to paragraphs, sentences its parts.
	text      string
	sentences []span
	// size is how long all that it says is, in bytes, of an FAQ entry; place is its index.
	size, place int
	// means is what its words do, once it was asked for.
	means atomic.Pointer[spoken]
}

type variant struct {
	terms bag
	// whole is the weight of all terms.
	whole   float64
	numbers map[string]bool
}

// What a word of the question counts that is not in the variant itself, and how a score shrinks for what speaks against
// it. Set, like the thresholds, with the questions in testdata.
const (
	creditClose = 0.9
	creditFar   = 0.6
	// byAnswer is for an FAQ entry recognised by its question and its answer together.
	byAnswer = 0.75
	// An FAQ variant that asks for more than the question does loses up to breadth; one of which the question has less
	// than narrowBelow shrinks once more.
	breadth     = 0.35
	narrowBelow = 0.55
	narrow      = 0.6
	// lonely is for a passage that shares a single word, and that not in its title.
	lonely = 0.6
	// strangeness is the weight of a word that the index has nowhere, as a factor of the rarest word's.
	strangeness = 1.0
)

func (x *Index) faqEntry(f *bot.FAQ) *entry {
	e := &entry{faq: f, close: bag{}, far: bag{}, all: bag{}}
	asked := slices.Concat(f.Questions, f.Keywords)
	all := strings.Join(asked, "\n")
	for _, q := range asked {
		v := x.variant(q, x.languageOf(q, all))
		e.variants = append(e.variants, v)
		maps.Copy(e.close, v.terms)
	}
	for lang, answer := range f.Answer {
		if lang == bot.AnyLanguage {
			lang = x.languageOf(answer, all)
		}
		maps.Copy(e.far, x.variant(answer, lang).terms)
	}
	maps.Copy(e.all, e.close)
	maps.Copy(e.all, e.far)
	heading, text := e.texts()
	e.size = len(heading) + len(text)
	return e
}

func (x *Index) passageEntry(p *bot.Passage) *entry {
	lang := x.languageOf(p.Title + " " + p.Text)
	e := &entry{passage: p, close: x.variant(p.Title, lang).terms, far: bag{}, all: bag{}, text: unwrapped(p.Text)}
	e.sentences = sentences(e.text)
	for _, s := range e.sentences {
		v := x.variant(e.text[s.from:s.to], lang)
		e.variants = append(e.variants, v)
		maps.Copy(e.far, v.terms)
	}
	maps.Copy(e.all, e.close)
	maps.Copy(e.all, e.far)
	return e
}

// hit names the entry.
func (e *entry) hit() Hit { return Hit{FAQ: e.faq, Passage: e.passage, place: e.place + 1} }

// judge scores the entry by its best variant.
func (e *entry) judge(q question) Hit {
	h, best := e.hit(), -1
	for i, v := range e.variants {
		if q.contradicts(v.numbers) {
			continue
		}
		if s := e.score(q, v); s > h.Score {
			h.Score, best = s, i
		}
	}
	if best >= 0 && e.passage != nil {
		h.Excerpt = e.excerpt(best)
	}
	return h
}

// score is the weight of the question's words that the variant has, in the weight of all of them.
func (e *entry) score(q question, v variant) float64 {
	var m match
	for _, w := range q {
		m.count(w, e, v)
	}
	switch {
	case m.asked == 0 || m.near == 0:
		return 0
	case e.passage != nil:
		return m.ofPassage()
	}
	return max(m.ofQuestion(v.whole), m.ofAnswer())
}

// match adds up weights of the question's words: all of them, and those found where.
type match struct {
	asked, variant, close, far float64
	// shared is what the variant has, not lessened for typing errors; near counts words in the variant or close to it.
	shared   float64
	near     int
	inClose  bool
	answered bool
}

func (m *match) count(w queryTerm, e *entry, v variant) {
	m.asked += w.weight
	found := w.weight * w.certainty
	m.inClose = m.inClose || w.in(e.close)
	switch {
	case w.in(v.terms):
		m.variant += found
		m.shared += w.weight
		m.near++
	case w.in(e.close):
		m.close += found
		m.near++
	case w.in(e.far):
		m.far += found
		m.answered = true
	}
}

func (m *match) ofPassage() float64 {
	covered := (m.variant + m.close + creditFar*m.far) / m.asked
	if m.near == 1 && !m.inClose {
		return lonely * covered
	}
	return covered
}

func (m *match) ofQuestion(whole float64) float64 {
	covered := (m.variant + creditClose*m.close + creditFar*m.far) / m.asked
	part := min(1, m.shared/max(whole, 1e-9))
	if part < narrowBelow {
		covered *= narrow
	}
	return covered * (1 - breadth + breadth*part)
}

// ofAnswer lets "¿aceptan tarjeta?" be answered by "¿qué formas de pago aceptan?" when its answer tells of cards.
func (m *match) ofAnswer() float64 {
	if !m.answered {
		return 0
	}
	return byAnswer * (m.variant + m.close + m.far) / m.asked
}

// excerptRunes is about how much of a passage is quoted.
const excerptRunes = 420

// excerpt is the passage itself when it is short, else the best sentence with those after it, then before it, that fit.
func (e *entry) excerpt(best int) string {
	text, first, last := e.text, best, best
	fits := func(first, last int) bool {
		return utf8.RuneCountInString(text[e.sentences[first].from:e.sentences[last].to]) <= excerptRunes
	}
	for last+1 < len(e.sentences) && fits(first, last+1) {
		last++
	}
	for first > 0 && fits(first-1, last) {
		first--
	}
	return strings.TrimSpace(text[e.sentences[first].from:e.sentences[last].to])
}
