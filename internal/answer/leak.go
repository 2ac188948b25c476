package answer

import (
	"strings"
	"unicode"

	"tania/internal/answer/llm"
)

// leakRunes is how much of the instructions a reply may repeat in one piece, in letters and digits: the sentences that tell a model how
// to behave are longer, and what customers are told is not worded like these.
const leakRunes = 60

// leak finds instructions in replies. Customers are told what the bot knows, so knowledge is not among what it looks for.
type leak struct {
	// pieces are the instructions, as squeeze writes them.
	pieces []string
}

// newLeak takes the texts that are for the model alone.
func newLeak(texts ...string) leak {
	var l leak
	for _, text := range append(texts, rules, llm.CustomerRule, llm.HandoffMarkRule) {
		if piece := squeeze(text); len([]rune(piece)) >= leakRunes {
			l.pieces = append(l.pieces, piece)
		}
	}
	return l
}

// in reports whether a reply repeats a long part of the instructions, word for word whatever the punctuation, spacing and letter case.
func (l leak) in(reply string) bool {
	said := []rune(squeeze(reply))
	for from := 0; from+leakRunes <= len(said); from++ {
		window := string(said[from : from+leakRunes])
		for _, piece := range l.pieces {
			if strings.Contains(piece, window) {
				return true
			}
		}
	}
	return false
}

// squeeze keeps letters and digits, in lower case. What a language.Reading has would hide a leak or see one: contractions written out and
// accents dropped are another text than the model was given, and a reply that puts spaces between its letters has no words.
func squeeze(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}
