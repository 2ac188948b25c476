package modeltext

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"tania/internal/lazyregexp"
)

// Tidy drops the characters that no customer should get: controls, those that turn the direction of writing, halves of surrogates,
// private ones, and those without a shape but where an emoji or a script needs them.
func Tidy(text string) string {
	text = strings.ToValidUTF8(text, "")
	text = terminal.ReplaceAllString(text, "")
	if strings.Contains(text, `\`) {
		text = escapedLines(text)
		text = escapes.ReplaceAllStringFunc(text, unescape)
	}
	text = citations.ReplaceAllString(text, "")
	text = lineEnds.Replace(text)
	runes := []rune(text)
	var b strings.Builder
	b.Grow(len(text))
	kept := rune(-1)
	for i, r := range runes {
		next := rune(-1)
		if i+1 < len(runes) {
			next = runes[i+1]
		}
		if belongs(kept, r, next) {
			b.WriteRune(r)
			kept = r
		}
	}
	return b.String()
}

// lineEnds are the other ways to end a line.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n", "\v", "\n", "\f", "\n")

var (
	// citations are marks of search results: of ChatGPT's models between private characters, of the Assistants API in lenticular brackets,
	// of Bing and Kimi "[^1^]", of DeepSeek "[citation:1]"; with the notes that they refer to, a line each.
	citations = lazyregexp.New("\ue200[^\ue200\ue201\n]{0,300}\ue201|[ \\t]*\u3010\\d+(?::\\d+)?\u2020[^\u3010\u3011\n]{0,200}\u3011|" +
		`(?m:^[ \t]*\[\^\d{1,3}\^?\]:.*\n?)|[ \t]*\[(?:\^\d{1,3}(?:, ?\^?\d{1,3})*\^?|citation: ?\d{1,3}(?:, ?\d{1,3})*)\]`)
	// escapes are UTF-16 units as JSON writes them, for models that escape what is escaped again.
	escapes = lazyregexp.New(`(?:\\u[0-9a-fA-F]{4})+`)
)

var (
	// terminal are colours and the like of a terminal, also where their first character is spelled out.
	terminal = lazyregexp.New(`(?:\x1b|\\x1b|\\033|\\e|\\u001b)\[[0-9;]{0,12}[A-Za-z]`)
	// spelledLine is a line's end as JSON writes it, where a line may well end; other is a backslash for something else.
	spelledLine = lazyregexp.New(`[.!?:…)*] ?\\n[\s\\*\d¿¡•-]|[.!?…)*] ?\\n|\\n\\n|\\n ?(?:[-*•] |\d+\. |[\p{Lu}¿¡])`)
	otherSlash  = lazyregexp.New(`\\[^nrt"]|\\$`)
)

// escapedLines ends the lines of a reply that was escaped once too often: all its lines' ends are spelled out.
func escapedLines(text string) string {
	if strings.ContainsAny(text, "\n`") || !spelledLine.MatchString(text) || otherSlash.MatchString(escapes.ReplaceAllString(text, "")) {
		return text
	}
	return strings.NewReplacer(`\r\n`, "\n", `\n`, "\n", `\r`, "\n", `\t`, "\t", `\"`, `"`).Replace(text)
}

// unescape gives the characters of a run of \uXXXX; a lone half of a pair becomes nothing.
func unescape(run string) string {
	var units []uint16
	for i := 0; i+6 <= len(run); i += 6 {
		n, err := strconv.ParseUint(run[i+2:i+6], 16, 16)
		if err != nil {
			return run
		}
		units = append(units, uint16(n))
	}
	return string(utf16.Decode(units))
}

const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
	brailleBlank       = '\u2800'
	objectReplacement  = '\ufffc'
	blackFlag          = '\U0001f3f4'
)

// blank are letters and symbols that show nothing.
var blank = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x034f, 0x034f, 1},
		{0x115f, 0x1160, 1},
		{0x17b4, 0x17b5, 1},
		{brailleBlank, brailleBlank, 1},
		{0x3164, 0x3164, 1},
		{0xffa0, 0xffa0, 1},
	},
}

// belongs reports whether a character stays, between the one kept before it and the one after it (-1 where there is none).
func belongs(before, r, after rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return true
	case r == zeroWidthJoiner || r == zeroWidthNonJoiner:
		return joins(before) && joins(after)
	case isTag(r):
		// The flags of England, Scotland and Wales are a black flag with letters without a shape.
		return before == blackFlag || isTag(before)
	case r == unicode.ReplacementChar || r == objectReplacement || unicode.Is(blank, r):
		return false
	}
	return !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Noncharacter_Code_Point) && r != '\u2028' && r != '\u2029'
}

// joins reports whether a joiner beside a character can matter: to emoji and to letters of other scripts than the Latin.
func joins(r rune) bool {
	return r >= 0x0300 && !unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Cf, unicode.Zs, unicode.Co, unicode.P) &&
		!unicode.Is(blank, r)
}

func isTag(r rune) bool { return r >= 0xe0020 && r <= 0xe007f }

// hasWords reports whether there is something to read: a letter, a number or a picture.
func hasWords(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.L, unicode.N, unicode.So) && !unicode.Is(blank, r)
	})
}
