package known

import (
	"strconv"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
)

// Source is how one is of those that bot.yaml names.
type Source struct {
	Address             string
	Read, Next          time.Time
	Documents, Passages int
	// Error is why it could not be read, empty where it was.
	Error string
}

// Sources lists them, nothing where there are none.
func Sources(t *texts.Texts, list []Source) g.Node {
	if len(list) == 0 {
		return nil
	}
	rows := make([]g.Node, len(list))
	for i, s := range list {
		state := t.Say("source.well")
		switch {
		case s.Error != "":
			state = g.Group{t.Say("source.failed"), element.Small(g.Text(" " + s.Error))}
		case s.Read.IsZero():
			state = t.Say("source.unread")
		}
		rows[i] = h.Tr(
			element.TestID("source"),
			h.Th(h.Scope("row"), h.Class("clip"), g.Text(s.Address)),
			h.Td(state),
			h.Td(h.Class("time"), element.Moment(s.Read)),
			h.Td(h.Class("time"), element.Moment(s.Next)),
			h.Td(g.Text(strconv.Itoa(s.Documents))),
			h.Td(g.Text(strconv.Itoa(s.Passages))),
		)
	}
	heads := []string{"source.address", "source.state", "source.read", "source.next", "source.documents", "source.passages"}
	return element.Section("sources-title", t.Text("source.all"), element.Table(t, t.Text("source.all"), heads, g.Group(rows)))
}
