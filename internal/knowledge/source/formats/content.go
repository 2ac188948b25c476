package formats

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// frame are the elements around a page's content, which say so themselves, and those that are no text.
var frame = map[atom.Atom]bool{
	atom.Nav: true, atom.Footer: true, atom.Aside: true, atom.Dialog: true, atom.Form: true, atom.Script: true, atom.Style: true,
	atom.Noscript: true, atom.Template: true, atom.Iframe: true, atom.Svg: true, atom.Button: true, atom.Select: true, atom.Img: true,
}

// frameRoles are the same for elements that say it by their role.
var frameRoles = []string{"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alert"}

// mainContent is the part of a page that is written for its readers: what the page calls its main part, else its longest article, else all
// of it; without what is around the content, without what is hidden, and without blocks that are links for the most part.
func mainContent(doc *html.Node) *html.Node {
	strip(doc, isFrame)
	sizes := measure(doc)
	root := sizes.longest(doc, isMain)
	if root == nil {
		root = sizes.longest(doc, func(n *html.Node) bool { return n.DataAtom == atom.Article })
	}
	if root == nil {
		root = doc
		strip(doc, func(n *html.Node) bool { return n.DataAtom == atom.Header })
	}
	strip(root, sizes.isMenu)
	return root
}

// strip takes elements out of a page, with what is in them.
func strip(root *html.Node, unwanted func(*html.Node) bool) {
	for n := root.FirstChild; n != nil; {
		next := following(n, root, false)
		if n.Type == html.ElementNode && unwanted(n) {
			next = following(n, root, true)
			n.Parent.RemoveChild(n)
		}
		n = next
	}
}

// following is the node after one in the order of the page, nil after the last below root.
func following(n, root *html.Node, skip bool) *html.Node {
	if n.FirstChild != nil && !skip {
		return n.FirstChild
	}
	for ; n != nil && n != root; n = n.Parent {
		if n.NextSibling != nil {
			return n.NextSibling
		}
	}
	return nil
}

func isFrame(n *html.Node) bool {
	if frame[n.DataAtom] || slices.Contains(frameRoles, value(n, "role")) || value(n, "aria-hidden") == "true" {
		return true
	}
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "hidden" })
}

func isMain(n *html.Node) bool { return n.DataAtom == atom.Main || value(n, "role") == "main" }

// value is an attribute's, "" where there is none.
func value(n *html.Node, key string) string {
	i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
	if i < 0 {
		return ""
	}
	return strings.ToLower(strings.TrimSpace(n.Attr[i].Val))
}

// size is what is below an element: the bytes of its words, those of them that are within links, and how many links there are.
type size struct{ all, linked, links int }

type sizes map[*html.Node]*size

// measure counts what is below each element. A page is at most 512 elements deep.
func measure(root *html.Node) sizes {
	s := sizes{}
	for n := range root.Descendants() {
		var own size
		switch {
		case n.DataAtom == atom.A:
			own.links = 1
		case n.Type == html.TextNode:
			for word := range strings.FieldsSeq(n.Data) {
				own.all += len(word)
			}
		}
		if own == (size{}) {
			continue
		}
		for up := n.Parent; up != nil; up = up.Parent {
			if up.DataAtom == atom.A {
				own.linked = own.all
			}
			s.add(up, own)
		}
	}
	return s
}

func (s sizes) add(n *html.Node, own size) {
	sum := s[n]
	if sum == nil {
		sum = &size{}
		s[n] = sum
	}
	sum.all += own.all
	sum.linked += own.linked
	sum.links += own.links
}

// longest is the element of a kind that has most text, nil where none has any.
func (s sizes) longest(root *html.Node, kind func(*html.Node) bool) (found *html.Node) {
	most := 0
	for n := range root.Descendants() {
		if sum := s[n]; sum != nil && sum.all > most && n.Type == html.ElementNode && kind(n) {
			found, most = n, sum.all
		}
	}
	return found
}

// A block is a menu where it has some links and nearly all of its letters are in them.
const (
	fewLinks     = 3
	mostlyLinked = 0.8
)

func (s sizes) isMenu(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Ul, atom.Ol, atom.Div, atom.Section:
		sum := s[n]
		return sum != nil && sum.links >= fewLinks && float64(sum.linked) >= mostlyLinked*float64(sum.all)
	}
	return false
}

// titleOf is the one great heading of the content, else what the page is called in a browser.
func titleOf(doc, content *html.Node) string {
	var headings []string
	called := ""
	for n := range content.Descendants() {
		if n.DataAtom == atom.H1 {
			headings = append(headings, textOf(n))
		}
	}
	for n := range doc.Descendants() {
		if n.DataAtom == atom.Title && called == "" {
			called = textOf(n)
		}
	}
	if len(headings) == 1 && headings[0] != "" {
		return headings[0]
	}
	return called
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
