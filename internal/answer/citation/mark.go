package citation

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"tania/internal/lazyregexp"
)

// openers begin a citation.
const openers = "[【［"

// sourceWords name an entry where a model writes more than its number.
const sourceWords = `entr(?:y|ies)|entradas?|sources?|fuentes?|fontes?|refs?\.?`

// The forms of a citation: a number in brackets, several, with a word before them, or OpenAI's 【4:0†source】.
const (
	number   = `#?\d{1,4}`
	joiner   = `[ \t]*(?:,|;|&|y|e|and|[-–—])[ \t]*`
	several  = number + `(?:` + joiner + number + `)*`
	inside   = `[ \t]*\^?(?:(?:` + sourceWords + `)[ \t#:]*)?(` + several + `)(?:(?::\d{1,4})?†[^\]】\n]{0,60})?[ \t]*`
	brackets = `\\?[\[【［]` + inside + `\\?[\]】］]`
)

var (
	written     = lazyregexp.New(`(?i)` + brackets)
	plainNumber = lazyregexp.New(`[\[【［](\d{1,4})[\]】］]`)
	eachNumber  = lazyregexp.New(`\d+|[-–—]`)
	// cutOff is a citation in which a text ends that was not written to its end.
	cutOff = lazyregexp.New(`[ \t]*[\[【［][ \t]*(?:` + several + `[ \t,;]*)?$`)
	// leadIn is what may stand before the number of a list's line.
	leadIn = lazyregexp.New(`^[ \t]*(?:[-*+>•][ \t]+)?(?:\*\*|__)?$`)
)

// Trimmed takes the beginning of a citation off the end of a text that was cut.
func Trimmed(text string) string { return cutOff.ReplaceAllString(text, "") }

// mark is a number or some in brackets: a citation, unless numbers or a reader find otherwise.
type mark struct {
	from, to int
	// list is what stands in the brackets: "1", "1, 3", "1-3".
	list string
	// leads reports whether the line begins with it.
	leads bool
}

// mostRange bounds the entries that "[2-5]" stands for.
const mostRange = 20

// years are from here: a larger number is a citation only where there is such an entry.
const years = 1000

// numbers gives the numbers of a mark; not ok: it cites nothing, "[2024]" or "[9-18]" where there are no such entries.
func (m mark) numbers(entries int) (list []int, ok bool) {
	through := false
	for _, part := range eachNumber.FindAllString(m.list, -1) {
		n, err := strconv.Atoi(part)
		switch {
		case err != nil:
			through = true
			continue
		case n >= years && n > entries:
			return nil, false
		case !through:
			list = append(list, n)
			continue
		}
		from := list[len(list)-1]
		if from < 1 || n <= from || n > entries || n-from >= mostRange {
			return nil, false
		}
		for from < n {
			from++
			list = append(list, from)
		}
		through = false
	}
	return list, true
}

// linked reports whether what follows a number in brackets makes it part of a link, or of an address.
func linked(after string) bool { return strings.HasPrefix(after, "(") || strings.HasPrefix(after, "=") }

// line is a line of a text, with the places of what is code in it.
type line struct {
	text string
	code [][2]int
}

// linesOf divides a text into its lines.
func linesOf(text string) (lines []line) {
	fence := ""
	for l := range strings.SplitSeq(text, "\n") {
		trimmed := strings.TrimLeft(l, " \t>")
		whole := [][2]int{{0, len(l)}}
		switch {
		case fence != "":
			if strings.HasPrefix(trimmed, fence) {
				fence = ""
			}
		case strings.HasPrefix(trimmed, "```"), strings.HasPrefix(trimmed, "~~~"):
			fence = trimmed[:3]
		default:
			whole = inline(l)
		}
		lines = append(lines, line{l, whole})
	}
	return lines
}

// inline gives the places of a line between backticks, as many before as behind.
func inline(l string) (code [][2]int) {
	for at := 0; at < len(l); {
		ticks := backticks(l[at:])
		if ticks == 0 {
			at++
			continue
		}
		if length := closing(l[at+ticks:], ticks); length >= 0 {
			end := at + ticks + length + ticks
			code = append(code, [2]int{at, end})
			at = end
			continue
		}
		at += ticks
	}
	return code
}

// backticks counts those that a text begins with.
func backticks(s string) int { return len(s) - len(strings.TrimLeft(s, "`")) }

// closing gives where a run of exactly so many backticks begins, -1 for nowhere.
func closing(s string, ticks int) int {
	for at := 0; at < len(s); {
		switch run := backticks(s[at:]); run {
		case 0:
			at++
		case ticks:
			return at
		default:
			at += run
		}
	}
	return -1
}

// marksIn finds the numbers in brackets of a line, outside of code and links.
func marksIn(l line) (marks []mark) {
	for _, at := range written.FindAllStringSubmatchIndex(l.text, -1) {
		if linked(l.text[at[1]:]) || l.isCode(at[0]) {
			continue
		}
		m := mark{from: at[0], to: at[1], list: l.text[at[2]:at[3]], leads: leadIn.MatchString(l.text[:at[0]])}
		// Several that begin a line are citations that lost their sentence.
		next, _ := utf8.DecodeRuneInString(strings.TrimLeft(l.text[m.to:], " \t"))
		m.leads = m.leads && !strings.ContainsRune(openers, next)
		marks = append(marks, m)
	}
	return marks
}

func (l line) isCode(at int) bool {
	for _, c := range l.code {
		if at >= c[0] && at < c[1] {
			return true
		}
	}
	return false
}
