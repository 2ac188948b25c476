package formats

import (
	"net/url"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	tables "github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of a page: how many of its links are looked at, and of how many elements it may be made.
const (
	mostLinks    = 2000
	mostElements = 50_000
)

// page is the main content of a page, without menus, banners and footers, and what it links to.
func page(f File) (Text, error) {
	source, err := decoded(f.Content)
	if err != nil {
		return Text{}, err
	}
	doc, err := html.Parse(strings.NewReader(source)) // which refuses what is nested too deep
	if err != nil || elements(doc) > mostElements {
		return Text{}, errBroken
	}
	at, err := url.Parse(f.Name)
	if err != nil || at.Host == "" {
		at = &url.URL{Scheme: "file", Path: "/"}
	}
	t := Text{Links: links(doc, at)}
	content := mainContent(doc)
	t.Title = titleOf(doc, content)
	c := converter.NewConverter(converter.WithPlugins(base.NewBasePlugin(), commonmark.NewCommonmarkPlugin(), tables.NewTablePlugin()))
	var from []converter.ConvertOptionFunc
	if at.Host != "" {
		from = append(from, converter.WithDomain(at.String()))
	}
	text, err := c.ConvertNode(content, from...)
	if err != nil {
		return Text{}, errBroken
	}
	t.Markdown = strings.TrimSpace(string(text))
	return t, nil
}

func elements(doc *html.Node) (n int) {
	for d := range doc.Descendants() {
		if d.Type == html.ElementNode {
			n++
		}
	}
	return n
}

// links are the addresses on the web that a page refers to, without their fragments, each once.
func links(doc *html.Node, at *url.URL) (found []string) {
	seen := map[string]bool{}
	for n := range doc.Descendants() {
		if n.DataAtom != atom.A && n.DataAtom != atom.Base || len(found) == mostLinks {
			continue
		}
		for _, a := range n.Attr {
			if a.Key != "href" || a.Namespace != "" {
				continue
			}
			u, err := at.Parse(strings.TrimSpace(a.Val))
			if err != nil || u.Scheme != "http" && u.Scheme != "https" {
				continue
			}
			u.Fragment, u.RawFragment = "", ""
			if n.DataAtom == atom.Base {
				at = u
			} else if address := u.String(); !seen[address] {
				seen[address] = true
				found = append(found, address)
			}
		}
	}
	return found
}
