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
	// Scripts are those that this page needs beside the one of all pages. Later are scripts and styles that come when it has
	// been painted.
	Scripts, Later []string
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
			p.header(t),
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
		h.Link(h.Rel("stylesheet"), h.Href(a.address("dashboard.css"))),
		g.If(p.Reload, h.Meta(g.Attr("http-equiv", "refresh"), h.Content("0"))),
		g.Map(p.Scripts, func(name string) g.Node { return h.Script(h.Defer(), h.Src(a.address(name))) }),
		g.If(p.Here != "", h.Script(h.Defer(), h.Src(a.address("dashboard.js")), h.Data("later", a.addresses(p.Later)))),
	)
}

func meta(name, value string) g.Node { return h.Meta(h.Name(name), h.Content(value)) }

func (p page) header(t *texts) g.Node {
	return h.Header(
		h.Class("top"),
		h.A(h.Class("brand"), h.Href("/"), mark(), g.Text(" Tania")),
		g.If(!p.NoMenu, g.Group{p.menu(t), g.If(p.SignedIn, p.signOut(t))}),
	)
}

// mark is icon.svg in the page itself: an image of its own would hold up the first view.
func mark() g.Node {
	return h.SVG(
		g.Attr("viewBox", "0 0 32 32"), h.Width("24"), h.Height("24"), h.Aria("hidden", "true"),
		g.El("rect", h.Width("32"), h.Height("32"), g.Attr("rx", "8"), g.Attr("fill", "#0f766e")),
		g.El("path", g.Attr("d", "M7 9h18v4.2h-6.8V25h-4.4V13.2H7z"), g.Attr("fill", "#fff")),
		g.El("circle", g.Attr("cx", "24"), g.Attr("cy", "22.5"), g.Attr("r", "3"), g.Attr("fill", "#fbbf24")),
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
