package pages

import (
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/bot"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
	"tania/internal/tania"
)

// Alert is a condition that holds.
type Alert struct {
	Name string
	// Since is when it began.
	Since time.Time
	// Value is over, or under, Threshold.
	Value, Threshold float64
	// Title, Text and Fix say what it is, what is wrong and what to do.
	Title, Text, Fix bot.Text
	// Stops reports whether customers are not answered while it lasts.
	Stops bool
}

// Alerts is the page's data.
type Alerts struct {
	On     bool
	Alerts []Alert
}

// in gives an alert's words in a page's language, else in English, else in any: another version may have raised it.
func in(t *texts.Texts, words bot.Text) string {
	if s := words.In(t.Lang, tania.English); s != "" {
		return s
	}
	for _, s := range words {
		return s
	}
	return ""
}

// Nodes implements element.Content.
func (v Alerts) Nodes(t *texts.Texts) g.Node {
	switch {
	case !v.On:
		return element.Empty(element.TestID("alerts-off"), t.Say("alerts.off"))
	case len(v.Alerts) == 0:
		return element.Banner("good", element.TestID("alerts-none"), t.Say("alerts.none"))
	}
	return h.Ul(h.Class("cards"), g.Map(v.Alerts, func(a Alert) g.Node { return a.card(t) }))
}

func (a Alert) card(t *texts.Texts) g.Node {
	return h.Li(
		h.Class("card bad"), h.H2(g.Text(in(t, a.Title))), h.P(g.Text(in(t, a.Text))),
		h.Dl(
			h.Class("why"),
			element.Entry(t.Text("alerts.since"), element.Moment(a.Since)),
			element.Entry(t.Text("alerts.value"), g.Text(t.Short(a.Value))),
			element.Entry(t.Text("alerts.threshold"), g.Text(t.Short(a.Threshold))),
			element.Given(t.Text("alerts.fix"), in(t, a.Fix)),
			element.Entry(t.Text("alerts.name"), h.Code(g.Text(a.Name))),
		),
	)
}
