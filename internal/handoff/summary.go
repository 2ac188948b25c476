package handoff

import (
	"strings"
	"unicode"

	"tania/internal/bot"
	"tania/internal/tania"
)

// Bounds of the note's quotations. Beside a summary fewer messages are needed.
const (
	quoted       = 10
	quotedBeside = 4
	quotedChars  = 500
	summaryChars = 1000
)

// note is what agents are told, in their language: why, who, what it is about where that was summed up, and what was said last.
func note(c Case, summary string, bot *bot.Bot) string {
	w := wordsIn(bot.Language)
	var b strings.Builder
	b.WriteString("**" + w.title + "**\n\n")
	line := func(label, text string) {
		if text != "" {
			b.WriteString("- **" + label + ":** " + text + "\n")
		}
	}
	reason := w.reasons[c.Reason]
	if reason == "" {
		reason = string(c.Reason)
	}
	if detail := oneLine(c.Detail); detail != "" {
		reason += " — " + detail
	}
	line(w.reason, reason)
	line(w.contact, contact(c.Contact))
	line(w.language, w.languageName(c.Language))
	if c.Procedure != nil {
		line(w.procedure, oneLine(c.Procedure.Name))
		for _, f := range c.Procedure.Slots {
			b.WriteString("  - " + oneLine(f.Slot) + ": " + oneLine(shownOf(f)) + "\n")
		}
	}
	most := quoted
	if summed := quoteOf(summary, summaryChars); summed != "" {
		most = quotedBeside
		b.WriteString("\n**" + w.summary + "**\n\n" + summed + "\n")
	}
	if unsaid := quoteOf(strings.Join(c.Unsaid, "\n"), summaryChars); unsaid != "" {
		b.WriteString("\n**" + w.unsaid + "**\n\n" + unsaid + "\n")
	}
	if said := lastOfBot(c.History); said != "" {
		b.WriteString("\n**" + w.lastAnswer + "**\n\n" + quote(said) + "\n")
		if named := references(c.Sources, bot); named != "" {
			b.WriteString("\n**" + w.restsOn + ":** " + named + "\n")
		}
	}
	if len(c.History) > 0 {
		b.WriteString("\n**" + w.messages + "**\n")
	}
	for _, e := range c.History[max(0, len(c.History)-most):] {
		if text := quote(e.Text); text != "" {
			b.WriteString("\n" + w.author(e) + ":\n" + text + "\n")
		}
	}
	return strings.TrimSpace(b.String())
}

// shownOf is a slot's value as people read it.
func shownOf(f tania.Filled) string {
	if text, is := f.Value.(string); is && strings.HasPrefix(text, "http") {
		return f.Shown + " " + text
	}
	return f.Shown
}

// references names sources for agents: by their titles, with the links where customers can read them.
func references(sources []string, bot *bot.Bot) string {
	var named []string
	for _, source := range sources {
		r, _ := bot.Reference(source)
		name := oneLine(strings.Join(r.Titles[:min(1, len(r.Titles))], ""))
		if name == "" {
			name = oneLine(source)
		}
		if r.URL != "" {
			name += " (<" + r.URL + ">)"
		}
		named = append(named, name)
	}
	return strings.Join(named, "; ")
}

func contact(c tania.Contact) string {
	var known []string
	for _, s := range []string{c.Name, c.Phone, c.Email} {
		if s = oneLine(s); s != "" {
			known = append(known, s)
		}
	}
	return strings.Join(known, " · ")
}

func lastOfBot(history []tania.Entry) string {
	for i := len(history) - 1; i >= 0; i-- {
		if history[i].From == tania.FromBot {
			return history[i].Text
		}
	}
	return ""
}

// quote gives a text as a Markdown quotation that it cannot break out of, shortened.
func quote(s string) string { return quoteOf(s, quotedChars) }

// quoteOf is a quotation of at most so many characters.
func quoteOf(s string, chars int) string {
	var b strings.Builder
	for line := range strings.FieldsFuncSeq(shorten(s, chars), lineBreak) {
		if line = strings.TrimSpace(plain(line)); line != "" {
			b.WriteString("> " + line + "  \n")
		}
	}
	return strings.TrimRight(b.String(), " \n")
}

func oneLine(s string) string {
	return plain(strings.Join(strings.Fields(shorten(s, quotedChars)), " "))
}

func lineBreak(r rune) bool {
	return strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r)
}

// plain keeps Markdown from seeing links, pictures, code, emphasis and HTML in a text of somebody else's, and
// removes what would turn the reading direction.
func plain(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case strings.ContainsRune("\\`*[]<>|~#", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\t':
			b.WriteByte(' ')
		case unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069':
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func shorten(s string, chars int) string {
	s = strings.TrimSpace(strings.ToValidUTF8(s, ""))
	if r := []rune(s); len(r) > chars {
		return strings.TrimSpace(string(r[:chars])) + "…"
	}
	return s
}
