package pages

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
)

// Refusal tells why a page is not shown, by a text's key.
type Refusal string

// Nodes implements element.Content.
func (r Refusal) Nodes(t *texts.Texts) g.Node {
	return g.Group{element.Banner("bad", t.Say(string(r))), h.P(h.A(h.Href("/"), t.Say("nav.back")))}
}

// Again is a page that asks for itself once more.
type Again struct{}

// Nodes implements element.Content.
func (Again) Nodes(t *texts.Texts) g.Node { return h.P(h.A(h.Href(""), t.Say("again.text"))) }
