package dashboard

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/queue"
)

func (v deadTurnView) nodes(t *texts) g.Node {
	return g.Group{
		post(
			"/dead", h.Class("tools"),
			h.Input(h.Type("hidden"), h.Name("turn"), h.Value(string(v.ID))),
			retry(t.text("dead.retry_one")),
			discard(t, t.text("dead.discard_one")),
		),
		h.Dl(
			h.Class("facts"),
			entry(t.text("conversations.id"), conversationLink(v.Key), chatwootLink(t, v.Chatwoot, v.Key)),
			entry(t.text("dead.customer"), g.Text(customerOf(v.DeadTurn))),
			entry(t.text("dead.words"), h.Class("text"), g.Text(wordsOf(v.DeadTurn))),
			entry(t.text("dead.died"), moment(v.Died)),
			v.decision(t),
		),
		h.H2(t.say("dead.reason")), banner("bad", t.say(causeOf(v.Error))), fold(t.text("dead.technical"), verbatim(t.text("dead.technical"), v.Error)),
		h.H2(t.say("dead.history")), v.failures(t),
		h.H2(t.say("dead.payload")), verbatim(t.text("dead.payload"), v.Payload),
		g.If(v.Planned != "", g.Group{h.H2(t.say("dead.planned")), verbatim(t.text("dead.planned"), v.Planned)}),
	}
}

// decision is who decided on a turn that was parked, and when.
func (v deadTurnView) decision(t *texts) g.Node {
	if v.Parked == nil || v.Parked.Decided.IsZero() {
		return nil
	}
	return entry(t.text("dead.decided"), g.Text(v.Parked.By+" "), moment(v.Parked.Decided))
}

func (v deadTurnView) failures(t *texts) g.Node {
	if len(v.History) == 0 {
		return empty(g.Text("—"))
	}
	heads := []string{"decision.attempt", "conversations.when", "decision.error"}
	return table(t, t.text("dead.history"), heads, g.Map(v.History, func(f queue.Failure) g.Node {
		return h.Tr(
			h.Th(h.Scope("row"), g.Text(strconv.Itoa(f.Attempt))),
			h.Td(h.Class("time"), moment(f.At)),
			h.Td(h.Class("mono wrap"), g.Text(f.Error)),
		)
	}))
}
