package dashboard

import (
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/tania"
)

// trial is what a trial gave, or why it did not run; it is also sent by itself, to be put into the page.
func (v botView) trial(t *texts) g.Node {
	var nodes g.Group
	if v.Problem != "" {
		nodes = append(nodes, banner("bad", h.Role("alert"), t.say(v.Problem)))
	}
	if v.Trial != nil {
		nodes = append(nodes, v.Trial.node(t))
	}
	return nodes
}

func (x Trial) node(t *texts) g.Node {
	return h.Div(
		h.Class("decision"), testID("trial"),
		h.P(x.verdict(t)),
		g.If(x.Answer != "", h.BlockQuote(h.Class("text"), testID("trial-answer"), g.Text(x.Answer))),
		h.Dl(
			h.Class("why"),
			entry(t.text("try.route"), testID("trial-route"), g.Text(t.term("route", x.Route)+" "), h.Code(g.Text(string(x.Route)))),
			given(t.text("decision.rule"), x.RouteWhy),
			given(t.text("conversation.language"), string(x.Language)),
			entry(t.text("try.governor"), testID("trial-governor"), g.Text(t.term("reason", x.Reason))),
			given(t.text("decision.detail"), x.Detail),
			g.If(x.Wait > 0, entry(t.text("try.waits"), g.Text(t.millis(float64(x.Wait.Milliseconds()))))),
			g.If(len(x.Unchecked) > 0, entry(t.text("decision.unchecked"), g.Text(strings.Join(x.Unchecked, " ")))),
			entry(t.text("try.history"), testID("trial-history"), x.before(t)),
			g.If(x.CacheTier != "" || x.CacheWhy != "", entry(t.text("decision.cache"), testID("trial-cache"), x.fromCache(t))),
			g.If(len(x.Sources) > 0, entry(t.text("decision.sources"), testID("trial-sources"), sources(x.Sources))),
			entry(t.text("try.cost"), testID("trial-cost"), x.cost(t)),
			entry(t.text("decision.steps"), testID("trial-ms"), x.times(t)),
		),
	)
}

func (x Trial) verdict(t *texts) g.Node {
	switch {
	case x.Error != "":
		return g.Group{badge("failed", t.text("outcome.failed")), g.Text(" "), h.Span(h.Class("mono"), g.Text(x.Error))}
	case x.Handoff != "":
		why := t.term("handoff", x.Handoff)
		if x.HandoffWhy != "" {
			why += ": " + x.HandoffWhy
		}
		return g.Group{outcome(t, tania.OutcomeHandedOver), g.Text(" " + why)}
	case x.Reason != tania.Proceed || x.Route == "":
		return g.Group{outcome(t, x.Outcome), g.Text(" " + t.term("reason", x.Reason))}
	}
	return g.Group{outcome(t, x.Outcome), g.Text(" " + t.term("route_why", x.Route))}
}

// before says what the text was taken to follow.
func (x Trial) before(t *texts) g.Node {
	where := t.text("try.new")
	if x.Conversation != 0 {
		where = t.text("try.before", x.Before, int64(x.Conversation))
	}
	if x.Inbox != 0 {
		where += " · " + t.text("conversation.inbox") + " " + strconv.FormatInt(int64(x.Inbox), 10)
	}
	return g.Text(where)
}

// fromCache is the entry that answered, or why none did.
func (x Trial) fromCache(t *texts) g.Node {
	if x.CacheTier == "" {
		return g.Group{t.say("try.not_cached"), g.Text(" "), h.Code(g.Text(x.CacheWhy))}
	}
	return g.Group{g.Text(x.CacheTier + " "), h.Code(g.Text(x.CacheEntry)), g.If(x.CacheScore != 0, g.Text(" "+t.short(x.CacheScore)))}
}

func (x Trial) cost(t *texts) g.Node {
	if x.Usage.Calls == 0 {
		return t.say("try.free")
	}
	return usage(t, x.Usage)
}

func (x Trial) times(t *texts) g.Node {
	var steps string
	for _, s := range x.Steps {
		steps += t.term("step", s.Name) + " " + t.millis(s.Millis) + " · "
	}
	return g.Group{g.Text(steps), h.B(g.Text(t.millis(x.Millis())))}
}
