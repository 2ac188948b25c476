// Package markup writes the simple HTML that models answer with as Markdown.
package markup

import (
	"html"
	"slices"
	"strconv"
	"strings"

	"tania/internal/lazyregexp"
)

// What HTML elements become in Markdown.
var (
	blocks = []string{
		"p", "div", "section", "article", "header", "footer", "main", "table", "thead", "tbody", "tfoot", "tr", "blockquote", "pre", "figure",
		"details", "summary", "dl", "dt",
		"dd", "form", "center", "nav", "aside", "caption",
	}
	inlines = map[string]string{
		"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~", "code": "`",
		"kbd": "`", "tt": "`",
	}
	silent = []string{
		"span", "font", "u", "small", "big", "sub", "sup", "mark", "label", "abbr", "ins", "q", "cite", "time", "wbr", "html", "body", "col",
		"colgroup", "picture", "button",
		"input", "samp", "var", "address", "figcaption", "nobr", "bdi", "bdo",
	}
	hidden   = []string{"script", "style", "head", "title", "template", "iframe", "svg", "noscript", "object"}
	headings = []string{"h1", "h2", "h3", "h4", "h5", "h6"}
	others   = []string{"br", "hr", "li", "ul", "ol", "td", "th", "a", "img"}
)

// IsElement reports whether HTML has an element of this name, in any case.
func IsElement(name string) bool {
	name = strings.ToLower(name)
	if _, inline := inlines[name]; inline {
		return true
	}
	return slices.ContainsFunc([][]string{blocks, silent, hidden, headings, others},
		func(names []string) bool { return slices.Contains(names, name) })
}

var (
	element = lazyregexp.New(`(?i)<(/?)([a-z][a-z0-9]*)((?:\s+[a-z][\w:-]*\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*)\s*(/?)>|<!doctype[^<>]*>`)
	entity  = lazyregexp.New(`&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});`)
	href    = lazyregexp.New(`(?i)\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))`)
	alt     = lazyregexp.New(`(?i)\balt\s*=\s*(?:"([^"]*)"|'([^']*)')`)
	address = lazyregexp.New(`(?i)^(?:https?://|mailto:|tel:)\S+$`)
	gaps    = lazyregexp.New(`[ \t]*\n(?:[ \t]*\n){2,}`)
)

// Markdown gives a text, in which there is no code, with its HTML elements and entities as Markdown. What only looks like a tag stays as it
// is.
func Markdown(text string) string {
	if !strings.ContainsAny(text, "<&") {
		return text
	}
	w := writer{text: text}
	found := element.FindAllStringSubmatchIndex(text, -1)
	for _, at := range found {
		w.element(at)
	}
	w.write(text[w.end:])
	for range w.links {
		w.link(true, "")
	}
	out := w.b.String()
	if len(found) > 0 {
		out = gaps.ReplaceAllString(out, "\n\n")
	}
	return out
}

// writer writes Markdown for HTML.
type writer struct {
	text string
	end  int
	b    strings.Builder
	// skipping is the element whose content is not shown.
	skipping string
	// numbers are those of the lists that are open, 0 for one with bullets; links are where the open ones lead.
	numbers []int
	links   []string
}

// write adds text, with its entities as characters.
func (w *writer) write(text string) {
	if w.skipping != "" {
		return
	}
	w.b.WriteString(characters(text))
}

// characters gives the characters of entities, of those that end in a semicolon: an address may have "&copy=" in it.
func characters(text string) string {
	return entity.ReplaceAllStringFunc(text, func(s string) string {
		return strings.ReplaceAll(html.UnescapeString(s), "\u00a0", " ")
	})
}

func (w *writer) newLine(lines int) {
	if w.skipping != "" {
		return
	}
	s := w.b.String()
	have := len(s) - len(strings.TrimRight(s, "\n"))
	if s != "" && have < lines {
		w.b.WriteString(strings.Repeat("\n", lines-have))
	}
}

// element writes one tag, given as element's submatches.
func (w *writer) element(at []int) {
	if at[2] < 0 { // a document's type
		w.write(w.text[w.end:at[0]])
		w.end = at[1]
		return
	}
	closing, name, attrs := at[3] > at[2], strings.ToLower(w.text[at[4]:at[5]]), w.text[at[6]:at[7]]
	if !IsElement(name) || len(name) == 1 && name != "p" && !w.hasPartner(name, closing, at) {
		return
	}
	w.write(w.text[w.end:at[0]])
	w.end = at[1]
	switch {
	case w.skipping != "":
		if closing && name == w.skipping {
			w.skipping = ""
		}
	case slices.Contains(hidden, name):
		if !closing && strings.Contains(strings.ToLower(w.text[at[1]:]), "</"+name) {
			w.skipping = name
		}
	case inlines[name] != "":
		w.b.WriteString(inlines[name])
	case slices.Contains(headings, name):
		w.newLine(2)
		if !closing {
			w.b.WriteString("### ")
		}
	case slices.Contains(blocks, name):
		w.block(name, closing)
	default:
		w.other(name, closing, attrs)
	}
}

// hasPartner keeps "a <b> c", where a letter between brackets is no tag.
func (w *writer) hasPartner(name string, closing bool, at []int) bool {
	if closing {
		return strings.Contains(strings.ToLower(w.text[:at[0]]), "<"+name)
	}
	return at[6] != at[7] || strings.Contains(strings.ToLower(w.text[at[1]:]), "</"+name)
}

func (w *writer) block(name string, closing bool) {
	lines := 1
	if name == "p" || name == "blockquote" || name == "table" || name == "pre" {
		lines = 2
	}
	if name == "tr" && closing {
		return
	}
	w.newLine(lines)
}

// other writes the elements that are of a kind of their own.
func (w *writer) other(name string, closing bool, attrs string) {
	switch name {
	case "br":
		w.b.WriteByte('\n')
	case "hr":
		w.newLine(2)
	case "ul", "ol":
		w.newLine(1)
		switch {
		case !closing && name == "ol":
			w.numbers = append(w.numbers, 1)
		case !closing:
			w.numbers = append(w.numbers, 0)
		case len(w.numbers) > 0:
			w.numbers = w.numbers[:len(w.numbers)-1]
		}
	case "li":
		w.newLine(1)
		if !closing {
			w.b.WriteString(w.bullet())
		}
	case "td", "th":
		if s := w.b.String(); !closing && s != "" && !strings.HasSuffix(s, "\n") {
			w.b.WriteString(" · ")
		}
	case "a":
		w.link(closing, attrs)
	case "img":
		if m := alt.FindStringSubmatch(attrs); m != nil {
			w.write(m[1] + m[2])
		}
	}
}

func (w *writer) bullet() string {
	n := len(w.numbers)
	if n == 0 || w.numbers[n-1] == 0 {
		return "- "
	}
	w.numbers[n-1]++
	return strconv.Itoa(w.numbers[n-1]-1) + ". "
}

// link writes [label](address) where there is an address that a customer can follow, else the label.
func (w *writer) link(closing bool, attrs string) {
	if !closing {
		target := ""
		if m := href.FindStringSubmatch(attrs); m != nil {
			target = characters(strings.TrimSpace(m[1] + m[2] + m[3]))
		}
		if !address.MatchString(target) || strings.ContainsAny(target, "()") {
			target = ""
		}
		w.links = append(w.links, target)
		if target != "" {
			w.b.WriteByte('[')
		}
		return
	}
	if n := len(w.links); n > 0 {
		if target := w.links[n-1]; target != "" {
			w.b.WriteString("](" + target + ")")
		}
		w.links = w.links[:n-1]
	}
}
