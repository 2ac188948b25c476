package modeltext

import (
	"strings"
	"unicode"

	"tania/internal/answer/modeltext/slot"
	"tania/internal/language"
	"tania/internal/lazyregexp"
	"tania/internal/words"
)

var (
	// blanks are what a model leaves to be filled in: {{name}}, {nombre}, or words in brackets that belong to no link, "[Your Name]".
	blanks = lazyregexp.New(`\{\{ ?[\pL_][\pL\pN_.| \-]{0,40}\}\}|\{ ?[\pL_][\pL\pN_.'’ \-]{0,40}\}|\[[\pL][\pL '’/_\-]{1,60}\]`)
	// reference is what follows the words of a link, and what begins its address below the text.
	reference = lazyregexp.New(`^(?:\(|\[|:[ \t]*(?:<|https?:))`)
	// typed speaks of what is written as it stands, such as the variables of a template.
	typed = lazyregexp.New(`\b(?:escrib[ae]|escrev[ae]|type|enter|write|digit[ae]|ingres[ae]|plantillas?|templates?|modelos?|variables?|variave(?:l|is)|` +
		`placeholders?|marcador(?:es)?)\b`)
	// onScreen speaks of what is pressed or filled in, whose names stand in brackets too: "press [Email]".
	onScreen = lazyregexp.New(`\b(?:click\w*|press|tap|button|select|choose|field|menu|tab|icon|boton|puls\w+|presion\w+|` +
		`toca|toque|seleccion\w+|` +
		`selecion\w+|eli[gj]\w+|escol\w+|clic|cliq\w+|botao|campo|pestana|aba|icono)\b`)
)

// withoutPlaceholders drops the sentences that hold what the model left to be filled in, with the line that leads to them. "" is a text
// that says too little without them: less than they would have, politeness not counted.
func withoutPlaceholders(text string) string {
	if !strings.ContainsAny(text, "[{") {
		return text
	}
	shown := codeIn(text)
	var kept []string
	dropped, at := 0, 0
	for sentence := range language.Sentences(text) {
		if !hasBlank(text, at, at+len(sentence), shown) {
			kept = append(kept, sentence)
		} else {
			for len(kept) > 0 && leadsOn(kept[len(kept)-1]) {
				kept = kept[:len(kept)-1]
			}
			dropped += letters(sentence)
		}
		at += len(sentence)
	}
	if dropped == 0 {
		return text
	}
	told := 0
	for _, sentence := range kept {
		if !strings.ContainsAny(sentence, "?!") {
			told += letters(sentence)
		}
	}
	if told < dropped {
		return ""
	}
	return strings.TrimSpace(strings.Join(kept, ""))
}

// hasBlank reports whether a sentence of a text has something to be filled in, outside of code.
func hasBlank(text string, from, to int, shown code) bool {
	sentence := text[from:to]
	for _, at := range blanks.FindAllStringIndex(sentence, -1) {
		inside := sentence[at[0]+1 : at[1]-1]
		switch {
		case shown.has(from + at[0]):
		case inside[0] == '{':
			return true
		case sentence[at[0]] == '{':
			if slot.Names(inside) && !typed.MatchString(words.Fold(sentence)) {
				return true
			}
		case reference.MatchString(text[from+at[1]:]):
		case slot.Names(inside) && !onScreen.MatchString(words.Fold(sentence)):
			return true
		}
	}
	return false
}

// leadsOn reports whether a sentence ends with what the next one was to say.
func leadsOn(sentence string) bool {
	said := strings.TrimSpace(sentence)
	return strings.HasSuffix(said, ":") || strings.HasSuffix(said, ",")
}

func letters(text string) (n int) {
	for _, r := range text {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
