// Package pages is what each page of the dashboard shows: a value with the page's data goes in, HTML comes out. It asks no store and sees
// no request.
package pages

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
	"tania/internal/pulse"
)

// Now is the first page's data.
type Now struct {
	pulse.Sample
	Kept   int64
	Budget int64
	Model  string
	// CacheOn reports whether there is a cache; Cache is what it did.
	CacheOn bool
	Cache   CacheStats
	Alerts  []Alert
}

// BudgetUsed is the share of the monthly budget that is spent.
func (v Now) BudgetUsed() float64 { return float64(v.SpentThisMonth) / float64(max(v.Budget, 1)) }

// Nodes implements element.Content.
func (v Now) Nodes(t *texts.Texts) g.Node {
	return g.Group{
		h.Div(
			g.Attr("hx-ext", "sse"), g.Attr("sse-connect", "/live"), h.ID("live"), h.Data("lost", t.Text("now.lost")),
			h.P(h.ID("lost"), h.Class("banner bad"), h.Role("status"), g.Attr("hidden")),
			h.Div(h.ID("state"), h.Role("status"), g.Attr("sse-swap", "state"), v.State(t)),
			h.Div(h.ID("tiles"), g.Attr("sse-swap", "now"), v.Tiles(t)),
		),
		charts(t),
	}
}

// State is what changes seldom: whether the bot answers, and what is wrong.
func (v Now) State(t *texts.Texts) g.Node {
	return g.Group{v.running(t), g.Map(v.Alerts, func(a Alert) g.Node {
		return element.Banner("bad", h.Strong(g.Text(in(t, a.Title))), g.Text(" "+in(t, a.Text)+" "),
			h.A(h.Href("/alerts"), t.Say("alerts.title")))
	})}
}

func (v Now) running(t *texts.Texts) g.Node {
	switch {
	case v.Err != nil:
		away := t.Text("now.away")
		if v.Kept != 0 {
			away += " " + t.Text("now.kept", v.Kept)
		}
		return element.Banner("bad", g.Text(away))
	case v.Queue.Paused:
		return h.Div(
			h.Class("banner warn"), element.TestID("paused"),
			h.P(h.Strong(t.Say("now.paused")), g.Text(" "+t.Text("now.paused_by", v.Queue.PausedBy))),
			pauseButton("resume", "primary", t.Text("now.resume"), t.Text("now.resume_sure"), t.Text("now.resume_yes")),
		)
	}
	kind, how := "good", "now.running"
	if v.hindered() {
		kind, how = "warn", "now.hindered"
	}
	return h.Div(
		h.Class("banner "+kind), element.TestID("running"),
		h.P(h.Strong(t.Say(how)), g.Text(" "+t.Text("now.answered_by", v.Model))),
		pauseButton("pause", "danger", t.Text("now.pause"), t.Text("now.pause_sure"), t.Text("now.pause_yes")),
	)
}

// hindered reports whether something keeps customers from their answers.
func (v Now) hindered() bool {
	return slices.ContainsFunc(v.Alerts, func(a Alert) bool { return a.Stops })
}

// pauseButton pauses or resumes the bot, when that is meant.
func pauseButton(do, kind, label, sure, yes string) g.Node {
	return h.Details(
		h.Class("confirm"), h.Summary(h.Class("button"), element.TestID(do), g.Text(label)),
		element.Post("/"+do, h.P(g.Text(sure)), h.Button(h.Class(kind), element.TestID(do+"-yes"), g.Text(yes))),
	)
}

// Tiles are the figures, which change every second, and the newest point of the charts.
func (v Now) Tiles(t *texts.Texts) g.Node {
	return g.Group{
		v.point(),
		h.H2(t.Say("now.queue")), v.queueTiles(t),
		h.H2(t.Say("now.flow")), v.flowTiles(t),
		h.H2(t.Say("now.answers")), v.answerTiles(t),
		element.Undelivered(t, v.Undelivered),
		g.If(len(v.Bots) > 0, v.bots(t)),
	}
}

// point is the newest value of every series, for the charts of those who watch.
func (v Now) point() g.Node {
	return g.NodeFunc(func(w io.Writer) error {
		body, err := json.Marshal(ColumnsOf([]pulse.Sample{v.Sample}))
		if err != nil {
			return err
		}
		return h.DataEl(h.ID("point"), h.Value(string(body)), g.Attr("hidden")).Render(w)
	})
}

func (v Now) queueTiles(t *texts.Texts) g.Node {
	q := v.Queue
	oldest := "—"
	if v.Err == nil && q.OldestWaitingMS != 0 {
		oldest = t.Duration(time.Duration(q.OldestWaitingMS) * time.Millisecond)
	}
	return h.Dl(
		h.Class("tiles"),
		element.Tile{Name: t.Text("now.waiting"), Value: v.known(t.Number(q.Waiting)), ID: "waiting"},
		element.Tile{Name: t.Text("now.active"), Value: v.known(t.Number(q.Active))},
		element.Tile{Name: t.Text("now.delayed"), Value: v.known(t.Number(q.Delayed))},
		element.Tile{Name: t.Text("now.parked"), Value: v.known(t.Number(q.Parked)), ID: "parked", More: t.Text("now.parked_more")},
		element.Tile{
			Name: t.Text("now.failed"), Value: v.known(t.Number(q.Failed)), ID: "failed",
			More: t.Text("now.failed_hour", q.FailedLastHour), Bad: q.Failed != 0,
		},
		element.Tile{Name: t.Text("now.oldest"), Value: oldest},
		g.If(v.Kept != 0, element.Tile{Name: t.Text("now.kept_tile"), Value: t.Number(v.Kept), Bad: true}),
	)
}

