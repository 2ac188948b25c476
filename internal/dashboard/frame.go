package dashboard

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// page is one page: what the frame needs, and what stands in it.
type page struct {
	// Title is a text's key, Subtitle a text.
	Title, Subtitle string
	// Here is the address of the menu's entry, "" for a page that is none.
	Here string
	// NoMenu leaves the menu out, for those who may not see more.
	NoMenu bool
	// Done is the key of a text that says what was just done, with DoneCount in it.
	Done      string
	DoneCount int
	// Assets are the styles and scripts that this page needs beside those of all pages.
	Assets []string
	// Reload makes the browser ask for the page once more, at once.
	Reload  bool
	Content content

	// The rest is filled in by render.
	Operator string
	SignedIn bool
	Masked   bool
	Dead     int64
	Version  string
}

// content is what a page shows in its frame.
type content interface {
	nodes(t *texts) g.Node
}

// htmxConfig keeps htmx to what the policy allows, and to this server.
const htmxConfig = `{"allowEval":false,"includeIndicatorStyles":false,"selfRequestsOnly":true,"historyCacheSize":0,"defaultFocusScroll":false}`

// document is the whole page.
func (p page) document(t *texts, a assets) g.Node {
	return h.Doctype(h.HTML(
		h.Lang(string(t.lang)),
		p.head(t, a),
		h.Body(
			h.A(h.Class("skip"), h.Href("#main"), t.say("nav.skip")),
			p.header(t, a),
			h.Main(
				h.ID("main"), h.TabIndex("-1"),
				h.H1(t.say(p.Title), g.If(p.Subtitle != "", g.Group{g.Text(" "), h.Span(h.Class("id"), g.Text(p.Subtitle))})),
				g.If(p.Done != "", banner("good", h.Role("status"), testID("done"), t.say(p.Done, p.DoneCount))),
				p.Content.nodes(t),
			),
			h.Footer(g.Text("Tania "+p.Version), g.If(p.Masked, g.Text(" · "+t.text("nav.masked")))),
		),
	))
}

func (p page) head(t *texts, a assets) g.Node {
	title := t.text(p.Title)
	if p.Subtitle != "" {
		title += " " + p.Subtitle
	}
	return h.Head(
		h.Meta(h.Charset("utf-8")),
		meta("viewport", "width=device-width, initial-scale=1"),
		meta("color-scheme", "light dark"),
		meta("htmx-config", htmxConfig),
		h.TitleEl(g.Text(title+" · Tania")),
		h.Link(h.Rel("icon"), h.Href(a.address("icon.svg")), h.Type("image/svg+xml")),
		a.load("dashboard.css"),
		g.If(p.Reload, h.Meta(g.Attr("http-equiv", "refresh"), h.Content("0"))),
		g.Map(p.Assets, a.load),
		g.If(p.Here != "", a.load("dashboard.js")),
	)
}

func meta(name, value string) g.Node { return h.Meta(h.Name(name), h.Content(value)) }

func (p page) header(t *texts, a assets) g.Node {
	return h.Header(
		h.Class("top"),
		h.A(h.Class("brand"), h.Href("/"), h.Img(h.Src(a.address("icon.svg")), h.Alt(""), h.Width("24"), h.Height("24")), g.Text(" Tania")),
		g.If(!p.NoMenu, g.Group{p.menu(t), g.If(p.SignedIn, p.signOut(t))}),
	)
}

func (p page) menu(t *texts) g.Node {
	item := func(address string, name ...g.Node) g.Node {
		return h.Li(h.A(h.Href(address), g.If(p.Here == address, h.Aria("current", "page")), g.Group(name)))
	}
	return h.Nav(h.Aria("label", t.text("nav.label")), h.Ul(
		item("/", t.say("now.title")),
		item("/conversations", t.say("conversations.title")),
		item("/dead", t.say("dead.title"), g.If(p.Dead != 0, g.Group{g.Text(" "), h.Span(h.Class("count"), g.Text(t.number(p.Dead)))})),
		item("/cache", t.say("cache.title")),
		item("/bot", t.say("bot.title")),
		item("/alerts", t.say("alerts.title")),
	))
}

func (p page) signOut(t *texts) g.Node {
	return h.Form(
		h.Class("out"), h.Method("post"), h.Action("/sign-out"),
		g.If(p.Operator != "", h.Span(h.Class("operator"), g.Text(p.Operator))),
		h.Button(h.Class("quiet"), testID("sign-out"), t.say("signin.out")),
	)
}
