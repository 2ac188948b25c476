package chatwoot

import "unicode"

// shown is a text, empty where nothing of it can be seen: white space, a blank braille pattern, fillers, joiners and whatever else
// Unicode says is shown as nothing by default. Phones send such messages where their user pressed send too early.
func shown(text string) string {
	for _, r := range text {
		if !invisible(r) {
			return text
		}
	}
	return ""
}

// brailleBlank is a pattern without dots; Unicode counts it among the visible.
const brailleBlank = '\u2800'

// invisible follows the definition of Default_Ignorable_Code_Point (UAX #44) in the properties that it is made from; the marks put
// before figures in Arabic and Syriac are format characters that do show.
func invisible(r rune) bool {
	switch {
	case r == brailleBlank, unicode.IsSpace(r), unicode.IsControl(r):
		return true
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}