func (v Now) flowTiles(t *texts.Texts) g.Node {
	return h.Dl(
		h.Class("tiles"),
		element.Tile{Name: t.Text("now.accepted"), Value: t.Decimal(v.Accepted), Unit: "/s", More: t.Text("now.messages", v.Queue.Messages)},
		element.Tile{Name: t.Text("now.answered"), Value: t.Decimal(v.Answered), Unit: "/s", More: t.Text("now.turns", v.Queue.Completed)},
		element.Tile{
			Name: t.Text("now.not_known"), Value: v.known(t.Number(v.Queue.NotKnown)), ID: "not-known",
			More: t.Text("now.not_known_more"),
		},
		quantiles(t, t.Text("now.webhook"), v.Webhook),
		quantiles(t, t.Text("now.turn"), v.Turn),
	)
}

func quantiles(t *texts.Texts, name string, q pulse.Quantiles) g.Node {
	value := h.Dd(g.Text("—"))
	if q.Count > 0 {
		part := func(ms float64, name string) g.Node { return h.Span(h.B(g.Text(t.Millis(ms))), g.Text(" "+name)) }
		value = h.Dd(h.Class("three"), part(q.P50, "p50"), g.Text(" "), part(q.P95, "p95"), g.Text(" "), part(q.P99, "p99"))
	}
	return h.Div(h.Class("tile wide"), h.Dt(g.Text(name)), value, h.Dd(h.Class("more"), t.Say("now.last_minute", q.Count)))
}

func (v Now) answerTiles(t *texts.Texts) g.Node {
	rate, entries := "—", t.Text("now.cache_off")
	if v.CacheOn {
		entries = t.Text("now.entries", v.Cache.Entries)
		if v.Cache.Asked() > 0 {
			rate = t.Percent(v.Cache.HitRate())
		}
	}
	spent := t.Text("now.spent", t.Dollars(v.Spent))
	if v.Budget != 0 {
		spent = t.Text("now.budget", t.Percent(v.BudgetUsed()), t.Dollars(v.Budget))
	}
	return h.Dl(
		h.Class("tiles"),
		element.Tile{Name: t.Text("now.hit_rate"), Value: rate, More: entries},
		element.Tile{
			Name: t.Text("now.errors"), Value: v.known(t.Number(v.RecentErrors)), More: t.Text("now.calls", v.RecentCalls),
			Bad: v.RecentErrors != 0,
		},
		element.Tile{Name: t.Text("now.spend"), Value: v.known(t.Dollars(v.SpentThisMonth)), More: spent},
	)
}

// bots says what became of each bot's turns, and what they cost, where there are several.
func (v Now) bots(t *texts.Texts) g.Node {
	heads := []string{"now.bot", "now.bot_turns", "outcome.answered", "outcome.not_known", "outcome.handed_over", "now.spend"}
	rows := g.Map(v.Bots, func(b pulse.OfBot) g.Node {
		count := func(n int64) g.Node { return h.Td(h.Class("num"), g.Text(t.Number(n))) }
		return h.Tr(
			h.Th(h.Scope("row"), g.Text(b.Bot)), count(b.Turns), count(b.Answered), count(b.NotKnown), count(b.HandedOver),
			h.Td(h.Class("num"), g.Text(t.Dollars(b.Cost))),
		)
	})
	return g.Group{h.H2(t.Say("now.bots")), element.Table(t, t.Text("now.bots"), heads, rows)}
}

// known is a figure of the store, where the store could be asked.
func (v Now) known(figure string) string {
	if v.Err != nil {
		return "—"
	}
	return figure
}

// charts are drawn by the page's script: data-series names the columns and what they are called.
func charts(t *texts.Texts) g.Node {
	return h.Section(
		h.Class("charts"), h.Aria("label", t.Text("now.charts")),
		chart(t.Text("chart.rates"), "/s", "accepted|"+t.Text("now.accepted"), "answered|"+t.Text("now.answered")),
		chart(t.Text("chart.queue"), "", "waiting|"+t.Text("now.waiting"), "active|"+t.Text("now.active"), "delayed|"+t.Text("now.delayed")),
		chart(t.Text("chart.turns"), "ms", "turn_p50|p50", "turn_p95|p95", "turn_p99|p99"),
		chart(t.Text("chart.webhook"), "ms", "webhook_p99|p99"),
	)
}

func chart(title, unit string, series ...string) g.Node {
	return h.Figure(
		h.FigCaption(g.Text(title)),
		h.Div(h.Class("chart"), h.Aria("hidden", "true"), h.Data("unit", unit), h.Data("series", strings.Join(series, ";"))),
	)
}
