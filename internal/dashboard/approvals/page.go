package approvals

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/approval"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
	"tania/internal/operator"
	"tania/internal/queue"
	"tania/internal/tania"
)

// Page is the data of the turns that wait for somebody's word.
type Page struct {
	Turns []queue.ParkedTurn
	// Calls are those that the team has to approve, by their turns.
	Calls map[tania.TurnID]operator.Waiting
	// Total may be more than are listed.
	Total int64
	// Chatwoot is its address.
	Chatwoot string
}

// Nodes implements element.Content.
func (v Page) Nodes(t *texts.Texts) g.Node {
	about := h.P(t.Say("parked.about"))
	if len(v.Turns) == 0 {
		return g.Group{about, element.Empty(element.TestID("no-parked"), t.Say("parked.none"))}
	}
	return g.Group{
		about,
		g.Map(v.Turns, func(turn queue.ParkedTurn) g.Node { return v.card(t, turn) }),
		element.ShownOf(t, len(v.Turns), v.Total),
	}
}

// card is a turn with what it waits for. It is no row of a table: what will be done has to be read whole, also on a phone.
func (v Page) card(t *texts.Texts, turn queue.ParkedTurn) g.Node {
	c, approves := v.Calls[turn.ID]
	waits := g.Text(why(turn))
	if approves {
		waits = call(c)
	}
	return h.Div(
		h.Class("decision"), element.TestID("parked"),
		h.P(element.ConversationLink(turn.Key), element.ChatwootLink(t, v.Chatwoot, turn.Key), g.Text(" "+customer(turn.Messages))),
		h.Dl(
			h.Class("why"),
			element.Entry(t.Text("parked.why"), waits),
			element.Entry(t.Text("dead.words"), g.Text(words(turn.Messages))),
			element.Entry(t.Text("parked.since"), element.Moment(turn.Since)),
			element.Entry(t.Text("parked.until"), element.Moment(turn.Until)),
		),
		g.Iff(approves, func() g.Node { return forms(t, c) }),
	)
}

// why is what a turn waits for that is no call of a tool.
func why(turn queue.ParkedTurn) string {
	return cmp.Or(strings.ToValidUTF8(string(turn.Why), "\ufffd"), "—")
}

// call is what will be done: each argument in a line of its own, so that a long one hides no other.
func call(c operator.Waiting) g.Node {
	var arguments map[string]json.RawMessage
	if json.Unmarshal(c.Arguments, &arguments) != nil {
		arguments = map[string]json.RawMessage{"": c.Arguments}
	}
	return g.Group{
		g.Text(c.About + " "), h.Code(g.Text(c.Tool)),
		h.Ul(h.Class("plain"), element.TestID("arguments"), g.Map(slices.Sorted(maps.Keys(arguments)), func(name string) g.Node {
			return h.Li(h.Code(g.Text(name + ": " + string(arguments[name]))))
		})),
	}
}

// forms approve and reject a call. They name its number: what the customer changed meanwhile has another.
func forms(t *texts.Texts, c operator.Waiting) g.Node {
	number := strconv.Itoa(c.Number)
	of := g.Group{
		h.Input(h.Type("hidden"), h.Name("conversation"), h.Value(c.Key.String())),
		h.Input(h.Type("hidden"), h.Name("number"), h.Value(number)),
	}
	field := "why-" + c.Key.String()
	return h.Div(
		h.Class("tools"),
		element.Post(Path, of, h.Button(
			h.Class("primary"), h.Name("do"), h.Value("approve"), element.TestID("approve"),
			h.Aria("label", t.Text("parked.approve")+": "+c.Tool+", "+c.Key.String()), t.Say("parked.approve"),
		)),
		element.Post(Path, of, element.Confirm("confirm", t.Say("parked.reject"), h.Div(
			h.Class("panel"),
			element.Field(field, t.Text("parked.reason"),
				h.Input(h.ID(field), h.Name("why"), h.MaxLength(strconv.Itoa(approval.ReasonLimit)), element.TestID("why"))),
			h.Button(h.Class("danger"), h.Name("do"), h.Value("reject"), element.TestID("reject"), t.Say("parked.reject")),
		))),
	)
}

// customer names who wrote a turn's messages.
func customer(messages []tania.Message) string {
	for _, m := range messages {
		if name := cmp.Or(m.Contact.Name, m.Contact.Phone, m.Contact.Email); name != "" {
			return name
		}
	}
	return "—"
}

// words are what the customer wrote.
func words(messages []tania.Message) string {
	var lines []string
	for _, m := range messages {
		if m.Content != "" {
			lines = append(lines, m.Content)
		}
	}
	return strings.Join(lines, " · ")
}
