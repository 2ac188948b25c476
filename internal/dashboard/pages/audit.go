package pages

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/audit"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
)

// Audit is the data of the page of who did what.
type Audit struct{ Entries []audit.Entry }

// Nodes implements element.Content.
func (v Audit) Nodes(t *texts.Texts) g.Node {
	about := h.P(t.Say("audit.about"))
	if len(v.Entries) == 0 {
		return g.Group{about, element.Empty(element.TestID("no-audit"), t.Say("audit.none"))}
	}
	heads := []string{"audit.at", "audit.who", "audit.from", "audit.action", "audit.on", "audit.outcome"}
	return g.Group{about, element.Table(t, t.Text("audit.title"), heads, g.Map(v.Entries, func(e audit.Entry) g.Node {
		return h.Tr(
			h.Th(h.Scope("row"), h.Class("time"), element.Moment(e.At)),
			h.Td(g.Text(t.Term("actor", e.As)), g.If(e.By != "", g.Text(" ")), g.El("bdi", g.Text(e.By))),
			h.Td(g.Text(e.From)),
			h.Td(g.Text(t.Term("action", e.Action))),
			h.Td(g.El("bdi", g.Text(e.On))),
			h.Td(g.Text(t.Term("audited", e.Outcome))),
		)
	}))}
}
