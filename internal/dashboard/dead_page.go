package dashboard

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/queue"
	"tania/internal/tania"
)

func (v deadView) nodes(t *texts) g.Node {
	about := h.P(t.say("dead.about"))
	if len(v.Turns) == 0 {
		return g.Group{about, empty(testID("no-dead"), t.say("dead.none"))}
	}
	return g.Group{about, post("/dead", h.ID("dead"), v.tools(t), v.list(t), shownOf(t, len(v.Turns), v.Total))}
}

func (v deadView) tools(t *texts) g.Node {
	return h.Div(
		h.Class("tools"),
		retry(t.text("dead.retry")),
		discard(t, t.text("dead.discard")),
		h.Label(h.Class("check"), h.Input(h.Type("checkbox"), h.Data("checks", "turn")), g.Text(" "+t.text("dead.choose_all"))),
		h.Label(h.Class("check"), h.Input(h.Type("checkbox"), h.Name("which"), h.Value("all")), g.Text(" "+t.text("dead.all", v.Total))),
	)
}

func (v deadView) list(t *texts) g.Node {
	heads := []string{"", "dead.customer", "dead.words", "dead.reason", "conversations.id", "dead.died", "dead.tries", "dead.turn"}
	return table(t, t.text("dead.title"), heads, g.Map(v.Turns, func(turn queue.DeadTurn) g.Node {
		id := string(turn.ID)
		return h.Tr(
			h.Td(h.Input(h.Type("checkbox"), h.Name("turn"), h.Value(id), h.Aria("label", t.text("dead.choose", id)), testID("choose"))),
			h.Td(g.Text(customerOf(turn))),
			h.Td(h.Class("clip"), g.Text(wordsOf(turn))),
			h.Td(t.say(causeOf(turn.Error))),
			h.Td(conversationLink(turn.Key), chatwootLink(t, v.Chatwoot, turn.Key)),
			h.Td(h.Class("time"), moment(turn.Died)),
			h.Td(h.Class("num"), g.Text(strconv.Itoa(len(turn.History)))),
			h.Th(h.Scope("row"), h.A(h.Href("/dead/"+url.PathEscape(id)), g.Text(shortID(turn.ID)))),
		)
	}))
}

// chatwootLink leads to a conversation in Chatwoot, where its address is known.
func chatwootLink(t *texts, address string, k tania.ConversationKey) g.Node {
	there := inChatwoot(address, k)
	return g.If(there != "", g.Group{g.Text(" "), h.A(h.Class("small"), h.Href(there), h.Rel("noopener"), t.say("conversation.open"))})
}

// customerOf names who wrote a turn's messages.
func customerOf(turn queue.DeadTurn) string {
	for _, m := range turn.Messages {
		if name := cmp.Or(m.Contact.Name, m.Contact.Phone, m.Contact.Email); name != "" {
			return name
		}
	}
	return "—"
}

// wordsOf is what the customer wrote.
func wordsOf(turn queue.DeadTurn) string {
	var lines []string
	for _, m := range turn.Messages {
		if m.Content != "" {
			lines = append(lines, m.Content)
		}
	}
	return strings.Join(lines, " · ")
}

// shortID is a turn's id as lists have it: its end differs most.
func shortID(id tania.TurnID) string {
	if len(id) > 10 {
		return "…" + string(id[len(id)-8:])
	}
	return string(id)
}

// retry and discard are the buttons of a form about dead letters.
func retry(label string) g.Node {
	return h.Button(h.Class("primary"), h.Name("do"), h.Value("retry"), testID("retry"), g.Text(label))
}

func discard(t *texts, label string) g.Node {
	return confirm("confirm", g.Text(label), h.Div(
		h.Class("panel"),
		h.P(t.say("dead.discard_sure")),
		h.Button(h.Class("danger"), h.Name("do"), h.Value("discard"), testID("discard"), t.say("dead.discard_yes")),
	))
}
