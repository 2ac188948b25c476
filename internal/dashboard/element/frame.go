// Package element is what every page of the dashboard is made of: the frame with its menu, and tables, tiles, banners, forms, links. It
// knows how things look, and of nothing why they are shown.
package element

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/assets"
	"tania/internal/dashboard/texts"
	"tania/internal/tania"
)

// Page is one page: what the frame needs, and what stands in it.
type Page struct {
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
	Content Content

	// The rest is filled in by render.
	Operator string
	SignedIn bool
	// User reports whether the operator is a user, with a password of their own; Role is what they may do.
	User   bool
	Role   tania.Role
	Masked bool
	Dead   int64
	// Parked counts turns that wait for somebody's word; where there are none the menu does not name them.
	Parked  int64
	Version string
}

// Content is what a page shows in its frame.
type Content interface {
	Nodes(t *texts.Texts) g.Node
}

// htmxConfig keeps htmx to what the policy allows, and to this server.
const htmxConfig = `{"allowEval":false,"includeIndicatorStyles":false,"selfRequestsOnly":true,"historyCacheSize":0,"defaultFocusScroll":false}`

// Document is the whole page.
func (p Page) Document(t *texts.Texts, a assets.Assets) g.Node {
	return h.Doctype(h.HTML(
		h.Lang(string(t.Lang)),
		p.head(t, a),
		h.Body(
			h.Data("role", string(p.Role)),
			h.A(h.Class("skip"), h.Href("#main"), t.Say("nav.skip")),
			p.header(t),
			h.Main(
				h.ID("main"), h.TabIndex("-1"),
				h.H1(t.Say(p.Title), g.If(p.Subtitle != "", g.Group{g.Text(" "), h.Span(h.Class("id"), g.Text(p.Subtitle))})),
				g.If(p.Done != "", Banner("good", h.Role("status"), TestID("done"), t.Say(p.Done, p.DoneCount))),
				p.Content.Nodes(t),
			),
			h.Footer(g.Text("Tania "+p.Version), g.If(p.Masked, g.Text(" · "+t.Text("nav.masked")))),
		),
	))
}

func (p Page) head(t *texts.Texts, a assets.Assets) g.Node {
	title := t.Text(p.Title)
	if p.Subtitle != "" {
		title += " " + p.Subtitle
	}
	return h.Head(
		h.Meta(h.Charset("utf-8")),
		meta("viewport", "width=device-width, initial-scale=1"),
		meta("color-scheme", "light dark"),
		meta("htmx-config", htmxConfig),
		h.TitleEl(g.Text(title+" · Tania")),
		h.Link(h.Rel("icon"), h.Href(a.Address("icon.svg")), h.Type("image/svg+xml")),
		h.Link(h.Rel("stylesheet"), h.Href(a.Address("dashboard.css"))),
		g.If(p.Reload, h.Meta(g.Attr("http-equiv", "refresh"), h.Content("0"))),
		g.Map(p.Scripts, func(name string) g.Node { return h.Script(h.Defer(), h.Src(a.Address(name))) }),
		g.If(p.Here != "", h.Script(h.Defer(), h.Src(a.Address("dashboard.js")), h.Data("later", a.Addresses(p.Later)))),
	)
}

func meta(name, value string) g.Node { return h.Meta(h.Name(name), h.Content(value)) }

func (p Page) header(t *texts.Texts) g.Node {
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

func (p Page) menu(t *texts.Texts) g.Node {
	item := func(address string, name ...g.Node) g.Node {
		return h.Li(h.A(h.Href(address), g.If(p.Here == address, h.Aria("current", "page")), g.Group(name)))
	}
	return h.Nav(h.Aria("label", t.Text("nav.label")), h.Ul(
		item("/", t.Say("now.title")),
		item("/conversations", t.Say("conversations.title")),
		item("/questions", t.Say("questions.title")),
		item("/knowledge", t.Say("knowledge.title")),
		item("/dead", t.Say("dead.title"), count(t, p.Dead)),
		g.If(p.Parked != 0 || p.Here == "/parked", item("/parked", t.Say("parked.title"), count(t, p.Parked))),
		item("/cache", t.Say("cache.title")),
		item("/bot", t.Say("bot.title")),
		item("/alerts", t.Say("alerts.title")),
		g.If(p.Role.May(tania.Operator), item("/users", t.Say("users.title"))),
		g.If(p.Role.May(tania.Operator), item("/audit", t.Say("audit.title"))),
	))
}

// count is how many there are of what a menu's entry names, where there are any.
func count(t *texts.Texts, n int64) g.Node {
	return g.If(n != 0, g.Group{g.Text(" "), h.Span(h.Class("count"), g.Text(t.Number(n)))})
}

func (p Page) signOut(t *texts.Texts) g.Node {
	return h.Form(
		h.Class("out"), h.Method("post"), h.Action("/sign-out"),
		g.If(p.Operator != "" && !p.User, h.Span(h.Class("operator"), g.Text(p.Operator))),
		g.If(p.User, h.A(h.Class("operator"), h.Href("/password"), h.Aria("label", t.Text("password.of", p.Operator)), g.Text(p.Operator))),
		h.Button(h.Class("quiet"), TestID("sign-out"), t.Say("signin.out")),
	)
}
