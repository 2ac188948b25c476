package chatwoot

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tania/internal/tania"
)

// plainContent gives a message's text without markup and, for e-mail, without signature and quoted history.
func plainContent(w *wireMessage, channel tania.Channel) string {
	if mail := w.Attributes.Email; mail != nil {
		return emailText(mail, string(w.Content))
	}
	s := string(w.Content)
	if rendered(s) || channel == tania.ChannelEmail && strings.Contains(s, "</") {
		s = htmlText(s)
	}
	return strings.TrimSpace(s)
}

// rendered recognises the HTML that Chatwoot 4.4.0 to 4.12.0 made of every text: paragraphs from end to end. A customer's
// own "a < b" or "<3" is not that.
func rendered(s string) bool {
	s = strings.TrimSpace(s)
	return (strings.HasPrefix(s, "<p>") || strings.HasPrefix(s, "<p ")) && strings.HasSuffix(s, ">") && strings.Contains(s, "</p>")
}

// emailText prefers what Chatwoot found to be the new part of a mail ("quoted", despite its name), then the whole text,
// then the HTML.
func emailText(mail *wireEmail, content string) string {
	for _, s := range []string{string(mail.Text.Quoted), string(mail.HTML.Quoted)} {
		if strings.TrimSpace(s) != "" {
			return strings.TrimSpace(s)
		}
	}
	for _, s := range []string{string(mail.Text.Reply), content, string(mail.HTML.Full), string(mail.Subject)} {
		if strings.Contains(s, "</") {
			s = htmlText(s)
		}
		if s = cutQuoted(s); s != "" {
			return s
		}
	}
	return ""
}

// cutQuoted drops the tail of quoted lines and the signature below "-- ".
func cutQuoted(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if strings.TrimRight(line, " \r") == "--" {
			lines = lines[:i]
			break
		}
	}
	for len(lines) > 0 {
		last := strings.TrimSpace(lines[len(lines)-1])
		if last != "" && !strings.HasPrefix(last, ">") {
			break
		}
		lines = lines[:len(lines)-1]
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// htmlText gives the readable text of HTML: blocks on lines of their own, no styles, scripts or quoted mails.
func htmlText(s string) string {
	var b strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(s))
	hidden := 0
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return tidyLines(b.String())
		case html.TextToken:
			if hidden == 0 {
				b.WriteString(strings.ReplaceAll(string(tokens.Text()), "\u00a0", " "))
			}
		case html.StartTagToken:
			t := tokens.Token()
			if hides(t.DataAtom) {
				hidden++
			}
			if breaks(t.DataAtom) {
				b.WriteByte('\n')
			}
		case html.EndTagToken:
			t := tokens.Token()
			if hides(t.DataAtom) && hidden > 0 {
				hidden--
			}
			if breaks(t.DataAtom) {
				b.WriteByte('\n')
			}
		case html.SelfClosingTagToken:
			if breaks(tokens.Token().DataAtom) {
				b.WriteByte('\n')
			}
		}
	}
}

func hides(a atom.Atom) bool {
	switch a {
	case atom.Style, atom.Script, atom.Head, atom.Title, atom.Blockquote:
		return true
	}
	return false
}

func breaks(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Br, atom.Div, atom.Li, atom.Tr, atom.H1, atom.H2, atom.H3, atom.H4, atom.Ul, atom.Ol, atom.Table:
		return true
	}
	return false
}

// tidyLines trims lines and leaves at most one empty one between two.
func tidyLines(s string) string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimSpace(line)
		if line == "" && (len(lines) == 0 || lines[len(lines)-1] == "") {
			continue
		}
		lines = append(lines, line)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
