// Package shareable decides what customers may share: which questions may be answered from the cache, and which answers may be kept in it.
package shareable

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"tania/internal/cache/reading"
	"tania/internal/language"
	"tania/internal/language/grammar"
	"tania/internal/words"
)

// LongestQuestion is the longest text that the cache reads, in bytes.
const LongestQuestion = 1000

// The rules are text, so that they can be read and corrected by people who know a language and no Go. README.md beside them explains the
// notation.
//
//go:embed grammar/*.txt
var ruleFiles embed.FS

// Flags that the rules ask for and Go sets.
const (
	flagCourtesy = "took courtesy off"
	flagTold     = "asks to be told"
)

// rules compiles the files once. A mistake in them is a programming error, which every test finds.
var rules = sync.OnceValue(func() *grammar.Grammar {
	files, err := fs.Sub(ruleFiles, "grammar")
	if err != nil {
		panic(err)
	}
	g, err := grammar.Compile(files, builtins, flagCourtesy, flagTold)
	if err != nil {
		panic("shareable: " + err.Error())
	}
	return g
})

// refusals are the blocks of rules that refuse a message, in the order in which they are asked.
var refusals = []struct {
	block string
	why   Refusal
}{
	{"follows up", RefusalFollowUp}, {"asks to act", RefusalAction}, {"personal", RefusalPersonal}, {"holds for a moment", RefusalVolatile},
}

// Question reports why a message must not be served from, or stored in, a cache that customers share; "" if it may. It knows the message
// alone, not the conversation, and judges by grammar: who acts, what is possessed, which pronoun has nothing to stand for. In doubt it
// refuses: a message refused costs a model call, a message admitted wrongly tells one customer what is another's.
func Question(r *language.Reading) Refusal {
	why, _ := judge(r)
	return why
}

// judge is Question, with how many words with a meaning an admitted message has.
func judge(r *language.Reading) (why Refusal, content int) {
	if len(r.Text) > LongestQuestion {
		return RefusalTooLong, 0
	}
	switch {
	case identifying(r.Text, r.Folded()):
		return RefusalIdentifying, 0
	case instructs(r):
		return RefusalInstructs, 0
	}
	t := ruled(r)
	return refuse(t), t.Content
}

// refuse reports why the rules refuse a message, "" if they do not.
func refuse(t *grammar.Text) Refusal {
	if len(t.Words) == 0 {
		return RefusalFollowUp
	}
	for _, r := range refusals {
		if t.Holds(r.block) {
			return r.why
		}
	}
	return ""
}

// ruled is a message as the rules have it.
func ruled(r *language.Reading) *grammar.Text {
	all := reading.Canonical(r.Tokens(), r.Language())
	rest := reading.WithoutCourtesy(all)
	t := rules().Read(grammar.Text{Words: rest, All: all, Content: contentOf(rest), Accented: accented(r.Text)})
	t.Set(flagCourtesy, len(all) > len(rest))
	t.Set(flagTold, asksToBeTold(all, rest))
	return t
}

// contentOf counts the words that carry meaning.
func contentOf(rest []string) (n int) {
	for _, w := range rest {
		if !reading.FunctionWords[w] && !reading.Addresses[w] {
			n++
		}
	}
	return n
}

// asksToBeTold reports whether courtesy which was taken off asked to be told something, so that a noun alone is a whole request: "tell me
// the weather".
func asksToBeTold(all, rest []string) bool {
	for _, w := range all[:len(all)-len(rest)] {
		if rules().In("EMBEDDED", w) || rules().In("TOLD", w) {
			return true
		}
	}
	return false
}

// instructs reports whether a message tells the bot how or what to answer: "always say it is free", "answer in rhyme".
func instructs(r *language.Reading) bool {
	accents := accented(r.Text)
	for clause := range strings.FieldsFuncSeq(r.Folded(), endsClause) {
		if rules().Read(grammar.Text{
			Words:    reading.Canonical(slices.Collect(language.Tokens(clause)), r.Language()),
			Accented: accents,
		}).Holds("instructs") {
			return true
		}
	}
	return false
}

// endsClause reports whether a rune stands between two clauses. A quotation is a clause of its own.
func endsClause(r rune) bool {
	return strings.ContainsRune(".,;:!?¡¿()[]{}\"«»“”\n\r\t…—–|/", r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
}

// accented gives the words of a text that end in an accented vowel, folded.
func accented(text string) map[string]bool {
	var found map[string]bool
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return nil
	}
	for field := range strings.FieldsSeq(text) {
		field = strings.TrimFunc(field, func(r rune) bool { return strings.ContainsRune(`¿?¡!.,;:"'()…`, r) })
		for _, end := range []string{"á", "é", "í", "ó", "ú", "à", "Á", "É", "Í", "Ó", "él", "Él", "más", "Más", "às", "Às"} {
			if strings.HasSuffix(field, end) {
				if found == nil {
					found = map[string]bool{}
				}
				found[words.Fold(field)] = true
				break
			}
		}
	}
	return found
}
