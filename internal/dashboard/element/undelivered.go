package element

import (
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/texts"
	"tania/internal/tania"
)

// Undelivered says what channels did not deliver and why; nothing where all was.
func Undelivered(t *texts.Texts, counts []tania.UndeliveredCount) g.Node {
	if len(counts) == 0 {
		return nil
	}
	heads := []string{"undelivered.channel", "undelivered.cause", "undelivered.count"}
	rows := g.Map(counts, func(c tania.UndeliveredCount) g.Node {
		return h.Tr(
			h.Th(h.Scope("row"), g.Text(strings.TrimPrefix(string(c.Channel), "Channel::"))),
			h.Td(g.Text(t.Term("undelivered_cause", string(c.Cause)))), h.Td(h.Class("num"), g.Text(t.Number(c.Count))),
		)
	})
	title := t.Text("undelivered.title")
	return g.Group{h.H2(TestID("undelivered"), g.Text(title)), Table(t, title, heads, rows)}
}

// NotDelivered is a message of the bot's that was not delivered: why, in the network's words, and what the customer did not read.
func NotDelivered(t *texts.Texts, u *tania.Undelivered) g.Node {
	if u == nil {
		return nil
	}
	return g.Group{
		Entry(t.Text("undelivered.cause"), g.Text(t.Term("undelivered_cause", u.Cause)), g.Text(" "), h.Code(g.Text(u.Error))),
		Entry(t.Text("undelivered.unread"), h.Class("text"), g.Text(u.Text)),
	}
}
