package doctor

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tania/internal/config"
)

// unmistakable is the length from which a secret is hidden wherever it stands, in bytes. A shorter one may well be a word of these lines.
const unmistakable = 16

func (x *examination) secrets() []config.Secret {
	c := x.config
	return append([]config.Secret{
		c.Chatwoot.Token, c.Chatwoot.WebhookToken, c.Model.Key, c.Server.AdminToken, c.Redis.URL, c.Redis.Password,
	}, c.Chatwoot.WebhookSecrets...)
}

// safe takes the secrets out of a line, and what could move a terminal's cursor. A secret of few letters is hidden where a value stands:
// token=abc, :abc@host.
func (x *examination) safe(text string) string {
	text = x.hidden.Text(text) // in every form that servers quote
	for _, s := range x.secrets() {
		text = hide(text, s, func(before, after rune) bool {
			return len(s.Reveal()) >= unmistakable || before == '=' && !inWord(after) || before == ':' && after == '@'
		})
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// quoted takes the secrets out of what a server said: there a secret of few letters is hidden where it stands by itself.
func (x *examination) quoted(text string) string {
	for _, s := range x.secrets() {
		text = hide(text, s, func(before, after rune) bool {
			return len(s.Reveal()) >= unmistakable || !inWord(before) && !inWord(after)
		})
	}
	return text
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

// hide replaces a secret where what stands before and after it says that it is one; a space stands at the ends of the text.
func hide(text string, s config.Secret, is func(before, after rune) bool) string {
	value := s.Reveal()
	if value == "" || !strings.Contains(text, value) {
		return text
	}
	var b strings.Builder
	before := ' '
	for text != "" {
		after := ' '
		rest, found := strings.CutPrefix(text, value)
		if found && rest != "" {
			after, _ = utf8.DecodeRuneInString(rest)
		}
		if found && is(before, after) {
			b.WriteString(s.String())
			text, before = rest, '*'
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		b.WriteString(text[:size])
		text, before = text[size:], r
	}
	return b.String()
}
