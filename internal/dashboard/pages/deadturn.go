package pages

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
	"tania/internal/queue"
)

// DeadTurn is one dead letter's data.
type DeadTurn struct {
	queue.DeadTurn
	// Payload is the turn's messages as they are stored, Planned what it was about to send.
	Payload, Planned string
	// Chatwoot is its address.
	Chatwoot string
}

// Nodes implements element.Content.
func (v DeadTurn) Nodes(t *texts.Texts) g.Node {
	return g.Group{
		element.Post(
			"/dead", h.Class("tools"),
			h.Input(h.Type("hidden"), h.Name("turn"), h.Value(string(v.ID))),
			retry(t.Text("dead.retry_one")),
			discard(t, t.Text("dead.discard_one")),
		),
		h.Dl(
			h.Class("facts"),
			element.Entry(t.Text("conversations.id"), element.ConversationLink(v.Key), element.ChatwootLink(t, v.Chatwoot, v.Key)),
			element.Entry(t.Text("dead.customer"), g.Text(customerOf(v.Messages))),
			element.Entry(t.Text("dead.words"), h.Class("text"), g.Text(wordsOf(v.Messages))),
			element.Entry(t.Text("dead.died"), element.Moment(v.Died)),
			v.decision(t),
		),
		h.H2(t.Say("dead.reason")), element.Banner("bad", t.Say(causeOf(v.Error))),
		element.Fold(t.Text("dead.technical"), element.Verbatim(t.Text("dead.technical"), v.Error)),
		h.H2(t.Say("dead.history")), v.failures(t),
		h.H2(t.Say("dead.payload")), element.Verbatim(t.Text("dead.payload"), v.Payload),
		g.If(v.Planned != "", g.Group{h.H2(t.Say("dead.planned")), element.Verbatim(t.Text("dead.planned"), v.Planned)}),
	}
}

// decision is who decided on a turn that was parked, and when.
func (v DeadTurn) decision(t *texts.Texts) g.Node {
	if v.Parked == nil || v.Parked.Decided.IsZero() {
		return nil
	}
	return element.Entry(t.Text("dead.decided"), g.Text(v.Parked.By+" "), element.Moment(v.Parked.Decided))
}

func (v DeadTurn) failures(t *texts.Texts) g.Node {
	if len(v.History) == 0 {
		return element.Empty(g.Text("—"))
	}
	heads := []string{"decision.attempt", "conversations.when", "decision.error"}
	return element.Table(t, t.Text("dead.history"), heads, g.Map(v.History, func(f queue.Failure) g.Node {
		return h.Tr(
			h.Th(h.Scope("row"), g.Text(strconv.Itoa(f.Attempt))),
			h.Td(h.Class("time"), element.Moment(f.At)),
			h.Td(h.Class("mono wrap"), g.Text(f.Error)),
		)
	}))
}
