package dashboard

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
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
			g.If(x.OfferHuman, entry(t.text("decision.handoff"), t.say("try.offered"))),
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
		return g.Group{badge("handed_over", t.text("outcome.handed_over")), g.Text(" " + why)}
	}
	kind, text := "not_known", t.text("try.unknown")
	if x.Known {
		kind, text = "answered", t.text("outcome.answered")
	}
	return g.Group{badge(kind, text), g.Text(" " + t.term("route_why", x.Route))}
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
