package dashboard

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func (v alertsView) nodes(t *texts) g.Node {
	switch {
	case !v.On:
		return empty(testID("alerts-off"), t.say("alerts.off"))
	case len(v.Alerts) == 0:
		return banner("good", testID("alerts-none"), t.say("alerts.none"))
	}
	return h.Ul(h.Class("cards"), g.Map(v.Alerts, func(a Alert) g.Node { return a.card(t) }))
}

func (a Alert) card(t *texts) g.Node {
	return h.Li(
		h.Class("card bad"), h.H2(g.Text(in(t, a.Title))), h.P(g.Text(in(t, a.Text))),
		h.Dl(
			h.Class("why"),
			entry(t.text("alerts.since"), moment(a.Since)),
			entry(t.text("alerts.value"), g.Text(t.short(a.Value))),
			entry(t.text("alerts.threshold"), g.Text(t.short(a.Threshold))),
			given(t.text("alerts.fix"), in(t, a.Fix)),
			entry(t.text("alerts.name"), h.Code(g.Text(a.Name))),
		),
	)
}
