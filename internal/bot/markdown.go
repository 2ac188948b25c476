package bot

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// portion is the size from which a section is divided, in characters: what a model can be given several of.
const portion = 1800

// section is the text below one heading, up to the next.
type section struct {
	// path holds the heading and those above it, the outermost first; empty before the first heading.
	path []string
	text string
}

func (s section) heading() string {
	if len(s.path) == 0 {
		return ""
	}
	return s.path[len(s.path)-1]
}

func (s section) title() string { return strings.Join(s.path, " › ") }

// splitMarkdown divides a document at its headings. Front matter and HTML comments are left out, and so are sections
// without text; headings inside code blocks are text.
func splitMarkdown(source []byte) []section {
	source = withoutFrontMatter(unixLines(source))
	var sections []section
	var levels [7]string
	current := section{}
	flush := func(body []byte) {
		if current.text = strings.TrimSpace(string(body)); current.text != "" {
			sections = append(sections, current)
		}
	}
	var body []byte
	from := 0
	for node := goldmark.DefaultParser().Parse(text.NewReader(source)).FirstChild(); node != nil; node = node.NextSibling() {
		switch n := node.(type) {
		case *ast.Heading:
			if n.Lines().Len() == 0 {
				continue
			}
			start, end := headingLines(source, n)
			flush(append(body, source[from:start]...))
			body, from = nil, end
			levels[n.Level] = plain(n, source)
			clear(levels[n.Level+1:])
			current = section{path: nonEmpty(levels[:])}
		case *ast.HTMLBlock:
			if n.HTMLBlockType != ast.HTMLBlockType2 || n.Lines().Len() == 0 {
				continue
			}
			body = append(body, source[from:n.Lines().At(0).Start]...)
			from = n.Lines().At(n.Lines().Len() - 1).Stop
			if n.HasClosure() {
				from = n.ClosureLine.Stop
			}
		}
	}
	flush(append(body, source[from:]...))
	return sections
}

// headingLines gives the bytes a heading takes, with its # or its underline.
func headingLines(source []byte, n *ast.Heading) (start, end int) {
	start = bytes.LastIndexByte(source[:n.Lines().At(0).Start], '\n') + 1
	end = lineEnd(source, n.Lines().At(n.Lines().Len()-1).Start)
	if !bytes.HasPrefix(bytes.TrimLeft(source[start:], " "), []byte("#")) {
		end = lineEnd(source, end)
	}
	return start, end
}

// lineEnd is the first byte of the line after the one at i.
func lineEnd(source []byte, i int) int {
	if n := bytes.IndexByte(source[i:], '\n'); n >= 0 {
		return i + n + 1
	}
	return len(source)
}

// plain is a heading's text without its markup.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Value(source))
			if t.SoftLineBreak() {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}

// unixLines are the lines of a document, whatever system it was written on.
func unixLines(source []byte) []byte {
	return bytes.ReplaceAll(bytes.TrimPrefix(source, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
}

func withoutFrontMatter(source []byte) []byte {
	if matter := frontMatter(source); matter != nil {
		return source[len(frontMark)+len(matter)+len(frontEnd):]
	}
	return source
}

// The marks around front matter.
const frontMark, frontEnd = "---\n", "\n---\n"

// frontMatter is what a document says of itself before its text, nil for nothing.
func frontMatter(source []byte) []byte {
	if rest, ok := bytes.CutPrefix(source, []byte(frontMark)); ok {
		if matter, _, ok := bytes.Cut(rest, []byte(frontEnd)); ok {
			return matter
		}
	}
	return nil
}

func nonEmpty(list []string) []string {
	var kept []string
	for _, s := range list {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

// portions divides a long text between paragraphs, and a paragraph only where it is longer than two portions.
func portions(s string) []string {
	var parts []string
	part := ""
	for paragraph := range strings.SplitSeq(s, "\n\n") {
		for _, piece := range pieces(paragraph) {
			if part != "" && utf8.RuneCountInString(part)+utf8.RuneCountInString(piece) > portion {
				parts = append(parts, strings.TrimSpace(part))
				part = ""
			}
			if part != "" {
				part += "\n\n"
			}
			part += piece
		}
	}
	return append(parts, strings.TrimSpace(part))
}

// pieces divides a paragraph that no model could be given several of: at the end of a line where there is one, else of a sentence, else of
// a word.
func pieces(paragraph string) (all []string) {
	for utf8.RuneCountInString(paragraph) > 2*portion {
		end := 0
		for range portion {
			_, size := utf8.DecodeRuneInString(paragraph[end:])
			end += size
		}
		for _, mark := range []string{"\n", ". ", " "} {
			if at := strings.LastIndex(paragraph[:end], mark); at > end/2 {
				end = at + len(mark)
				break
			}
		}
		all = append(all, strings.TrimRight(paragraph[:end], "\n "))
		paragraph = paragraph[end:]
	}
	return append(all, paragraph)
}
