package pages

import (
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
	"tania/internal/queue"
)

// Parked is the data of the turns that wait for somebody's word.
type Parked struct {
	Turns []queue.ParkedTurn
	// Total may be more than are listed.
	Total int64
	// Chatwoot is its address.
	Chatwoot string
}

// Nodes implements element.Content.
func (v Parked) Nodes(t *texts.Texts) g.Node {
	about := h.P(t.Say("parked.about"))
	if len(v.Turns) == 0 {
		return g.Group{about, element.Empty(element.TestID("no-parked"), t.Say("parked.none"))}
	}
	heads := []string{"conversations.id", "dead.customer", "dead.words", "parked.why", "parked.since", "parked.until"}
	return g.Group{
		about,
		element.Table(t, t.Text("parked.title"), heads, g.Map(v.Turns, func(turn queue.ParkedTurn) g.Node { return v.row(t, turn) })),
		element.ShownOf(t, len(v.Turns), v.Total),
	}
}

func (v Parked) row(t *texts.Texts, turn queue.ParkedTurn) g.Node {
	why := strings.ToValidUTF8(string(turn.Why), "\ufffd")
	if why == "" {
		why = "—"
	}
	return h.Tr(
		element.TestID("parked"),
		h.Th(h.Scope("row"), element.ConversationLink(turn.Key), element.ChatwootLink(t, v.Chatwoot, turn.Key)),
		h.Td(g.Text(customerOf(turn.Messages))),
		h.Td(h.Class("clip"), g.Text(wordsOf(turn.Messages))),
		h.Td(h.Class("clip"), g.Text(why)),
		h.Td(h.Class("time"), element.Moment(turn.Since)),
		h.Td(h.Class("time"), element.Moment(turn.Until)),
	)
}
