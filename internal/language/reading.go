package language

import (
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"tania/internal/tania"
	"tania/internal/words"
)

// Reading is a text that is read once, for all who need its words: whatever is asked of it is found then, and kept. Make it with Read. It
// is safe for concurrent use, and what it gives must not be changed. The work grows with the length of the text: bound what strangers send
// before.
type Reading struct {
	Text string

	folding, cutting, compounding, wording, detecting sync.Once

	folded                   string
	tokens, compounds, words []string
	// likeliest is the language that leads the others, by the logarithm of the odds.
	likeliest tania.Language
	lead      float64
}

// watched hears of the texts that are read; nil: nobody listens.
var watched atomic.Pointer[func(text string)]

// Watch calls f with every text that Read is given, in whatever goroutine, until stop is called. It shows who reads what again, and has one
// listener at a time: a second one panics.
func Watch(f func(text string)) (stop func()) {
	if !watched.CompareAndSwap(nil, &f) {
		panic("language: somebody watches already")
	}
	return func() { watched.Store(nil) }
}

// Read begins to read a text.
func Read(text string) *Reading {
	if f := watched.Load(); f != nil {
		(*f)(text)
	}
	return &Reading{Text: text}
}

// Folded is the text in small letters, without accents and without letters that are held down.
func (r *Reading) Folded() string {
	r.folding.Do(func() { r.folded = words.Fold(r.Text) })
	return r.folded
}

// Tokens are those of the folded text.
func (r *Reading) Tokens() []string {
	r.cutting.Do(func() {
		r.tokens = make([]string, 0, 16)
		for token := range Tokens(r.Folded()) {
			r.tokens = append(r.tokens, token)
		}
	})
	return r.tokens
}

// Language is the one that the text is written in, "" where it does not tell, as Detect has it.
func (r *Reading) Language() tania.Language { return r.LanguageAt(likely) }

// LanguageAt gives the language of the text where it is so many times likelier than the next, and else "".
func (r *Reading) LanguageAt(odds float64) tania.Language {
	r.detecting.Do(func() { r.likeliest, r.lead = lean(r.Text) })
	if r.lead < math.Log(odds) {
		return ""
	}
	return r.likeliest
}

// Compounds are the tokens, with what belongs to a number in one: "3rd", "1ra", "24/7", "5/03".
func (r *Reading) Compounds() []string {
	r.compounding.Do(func() {
		folded := r.Folded()
		spans := Compounds(folded)
		r.compounds = make([]string, len(spans))
		for i, s := range spans {
			r.compounds[i] = folded[s.Begin:s.End]
		}
	})
	return r.compounds
}

// Words are the words and the numbers of the folded text, contractions written out, but for those of its links and addresses.
func (r *Reading) Words() []string {
	r.wording.Do(func() {
		tokens := r.Tokens()
		if written := withoutLinks(r.Text); written != r.Text {
			tokens = slices.Collect(Tokens(words.Fold(written)))
		}
		r.words = make([]string, 0, len(tokens))
		for _, token := range tokens {
			if !strings.Contains(signs, token) {
				r.words = append(r.words, Expand(token)...)
			}
		}
	})
	return r.words
}

// Span is where something stands in a text, in bytes.
type Span struct{ Begin, End int }

// Compounds gives where the tokens of a text stand, with the endings of ordinals and what slashes join to a number in one.
func Compounds(text string) []Span {
	spans := make([]Span, 0, 16)
	at := 0
	for token := range Tokens(text) {
		begin := at + strings.Index(text[at:], token)
		end := begin + len(token)
		at = end
		if n := len(spans); n > 0 && joins(text, spans[n-1], Span{begin, end}) {
			spans[n-1].End = end
			continue
		}
		spans = append(spans, Span{begin, end})
	}
	return spans
}

// ordinalEndings stand right behind the figures of an ordinal.
var ordinalEndings = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(`st nd rd th er ro ra do da to ta mo ma vo va no na o a`) {
		set[w] = true
	}
	return set
}()

// joins reports whether a token belongs to the number before it.
func joins(text string, number, token Span) bool {
	before, last := text[number.Begin:number.End], text[number.End-1]
	if !isFigure(before[0]) || !isFigure(last) {
		return false
	}
	switch text[number.End:token.Begin] {
	case "":
		return strings.IndexFunc(before, notFigure) < 0 && ordinalEndings[text[token.Begin:token.End]]
	case "/":
		return isFigure(text[token.Begin])
	}
	return false
}

func isFigure(c byte) bool { return c >= '0' && c <= '9' }

func notFigure(r rune) bool { return r < '0' || r > '9' }
