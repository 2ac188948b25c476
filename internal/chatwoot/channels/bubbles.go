package channels

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tania/internal/lazyregexp"
	"tania/internal/tania"
)

// Count is as how many short messages a reply may come, as bot.yaml has it: true or false, or a number.
type Count int

// Bounds of a Count.
const (
	defaultBubbles = 4
	fewestBubbles  = 2
	mostBubbles    = 8
)

// UnmarshalYAML takes both forms.
func (n *Count) UnmarshalYAML(decode func(any) error) error {
	var on bool
	if decode(&on) != nil {
		return decode((*int)(n))
	}
	if *n = 0; on {
		*n = defaultBubbles
	}
	return nil
}

// Check says what is wrong with a count and what to write, "" for nothing.
func (n Count) Check() (text, fix string) {
	if n == 0 || n >= fewestBubbles && n <= mostBubbles {
		return "", ""
	}
	return fmt.Sprintf("is %d", n), fmt.Sprintf("write true, false, or %d to %d: so many messages at most", fewestBubbles, mostBubbles)
}

// longBubble is the length from which a paragraph is divided between sentences, in characters: some six lines of a phone.
const longBubble = 300

// Codes that are worth a message of their own are of so many characters.
const (
	shortestCode = 4
	longestCode  = 80
)

var (
	// codeSpan is inline code: what is to be copied.
	codeSpan = lazyregexp.New("`([^`\n]+)`")
	// listItem begins a line of a list or of a quotation.
	listItem = lazyregexp.New(`^\s*(?:[-*•>]|\d{1,2}[.)])\s`)
)

// piece is a bubble in the making.
type piece struct {
	text string
	// code is what is to be copied, which stands alone.
	code bool
}

// Bubbles makes a text fit a channel as short messages, as people write them: one for each paragraph, two for a long one, and behind the
// one that names it what is to be copied, which is written as inline code, alone. There are at most so many; what is more comes with the
// last. On channels where each message costs or is a letter, the text stays as Fit makes it, and so does one with fences or tables.
func Bubbles(channel tania.Channel, text string, most int) (parts []string) {
	text = strings.TrimSpace(unwanted.Replace(text))
	whole := channel == tania.ChannelSMS || channel == tania.ChannelTwilio || channel == tania.ChannelEmail
	if whole || strings.Contains(text, "```") || headsAnyTable(text) {
		return Fit(channel, text)
	}
	for _, p := range bounded(pieces(text), most) {
		fitted := Fit(channel, p.text)
		if p.code && !showsMarkdown(channel) && len(fitted) == 1 {
			fitted[0] = strings.Trim(fitted[0], "`") // whoever copies the message copies nothing else
		}
		parts = append(parts, fitted...)
	}
	return parts
}

func headsAnyTable(text string) bool {
	lines := strings.Split(text, "\n")
	for i := range lines {
		if headsTable(lines[i:]) {
			return true
		}
	}
	return false
}

// pieces divides a text at its paragraphs. A list stays with the words that introduce it.
func pieces(text string) (all []piece) {
	for paragraph := range strings.SplitSeq(blankLines.ReplaceAllString(text, "\n\n"), "\n\n") {
		last := len(all) - 1
		introduced := last >= 0 && !all[last].code && (strings.HasSuffix(all[last].text, ":") || listItem.MatchString(paragraph))
		switch {
		case strings.TrimSpace(paragraph) == "":
		case introduced:
			all[last].text += "\n\n" + paragraph
		default:
			for _, part := range sentences(strings.TrimSpace(paragraph)) {
				all = append(all, piece{text: part})
				for _, found := range codeSpan.FindAllStringSubmatch(part, -1) {
					if n := utf8.RuneCountInString(found[1]); n >= shortestCode && n <= longestCode && part != found[0] {
						all = append(all, piece{found[0], true})
					}
				}
			}
		}
	}
	return all
}

// sentences divides a long paragraph where a sentence ends, near its middle.
func sentences(paragraph string) []string {
	if utf8.RuneCountInString(paragraph) <= longBubble || listItem.MatchString(paragraph) || strings.Contains(paragraph, "\n") {
		return []string{paragraph}
	}
	whole := inner(paragraph, len(paragraph))
	middle, best := len(paragraph)/2, 0
	before, _ := utf8.DecodeRuneInString(paragraph)
	for i, next := range paragraph {
		ends := strings.ContainsRune("。！？", before) || unicode.IsSpace(next) && strings.ContainsRune(".!?…", before)
		if i > 0 && ends && !whole[i] && abs(i-middle) < abs(best-middle) {
			best = i
		}
		before = next
	}
	if best == 0 {
		return []string{paragraph}
	}
	return []string{strings.TrimSpace(paragraph[:best]), strings.TrimSpace(paragraph[best:])}
}

// bounded makes as many of the pieces as there may be: the last words come together, and what was to be copied from them stands in them.
func bounded(all []piece, most int) []piece {
	for len(all) > max(most, 1) {
		i := len(all) - 1
		if all[i].code {
			all = slices.Delete(all, i, i+1)
			continue
		}
		if all[i-1].code {
			all = slices.Delete(all, i-1, i)
			continue
		}
		all[i-1].text += "\n\n" + all[i].text
		all = all[:i]
	}
	return all
}

func abs(n int) int { return max(n, -n) }
