package shareable

import (
	"strings"

	"tania/internal/cache/reading"
	"tania/internal/language/grammar"
	"tania/internal/lazyregexp"
)

// builtins are the classes of words that forms decide, or tables that the reader has.
var builtins = map[string]grammar.Builtin{
	"NUMBER":     ofWord(reading.IsNumber),
	"NUMERAL":    ofWord(isNumeral),
	"ONES":       ofWord(func(w string) bool { return reading.Ones[w] }),
	"FUNCTION":   ofWord(func(w string) bool { return reading.FunctionWords[w] }),
	"ADDRESS":    ofWord(func(w string) bool { return reading.Addresses[w] }),
	"INFINITIVE": func(t *grammar.Text, at int) bool { return infinitive(t, t.Words[at]) },
	"PARTICIPLE": ofWord(participle),
	"COMMANDING": func(t *grammar.Text, at int) bool { return commanding(t, t.Words[at]) },
	"ACCENTED":   func(t *grammar.Text, at int) bool { return t.Accented[t.Words[at]] },
}

func ofWord(is func(w string) bool) grammar.Builtin {
	return func(t *grammar.Text, at int) bool { return is(t.Words[at]) }
}

// isNumeral reports whether a word is a number's, in any language: a gate does not know which one is spoken.
func isNumeral(w string) bool {
	for _, table := range reading.Numerals {
		if _, ok := table[w]; ok {
			return true
		}
	}
	return false
}

// infinitive reports whether a word looks like one of Spanish or Portuguese.
func infinitive(t *grammar.Text, w string) bool {
	if t.In("NOTINFINITIVES", w) || len(w) < 4 && !t.In("SHORTINFINITIVES", w) {
		return false
	}
	w = strings.TrimSuffix(strings.TrimSuffix(w, "me"), "se")
	return strings.HasSuffix(w, "ar") || strings.HasSuffix(w, "er") || strings.HasSuffix(w, "ir")
}

var (
	// bound is a command with its "me" attached: "mandame", "cancélenme".
	bound    = lazyregexp.New(`^\p{L}{3,}(?:a|e|i|an|en|ad|ed|id)(?:me|melo|mela|melos|melas|noslo)$`)
	unbound  = lazyregexp.New(`(?:time|name|game|frame|prime|fame|scheme|extreme|supreme|crime|same|theme)$`)
	attached = lazyregexp.New(`^(\p{L}{3,})(?:me|nos|lo|la|los|las)$`)
)

// commanding reports whether a word is a command with its "me", or a known one with another pronoun.
func commanding(t *grammar.Text, w string) bool {
	if t.In("TOLD", w) {
		return false
	}
	if len(w) >= 6 && bound.MatchString(w) && !unbound.MatchString(w) {
		return true
	}
	parts := attached.FindStringSubmatch(w)
	return parts != nil && t.In("COMMANDS", parts[1]) && !infinitive(t, parts[1]) && !reading.FunctionWords[w]
}
