package dashboard

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// refusal tells why a page is not shown, by a text's key.
type refusal string

func (r refusal) nodes(t *texts) g.Node {
	return g.Group{banner("bad", t.say(string(r))), h.P(h.A(h.Href("/"), t.say("nav.back")))}
}

// again is a page that asks for itself once more.
type again struct{}

func (again) nodes(t *texts) g.Node { return h.P(h.A(h.Href(""), t.say("again.text"))) }
