package pages

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
	"tania/internal/queue"
	"tania/internal/tania"
)

// Dead is the list's data.
type Dead struct {
	Turns []queue.DeadTurn
	// Total may be more than are listed.
	Total int64
	// Chatwoot is its address.
	Chatwoot string
}

// Nodes implements element.Content.
func (v Dead) Nodes(t *texts.Texts) g.Node {
	about := h.P(t.Say("dead.about"))
	if len(v.Turns) == 0 {
		return g.Group{about, element.Empty(element.TestID("no-dead"), t.Say("dead.none"))}
	}
	return g.Group{about, element.Post("/dead", h.ID("dead"), v.tools(t), v.list(t), element.ShownOf(t, len(v.Turns), v.Total))}
}

func (v Dead) tools(t *texts.Texts) g.Node {
	return h.Div(
		h.Class("tools"),
		retry(t.Text("dead.retry")),
		discard(t, t.Text("dead.discard")),
		h.Label(h.Class("check"), h.Input(h.Type("checkbox"), h.Data("checks", "turn")), g.Text(" "+t.Text("dead.choose_all"))),
		h.Label(h.Class("check"), h.Input(h.Type("checkbox"), h.Name("which"), h.Value("all")), g.Text(" "+t.Text("dead.all", v.Total))),
	)
}

func (v Dead) list(t *texts.Texts) g.Node {
	heads := []string{"", "dead.customer", "dead.words", "dead.reason", "conversations.id", "dead.died", "dead.tries", "dead.turn"}
	return element.Table(t, t.Text("dead.title"), heads, g.Map(v.Turns, func(turn queue.DeadTurn) g.Node {
		id := string(turn.ID)
		return h.Tr(
			h.Td(h.Input(h.Type("checkbox"), h.Name("turn"), h.Value(id), h.Aria("label", t.Text("dead.choose", id)), element.TestID("choose"))),
			h.Td(g.Text(customerOf(turn.Messages))),
			h.Td(h.Class("clip"), g.Text(wordsOf(turn.Messages))),
			h.Td(t.Say(causeOf(turn.Error))),
			h.Td(element.ConversationLink(turn.Key), element.ChatwootLink(t, v.Chatwoot, turn.Key)),
			h.Td(h.Class("time"), element.Moment(turn.Died)),
			h.Td(h.Class("num"), g.Text(strconv.Itoa(len(turn.History)))),
			h.Th(h.Scope("row"), h.A(h.Href("/dead/"+url.PathEscape(id)), g.Text(shortID(turn.ID)))),
		)
	}))
}

// customerOf names who wrote a turn's messages.
func customerOf(messages []tania.Message) string {
	for _, m := range messages {
		if name := cmp.Or(m.Contact.Name, m.Contact.Phone, m.Contact.Email); name != "" {
			return name
		}
	}
	return "—"
}

// wordsOf is what the customer wrote.
func wordsOf(messages []tania.Message) string {
	var lines []string
	for _, m := range messages {
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
	return h.Button(h.Class("primary"), h.Name("do"), h.Value("retry"), element.TestID("retry"), g.Text(label))
}

func discard(t *texts.Texts, label string) g.Node {
	return element.Confirm("confirm", g.Text(label), h.Div(
		h.Class("panel"),
		h.P(t.Say("dead.discard_sure")),
		h.Button(h.Class("danger"), h.Name("do"), h.Value("discard"), element.TestID("discard"), t.Say("dead.discard_yes")),
	))
}
