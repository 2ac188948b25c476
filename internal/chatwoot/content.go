package chatwoot

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tania/internal/lazyregexp"
	"tania/internal/tania"
)

// plainContent gives a message's text without markup and, for e-mail, without signature and quoted history.
func plainContent(w *wireMessage, channel tania.Channel) string {
	s := string(w.Content)
	switch mail := w.Attributes.Email; {
	case mail != nil:
		return emailText(mail, string(w.Processed), s)
	case channel == tania.ChannelEmail && strings.Contains(s, "</"):
		return htmlText(s, fromMail)
	case !w.raw && rendered(s):
		return htmlText(s, fromChat)
	}
	return strings.TrimSpace(s)
}

var (
	firstBlock = lazyregexp.New(`^\s*<(?:p|ul|ol|h[1-6]|blockquote|pre|table|hr)(?:\s[^<>]*)?/?>`)
	lastBlock  = lazyregexp.New(`(?:</(?:p|ul|ol|h[1-6]|blockquote|pre|table)>|<hr\s*/?>)\s*$`)
)

// rendered recognises the HTML that Chatwoot 4.4.0 to 4.12.0 made of every text: blocks from end to end. A customer's
// own "a < b" or "<3" is not that.
func rendered(s string) bool {
	return strings.Contains(s, "<") && firstBlock.MatchString(s) && lastBlock.MatchString(s)
}

// emailText prefers what Chatwoot found to be the new part of a mail ("quoted", despite its name, which is also
// messages[0].processed_message_content), then the whole text, then the HTML.
func emailText(mail *wireEmail, processed, content string) string {
	for _, s := range []string{string(mail.Text.Quoted), string(mail.HTML.Quoted), processed} {
		if s = strings.TrimSpace(s); s != "" {
			return s
		}
	}
	for _, s := range []string{string(mail.Text.Reply), content, string(mail.HTML.Full), string(mail.Subject)} {
		if strings.Contains(s, "</") {
			s = htmlText(s, fromMail)
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

// In mails a blockquote is the history and a line break is the source's; in chats both are the customer's.
const (
	fromMail = true
	fromChat = false
)

// htmlText gives the readable text of HTML: blocks on lines of their own, no styles or scripts.
func htmlText(s string, mail bool) string {
	var b strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(s))
	hidden := 0
	for {
		kind := tokens.Next()
		switch kind {
		case html.ErrorToken:
			return tidyLines(b.String())
		case html.TextToken:
			if hidden == 0 {
				b.WriteString(textOf(tokens.Token().Data, mail, atLineStart(&b)))
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			tag := tokens.Token().DataAtom
			switch {
			case tag == atom.Body:
				// A head without its end tag ends here.
				hidden = 0
			case hides(tag, mail) && kind == html.StartTagToken:
				hidden++
			case hides(tag, mail) && kind == html.EndTagToken:
				hidden = max(hidden-1, 0)
			}
			if tag == atom.Br || breaks(tag) && !atLineStart(&b) {
				b.WriteByte('\n')
			}
			if kind == html.EndTagToken && endsParagraph(tag) {
				b.WriteByte('\n')
			}
		}
	}
}

func atLineStart(b *strings.Builder) bool { return b.Len() == 0 || b.String()[b.Len()-1] == '\n' }

// textOf is what a text node shows.
func textOf(s string, mail, lineStart bool) string {
	s = strings.ReplaceAll(s, "\u00a0", " ")
	if mail {
		s = sourceBreak.ReplaceAllString(s, " ")
	}
	if lineStart {
		s = strings.TrimLeft(s, " \t\r\n")
	}
	return s
}

var sourceBreak = lazyregexp.New(`[ \t]*\r?\n[ \t]*`)

func hides(a atom.Atom, mail bool) bool {
	switch a {
	case atom.Style, atom.Script, atom.Head, atom.Title:
		return true
	case atom.Blockquote:
		return mail
	}
	return false
}

func breaks(a atom.Atom) bool {
	switch a {
	case atom.Div, atom.Li, atom.Tr, atom.Hr:
		return true
	}
	return endsParagraph(a)
}

func endsParagraph(a atom.Atom) bool {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Table, atom.Blockquote, atom.Pre:
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
