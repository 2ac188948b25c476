// Package channels makes a text fit the channel that it goes out on: how long a message may be, in the platform's own unit, and which
// markup it shows (docs/channels.md has each limit with its source).
package channels

import (
	"strings"

	"tania/internal/tania"
)

// Fit makes a text fit a channel: Markdown that the channel does not show becomes plain text, Liquid is disarmed, and what is
// too long is split at a paragraph, a line, a sentence, a word, and only then within one; never within a character as people
// see it, a link or a number, unless that alone is longer than the channel takes. The parts are in order and never empty.
func Fit(channel tania.Channel, text string) []string {
	text = strings.TrimSpace(unwanted.Replace(strings.ToValidUTF8(text, "")))
	if !showsMarkdown(channel) {
		text = plainMarkdown(text, channel)
	}
	return split(Protect(text), limitsOf(channel))
}

// unwanted is what no message may hold: PostgreSQL refuses NUL.
var unwanted = strings.NewReplacer("\r\n", "\n", "\x00", "")

// showsMarkdown reports whether a channel shows fences, tables, headings and links.
func showsMarkdown(channel tania.Channel) bool {
	return channel == tania.ChannelWebWidget || channel == tania.ChannelAPI || channel == tania.ChannelEmail || channel == ""
}

// wordJoiner is invisible and takes no space.
const wordJoiner = "\u2060"

// Protect keeps Chatwoot's Liquid from running on a text: it evaluates {{…}} and {%…%} in outgoing messages and notes, and
// what it does not know vanishes. A word joiner between the brackets is read by nobody.
func Protect(text string) string {
	if !strings.Contains(text, "{{") && !strings.Contains(text, "{%") {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		if i > 0 && text[i-1] == '{' && (r == '{' || r == '%') {
			b.WriteString(wordJoiner)
		}
		b.WriteRune(r)
	}
	return b.String()
}
