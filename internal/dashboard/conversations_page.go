package dashboard

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/tania"
)

func (v searchView) nodes(t *texts) g.Node {
	return g.Group{v.form(t), h.H2(t.say("conversations.recent")), v.filters(t), v.list(t)}
}

// filters narrow the list down.
func (v searchView) filters(t *texts) g.Node {
	return h.Form(
		h.Class("filters"), h.Method("get"), h.Action("/conversations"), h.Aria("label", t.text("conversations.filter")),
		h.Label(h.For("words"), t.say("conversations.words")),
		h.Input(h.ID("words"), h.Name("words"), h.Value(v.Filter.Words), h.MaxLength("100"), testID("words")),
		h.Label(h.For("outcome"), t.say("conversations.outcome")),
		choice(t, "outcome", string(v.Filter.Outcome), outcomes),
		h.Label(h.For("reason"), t.say("conversations.reason")),
		choice(t, "reason", string(v.Filter.Reason), t.values("reason_short")),
		h.Label(h.For("day"), t.say("conversations.day")),
		h.Input(h.ID("day"), h.Name("day"), h.Type("date"), h.Value(v.Filter.Day)),
		h.Button(testID("filter"), t.say("conversations.filter_go")),
	)
}

var outcomes = []string{
	string(tania.OutcomeAnswered), string(tania.OutcomeHandedOver), string(tania.OutcomeSilent), string(tania.OutcomeWaiting),
	string(tania.OutcomeRetrying), string(tania.OutcomeFailed),
}

// choice is a list of the values of a closed set, and of all of them.
func choice(t *texts, set, chosen string, values []string) g.Node {
	words := set
	if set == "reason" {
		words = "reason_short"
	}
	return h.Select(
		h.ID(set), h.Name(set), h.Option(h.Value(""), t.say("conversations.any")),
		g.Map(values, func(value string) g.Node {
			return h.Option(h.Value(value), g.If(value == chosen, h.Selected()), g.Text(t.term(words, value)))
		}),
	)
}

func (v searchView) form(t *texts) g.Node {
	example, description := "3:1287", "q-help"
	if v.Account != 0 {
		example = "1287"
	}
	if v.Problem != "" {
		description += " q-problem"
	}
	return h.Form(
		h.Class("search"), h.Method("get"), h.Action("/conversations"), h.Role("search"),
		h.Label(h.For("q"), t.say("conversations.search")),
		h.Div(
			h.Class("row"),
			h.Input(
				h.ID("q"), h.Name("q"), h.Value(v.Query), g.Attr("inputmode", "text"), h.AutoComplete("off"), g.Attr("spellcheck", "false"),
				h.Placeholder(example), h.Aria("describedby", description), g.If(v.Problem != "", h.Aria("invalid", "true")), testID("q"),
			),
			h.Button(h.Class("primary"), testID("find"), t.say("conversations.find")),
		),
		h.P(h.ID("q-help"), h.Class("help"), t.say("conversations.help")),
		g.If(v.Problem != "", banner("bad", h.ID("q-problem"), h.Role("alert"), t.say(v.Problem))),
	)
}

func (v searchView) list(t *texts) g.Node {
	switch {
	case len(v.Recent) == 0 && v.Filter != filter{}:
		return empty(testID("none-like-that"), t.say("conversations.none_like_that"))
	case len(v.Recent) == 0:
		return empty(t.say("conversations.none"))
	}
	heads := []string{"conversations.id", "conversations.when", "conversations.outcome", "conversations.message"}
	return table(t, t.text("conversations.recent"), heads, g.Map(v.Recent, func(r tania.Record) g.Node {
		return h.Tr(
			h.Th(h.Scope("row"), conversationLink(r.Key)),
			h.Td(h.Class("time"), moment(r.At)),
			h.Td(outcome(t, r.Outcome), g.Text(" "), shortReason(t, r)),
			h.Td(h.Class("clip"), g.Text(r.Content)),
		)
	}))
}

// shortReason is why a turn ended so, in a word or two.
func shortReason(t *texts, r tania.Record) g.Node {
	switch {
	case r.Reason != tania.Proceed:
		return small(g.Text(t.term("reason_short", r.Reason)))
	case r.Route != "":
		return small(g.Text(t.term("route", r.Route)))
	}
	return nil
}
