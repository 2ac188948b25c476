package pages

import (
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/conversations"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
	"tania/internal/tania"
)

// Search is the data of the search page.
type Search struct {
	Query string
	// Problem is a text's key.
	Problem string
	Account tania.AccountID
	Filter  conversations.Filter
	// Wrong are the fields of a filter that were left out, because they say nothing of it.
	Wrong []string
	// Found are the conversations that are listed.
	Found conversations.Found
}

// Nodes implements element.Content.
func (v Search) Nodes(t *texts.Texts) g.Node {
	return g.Group{v.form(t), h.H2(t.Say("conversations.recent")), v.filters(t), leftOut(t, v.Wrong), v.list(t)}
}

// filters narrow the list down.
func (v Search) filters(t *texts.Texts) g.Node {
	return h.Form(
		h.Class("filters"), h.Method("get"), h.Action("/conversations"), h.Aria("label", t.Text("conversations.filter")),
		element.Field("customer", t.Text("conversations.customer"), h.Input(
			h.ID("customer"), h.Name("customer"), h.Value(v.Filter.Customer), h.MaxLength("100"), element.TestID("customer"))),
		element.Field("words", t.Text("conversations.words"), h.Input(
			h.ID("words"), h.Name("words"), h.Value(v.Filter.Words), h.MaxLength("100"), element.TestID("words"))),
		element.Field("outcome", t.Text("conversations.outcome"), choice(t, "outcome", string(v.Filter.Outcome), outcomes())),
		element.Field("reason", t.Text("conversations.reason"), choice(t, "reason", string(v.Filter.Reason), t.Values("reason_short"))),
		element.Field("day", t.Text("conversations.day"), h.Input(h.ID("day"), h.Name("day"), h.Type("date"), h.Value(v.Filter.Day))),
		h.Button(element.TestID("filter"), t.Say("conversations.filter_go")),
	)
}

func outcomes() (all []string) {
	for _, o := range conversations.Outcomes {
		all = append(all, string(o))
	}
	return all
}

// choice is a list of the values of a closed set, and of all of them.
func choice(t *texts.Texts, set, chosen string, values []string) g.Node {
	words := set
	if set == "reason" {
		words = "reason_short"
	}
	return h.Select(
		h.ID(set), h.Name(set), h.Option(h.Value(""), t.Say("conversations.any")),
		g.Map(values, func(value string) g.Node {
			return h.Option(h.Value(value), g.If(value == chosen, h.Selected()), g.Text(t.Term(words, value)))
		}),
	)
}

func (v Search) form(t *texts.Texts) g.Node {
	example, description := "3:1287", "q-help"
	if v.Account != 0 {
		example = "1287"
	}
	if v.Problem != "" {
		description += " q-problem"
	}
	return h.Form(
		h.Class("search"), h.Method("get"), h.Action("/conversations"), h.Role("search"),
		h.Label(h.For("q"), t.Say("conversations.search")),
		h.Div(
			h.Class("row"),
			h.Input(
				h.ID("q"), h.Name("q"), h.Value(v.Query), g.Attr("inputmode", "text"), h.AutoComplete("off"), g.Attr("spellcheck", "false"),
				h.Placeholder(example), h.Aria("describedby", description), g.If(v.Problem != "", h.Aria("invalid", "true")), element.TestID("q"),
			),
			h.Button(h.Class("primary"), element.TestID("find"), t.Say("conversations.find")),
		),
		h.P(h.ID("q-help"), h.Class("help"), t.Say("conversations.help")),
		g.If(v.Problem != "", element.Banner("bad", h.ID("q-problem"), h.Role("alert"), t.Say(v.Problem))),
	)
}

func (v Search) list(t *texts.Texts) g.Node {
	all := v.Found.Conversations
	switch {
	case len(all) == 0 && v.Filter != conversations.Filter{}:
		return g.Group{element.Empty(element.TestID("none-like-that"), t.Say("conversations.none_like_that")), v.bounds(t)}
	case len(all) == 0:
		return element.Empty(t.Say("conversations.none"))
	}
	heads := []string{"conversations.id", "conversations.when", "conversations.outcome", "conversations.message"}
	rows := g.Map(all, func(c conversations.Conversation) g.Node {
		r := c.Record
		return h.Tr(
			h.Th(h.Scope("row"), element.ConversationLink(r.Key), g.If(c.Contact.Name != "", element.Small(g.Text(" "+c.Contact.Name)))),
			h.Td(h.Class("time"), element.Moment(r.At)),
			h.Td(element.Outcome(t, r.Outcome), g.Text(" "), shortReason(t, r)),
			h.Td(h.Class("clip"), g.Text(r.Content)),
		)
	})
	return g.Group{element.Table(t, t.Text("conversations.recent"), heads, rows), v.bounds(t)}
}

// bounds says that not all was looked at.
func (v Search) bounds(t *texts.Texts) g.Node {
	return g.If(v.Found.More, h.P(h.Class("small"), element.TestID("more"), t.Say("conversations.more", v.Found.Looked)))
}

// shortReason is why a turn ended so, in a word or two.
func shortReason(t *texts.Texts, r tania.Record) g.Node {
	switch {
	case r.Reason != tania.Proceed:
		return element.Small(g.Text(t.Term("reason_short", r.Reason)))
	case r.Route != "":
		return element.Small(g.Text(t.Term("route", r.Route)))
	}
	return nil
}

// fieldNames are the texts that name the fields of filters.
var fieldNames = map[string]string{
	"day": "conversations.day", "outcome": "conversations.outcome", "reason": "conversations.reason", "miss": "questions.miss",
	"inbox": "conversation.inbox", "sort": "questions.sort",
}

// leftOut says which fields of a filter an address asked for in vain.
func leftOut(t *texts.Texts, fields []string) g.Node {
	var names []string
	for _, field := range fields {
		names = append(names, t.Text(fieldNames[field]))
	}
	return g.If(len(names) > 0, element.Banner("warn", h.Role("alert"), element.TestID("left-out"),
		t.Say("conversations.left_out", strings.Join(names, ", "))))
}
