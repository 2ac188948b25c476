package pages

import (
	"fmt"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
	"tania/internal/queue"
)

// published lists versions, the newest first, which is the one that answers.
func published(t *texts.Texts, list []queue.BotVersion) g.Node {
	if len(list) == 0 {
		return nil
	}
	rows := make([]g.Node, len(list))
	for i, v := range list {
		rows[i] = h.Tr(
			h.Th(h.Scope("row"), h.A(h.Href(versionPath(v.Number)), g.Text(strconv.Itoa(v.Number)))),
			h.Td(h.Class("time"), element.Moment(v.At)),
			h.Td(g.Text(v.By)),
			h.Td(h.Class("clip"), g.Text(v.Why), g.If(v.Of > 0, g.Text(" ("+t.Text("version.of", v.Of)+")")),
				g.If(i == 0, element.Small(g.Text(" "), t.Say("version.answers")))),
		)
	}
	heads := []string{"version.number", "version.at", "version.by", "version.why"}
	return element.Section("versions-title", t.Text("version.all"), element.Table(t, t.Text("version.all"), heads, g.Group(rows)))
}

func versionPath(number int) string { return fmt.Sprintf("/bot/versions/%d", number) }

// BotVersion is the data of a version's page.
type BotVersion struct {
	queue.BotVersion
	// Current is the number of the version that answers.
	Current int
	// Changed is what it changed of the version before it, Back what going back to it would change; "" where that is nothing.
	Changed, Back string
}

// Nodes implements element.Content.
func (v BotVersion) Nodes(t *texts.Texts) g.Node {
	return g.Group{
		g.If(v.Number == v.Current, element.Banner("good", t.Say("version.is_current"))),
		h.Dl(
			h.Class("facts"),
			element.Entry(t.Text("version.at"), element.Moment(v.At)),
			element.Entry(t.Text("version.by"), g.Text(v.By)),
			element.Given(t.Text("version.why"), v.Why),
			g.If(v.Of > 0, element.Entry(t.Text("version.files"), h.A(h.Href(versionPath(v.Of)), g.Text(t.Text("version.of", v.Of))))),
		),
		element.Section("changed-title", t.Text("version.changed"), difference(t, "version.changed", v.Changed)),
		g.If(v.Number != v.Current, element.Section(
			"back-title", t.Text("version.back", v.Current), difference(t, "version.would", v.Back), v.form(t))),
	}
}

func difference(t *texts.Texts, name, text string) g.Node {
	if text == "" {
		return element.Empty(t.Say("version.same"))
	}
	return element.Verbatim(t.Text(name), text)
}

func (v BotVersion) form(t *texts.Texts) g.Node {
	return element.Post(
		versionPath(v.Number), h.Class("search"),
		h.Label(h.For("why"), t.Say("version.reason")),
		h.Input(h.ID("why"), h.Name("why"), h.MaxLength("200"), element.TestID("why")),
		element.Confirm("confirm", t.Say("version.go"), h.Div(
			h.Class("panel"),
			h.P(t.Say("version.sure", v.Number)),
			h.Button(h.Class("primary"), element.TestID("go-back"), t.Say("version.yes")),
		)),
	)
}
