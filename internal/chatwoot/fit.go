package chatwoot

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/rivo/uniseg"

	"tania/internal/tania"
)

// limits are the lengths that channels take, in UTF-16 units. Chatwoot does not enforce them for bots. Channel::TwilioSms is
// SMS and WhatsApp alike and does not say which: 1600 is the longest that both take.
var limits = map[tania.Channel]int{
	tania.ChannelFacebook: 2000, tania.ChannelInstagram: 1000, tania.ChannelLine: 5000, tania.ChannelSMS: 320,
	tania.ChannelTelegram: 4096, tania.ChannelTikTok: 6000, tania.ChannelWhatsApp: 4096, tania.ChannelTwilio: 1600,
}

// otherLimit is for all other channels.
const otherLimit = 10000

// Fit makes a text fit a channel: Markdown that the channel does not show becomes plain text, Liquid is disarmed, and what is
// too long is split at a paragraph, a line, a sentence, a word, and only then within one. The parts are in order and never empty.
func Fit(channel tania.Channel, text string) []string {
	text = strings.TrimSpace(unwanted.Replace(strings.ToValidUTF8(text, "")))
	if !showsMarkdown(channel) {
		text = plainMarkdown(text, channel)
	}
	limit := limits[channel]
	if limit == 0 {
		limit = otherLimit
	}
	return split(Protect(text), limit)
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

// split cuts a text into parts of at most limit UTF-16 units.
func split(text string, limit int) []string {
	var parts []string
	for text = strings.TrimSpace(text); text != ""; {
		head := prefix(text, limit)
		if len(head) < len(text) {
			head = head[:cut(head, text[len(head):])]
		}
		if part := strings.TrimSpace(head); part != "" {
			parts = append(parts, part)
		}
		text = strings.TrimLeftFunc(text[len(head):], unicode.IsSpace)
	}
	return parts
}

// prefix is the longest beginning of at most limit units that does not break a character as people see it, unless a single
// one is longer than that.
func prefix(text string, limit int) string {
	end, units, state := 0, 0, -1
	for rest := text; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		units += width(cluster)
		if units > limit {
			break
		}
		end += len(cluster)
	}
	if end > 0 || text == "" {
		return text[:end]
	}
	units = 0
	for i, r := range text {
		if units += utf16.RuneLen(r); units > limit && i > 0 {
			return text[:i]
		}
	}
	return text
}

func width(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// cut finds the best end in head, of which rest is what follows. An end in the first third would make parts too small.
func cut(head, rest string) int {
	least := len(head) / 3
	if strings.HasPrefix(rest, "\n\n") {
		return len(head)
	}
	if i := strings.LastIndex(head, "\n\n"); i > least {
		return i
	}
	if i := strings.LastIndex(head, "\n"); i > least {
		return i
	}
	if i := lastSentence(head, rest); i > least {
		return i
	}
	if r := strings.TrimLeftFunc(rest, unicode.IsSpace); len(r) < len(rest) {
		return len(head)
	}
	if i := strings.LastIndexFunc(head, unicode.IsSpace); i > 0 {
		return i
	}
	return len(head)
}

// lastSentence is the end of the last whole sentence in head.
func lastSentence(head, rest string) int {
	best := 0
	for i, r := range head {
		switch r {
		case '.', '!', '?', '…', '。', '！', '？':
			end := i + len(string(r))
			after := head[end:]
			if after == "" {
				after = rest
			}
			if strings.HasPrefix(after, " ") || strings.HasPrefix(after, "\n") {
				best = end
			}
		}
	}
	return best
}
