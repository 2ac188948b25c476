package dashboard

import (
	"strconv"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/tania"
)

func (v conversationView) nodes(t *texts) g.Node {
	if !v.Known {
		return empty(testID("unknown"), t.say("conversation.unknown"))
	}
	return g.Group{
		v.facts(t),
		v.withHumans(t),
		h.H2(t.say("conversation.timeline")),
		h.Ol(h.Class("timeline"), g.Map(v.Events, func(e timelineEvent) g.Node { return e.item(t) })),
	}
}

func (v conversationView) facts(t *texts) g.Node {
	return h.Dl(
		h.Class("facts"),
		g.If(inChatwoot(v.Chatwoot, v.Key) != "", entry(t.text("conversation.chatwoot"), chatwootLink(t, v.Chatwoot, v.Key))),
		given(t.text("conversation.contact"), v.Contact.Name),
		given(t.text("conversation.phone"), v.Contact.Phone),
		given(t.text("conversation.email"), v.Contact.Email),
		given(t.text("conversation.channel"), string(v.Channel)),
		g.If(v.Inbox != 0, entry(t.text("conversation.inbox"), g.Text(strconv.FormatInt(int64(v.Inbox), 10)))),
		given(t.text("conversation.status"), t.term("status", v.Status)),
		given(t.text("conversation.language"), string(v.Language)),
		g.If(len(v.Labels) > 0, entry(t.text("conversation.labels"), codes(v.Labels))),
	)
}

// withHumans shows that a human writes to the customer, or was asked to.
func (v conversationView) withHumans(t *texts) g.Node {
	var lines g.Group
	if v.Takeover != nil {
		lines = append(lines, banner("warn", g.Text(t.text("conversation.takeover", v.Takeover.Name)+" "), moment(v.Takeover.Last)))
	}
	if v.HandedOver != nil {
		why := t.term("handoff", v.HandedOver.Reason)
		lines = append(lines, banner("warn", g.Text(t.text("conversation.handed_over", why)+" "), moment(v.HandedOver.At)))
	}
	return lines
}

// item is a message, with the decision on it below.
func (e timelineEvent) item(t *texts) g.Node {
	return h.Li(
		h.Class("event "+string(e.From)), g.If(e.ID != 0, h.ID(anchor(e.ID))),
		h.Div(
			h.Class("bubble"),
			h.P(h.Class("who"), h.B(g.Text(e.author(t))), g.Text(" "), small(moment(e.At), g.If(e.ID != 0, g.Text(" · "+numberOf(e.ID))))),
			h.P(h.Class("text"), e.text(t)),
		),
		g.If(e.With != 0, h.P(h.Class("small with"), g.Text(t.text("conversation.with")+" "), h.A(h.Href("#"+anchor(e.With)), g.Text(numberOf(e.With))))),
		g.Iff(e.Decision != nil, func() g.Node { return e.Decision.node(t) }),
	)
}

// anchor is a message's place in the page, numberOf how it is called.
func anchor(id tania.MessageID) string   { return "m" + strconv.FormatInt(int64(id), 10) }
func numberOf(id tania.MessageID) string { return "#" + strconv.FormatInt(int64(id), 10) }

func (e timelineEvent) author(t *texts) string {
	author := t.term("author", e.From)
	if e.Name != "" {
		author += " · " + e.Name
	}
	return author
}

func (e timelineEvent) text(t *texts) g.Node {
	if e.Text == "" {
		return h.I(t.say("conversation.no_text"))
	}
	return g.Text(e.Text)
}

func (v decisionView) node(t *texts) g.Node {
	return h.Div(
		h.Class("decision"), testID("decision"), h.Data("outcome", string(v.Outcome)),
		h.P(outcome(t, v.Outcome), g.Text(" "+v.why(t))),
		v.grounds(t),
		g.If(len(v.Steps) > 0, v.bars(t)),
	)
}

func (v decisionView) why(t *texts) string {
	if v.Reason == tania.Proceed && v.Route != "" {
		return t.term("route_why", v.Route)
	}
	return t.term("reason", v.Reason)
}

// grounds are all that is known of a decision.
func (v decisionView) grounds(t *texts) g.Node {
	return h.Dl(
		h.Class("why"),
		given(t.text("decision.detail"), v.Detail),
		given(t.text("decision.rule"), v.RouteWhy),
		given(t.text("decision.handoff"), t.term("handoff", v.Handoff)),
		given(t.text("conversation.language"), string(v.Language)),
		g.If(len(v.Sources) > 0, entry(t.text("decision.sources"), sources(v.Sources))),
		g.If(v.CacheTier != "", entry(t.text("decision.cache"), v.fromCache(t))),
		g.If(v.Usage.Model != "", entry(t.text("decision.model"), usage(t, v.Usage))),
		g.If(len(v.Unchecked) > 0, entry(t.text("decision.unchecked"), g.Map(v.Unchecked, func(rule string) g.Node {
			return g.Group{h.Span(g.Text(rule)), g.Text(" ")}
		}))),
		g.If(v.Attempt > 1, entry(t.text("decision.attempt"), g.Text(strconv.Itoa(v.Attempt)))),
		g.If(v.Restarts > 0, entry(t.text("decision.restarts"), g.Text(strconv.Itoa(v.Restarts)))),
		g.If(v.Waited != 0, entry(t.text("decision.waited"), g.Text(t.millis(float64(v.Waited)/float64(time.Millisecond))))),
		g.If(v.Error != "", h.Div(h.Class("bad"), h.Dt(t.say("decision.error")), h.Dd(g.Text(v.Error)))),
		g.If(v.Reply != "", entry(t.text("decision.reply"), h.Class("text"), g.Text(v.Reply))),
		g.If(v.Turn != "", entry(t.text("decision.turn"), h.Code(g.Text(string(v.Turn))))),
	)
}

func (v decisionView) fromCache(t *texts) g.Node {
	return g.Group{g.Text(v.CacheTier + " "), h.Code(g.Text(v.CacheEntry)), g.If(v.CacheScore != 0, g.Text(" "+t.short(v.CacheScore)))}
}

// bars show how long each step took, and when.
func (v decisionView) bars(t *texts) g.Node {
	return h.Table(
		h.Class("steps"), h.Caption(g.Text(t.text("decision.steps")+" · "+t.millis(v.Total))),
		h.TBody(g.Map(v.Steps, func(s stepView) g.Node {
			return h.Tr(
				h.Th(h.Scope("row"), g.Text(t.term("step", s.Name))),
				h.Td(h.Class("bar"), s.bar()),
				h.Td(h.Class("num"), g.Text(t.millis(s.Millis))),
			)
		})),
	)
}

// bar is an image and no style, which the policy does not allow.
func (s stepView) bar() g.Node {
	length := func(thousandths float64) string { return strconv.FormatFloat(thousandths, 'f', 1, 64) }
	return h.SVG(
		g.Attr("viewBox", "0 0 1000 10"), g.Attr("preserveAspectRatio", "none"), h.Aria("hidden", "true"),
		g.El("rect", g.Attr("x", length(s.Left)), g.Attr("y", "0"), h.Width(length(s.Width)), h.Height("10")),
	)
}
