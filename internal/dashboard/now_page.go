package dashboard

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/pulse"
)

func (v nowView) nodes(t *texts) g.Node {
	return g.Group{
		h.Div(
			g.Attr("hx-ext", "sse"), g.Attr("sse-connect", "/live"), h.ID("live"), h.Data("lost", t.text("now.lost")),
			h.P(h.ID("lost"), h.Class("banner bad"), h.Role("status"), g.Attr("hidden")),
			h.Div(h.ID("state"), h.Role("status"), g.Attr("sse-swap", "state"), v.state(t)),
			h.Div(h.ID("tiles"), g.Attr("sse-swap", "now"), v.tiles(t)),
		),
		charts(t),
	}
}

// state is what changes seldom: whether the bot answers, and what is wrong.
func (v nowView) state(t *texts) g.Node {
	return g.Group{v.running(t), g.Map(v.Alerts, func(a Alert) g.Node {
		return banner("bad", h.Strong(g.Text(in(t, a.Title))), g.Text(" "+in(t, a.Text)+" "), h.A(h.Href("/alerts"), t.say("alerts.title")))
	})}
}

func (v nowView) running(t *texts) g.Node {
	switch {
	case v.Err != nil:
		away := t.text("now.away")
		if v.Kept != 0 {
			away += " " + t.text("now.kept", v.Kept)
		}
		return banner("bad", g.Text(away))
	case v.Queue.Paused:
		return h.Div(
			h.Class("banner warn"), testID("paused"),
			h.P(h.Strong(t.say("now.paused")), g.Text(" "+t.text("now.paused_by", v.Queue.PausedBy))),
			pauseButton("resume", "primary", t.text("now.resume"), t.text("now.resume_sure"), t.text("now.resume_yes")),
		)
	}
	kind, how := "good", "now.running"
	if v.hindered() {
		kind, how = "warn", "now.hindered"
	}
	return h.Div(
		h.Class("banner "+kind), testID("running"),
		h.P(h.Strong(t.say(how)), g.Text(" "+t.text("now.answered_by", v.Model))),
		pauseButton("pause", "danger", t.text("now.pause"), t.text("now.pause_sure"), t.text("now.pause_yes")),
	)
}

// hindered reports whether something keeps customers from their answers.
func (v nowView) hindered() bool {
	return slices.ContainsFunc(v.Alerts, func(a Alert) bool { return a.Stops })
}

// pauseButton pauses or resumes the bot, when that is meant.
func pauseButton(do, kind, label, sure, yes string) g.Node {
	return h.Details(
		h.Class("confirm"), h.Summary(h.Class("button"), testID(do), g.Text(label)),
		post("/"+do, h.P(g.Text(sure)), h.Button(h.Class(kind), testID(do+"-yes"), g.Text(yes))),
	)
}

// tiles are the figures, which change every second, and the newest point of the charts.
func (v nowView) tiles(t *texts) g.Node {
	return g.Group{
		v.point(),
		h.H2(t.say("now.queue")), v.queueTiles(t),
		h.H2(t.say("now.flow")), v.flowTiles(t),
		h.H2(t.say("now.answers")), v.answerTiles(t),
	}
}

// point is the newest value of every series, for the charts of those who watch.
func (v nowView) point() g.Node {
	return g.NodeFunc(func(w io.Writer) error {
		body, err := json.Marshal(columnsOf([]pulse.Sample{v.Sample}))
		if err != nil {
			return err
		}
		return h.DataEl(h.ID("point"), h.Value(string(body)), g.Attr("hidden")).Render(w)
	})
}

func (v nowView) queueTiles(t *texts) g.Node {
	q := v.Queue
	oldest := "—"
	if v.Err == nil && q.OldestWaitingMS != 0 {
		oldest = t.duration(time.Duration(q.OldestWaitingMS) * time.Millisecond)
	}
	return h.Dl(
		h.Class("tiles"),
		tile{Name: t.text("now.waiting"), Value: v.known(t.number(q.Waiting)), ID: "waiting"},
		tile{Name: t.text("now.active"), Value: v.known(t.number(q.Active))},
		tile{Name: t.text("now.delayed"), Value: v.known(t.number(q.Delayed))},
		tile{Name: t.text("now.failed"), Value: v.known(t.number(q.Failed)), ID: "failed", More: t.text("now.failed_hour", q.FailedLastHour), Bad: q.Failed != 0},
		tile{Name: t.text("now.oldest"), Value: oldest},
		g.If(v.Kept != 0, tile{Name: t.text("now.kept_tile"), Value: t.number(v.Kept), Bad: true}),
	)
}

func (v nowView) flowTiles(t *texts) g.Node {
	return h.Dl(
		h.Class("tiles"),
		tile{Name: t.text("now.accepted"), Value: t.decimal(v.Accepted), Unit: "/s", More: t.text("now.messages", v.Queue.Messages)},
		tile{Name: t.text("now.answered"), Value: t.decimal(v.Answered), Unit: "/s", More: t.text("now.turns", v.Queue.Completed)},
		tile{Name: t.text("now.not_known"), Value: v.known(t.number(v.Queue.NotKnown)), ID: "not-known", More: t.text("now.not_known_more")},
		quantiles(t, t.text("now.webhook"), v.Webhook),
		quantiles(t, t.text("now.turn"), v.Turn),
	)
}

func quantiles(t *texts, name string, q pulse.Quantiles) g.Node {
	value := h.Dd(g.Text("—"))
	if q.Count > 0 {
		part := func(ms float64, name string) g.Node { return h.Span(h.B(g.Text(t.millis(ms))), g.Text(" "+name)) }
		value = h.Dd(h.Class("three"), part(q.P50, "p50"), g.Text(" "), part(q.P95, "p95"), g.Text(" "), part(q.P99, "p99"))
	}
	return h.Div(h.Class("tile wide"), h.Dt(g.Text(name)), value, h.Dd(h.Class("more"), t.say("now.last_minute", q.Count)))
}

func (v nowView) answerTiles(t *texts) g.Node {
	rate, entries := "—", t.text("now.cache_off")
	if v.CacheOn {
		entries = t.text("now.entries", v.Cache.Entries)
		if v.Cache.Asked() > 0 {
			rate = t.percent(v.Cache.HitRate())
		}
	}
	spent := t.text("now.spent", t.dollars(v.Spent))
	if v.Budget != 0 {
		spent = t.text("now.budget", t.percent(v.BudgetUsed()), t.dollars(v.Budget))
	}
	return h.Dl(
		h.Class("tiles"),
		tile{Name: t.text("now.hit_rate"), Value: rate, More: entries},
		tile{Name: t.text("now.errors"), Value: v.known(t.number(v.RecentErrors)), More: t.text("now.calls", v.RecentCalls), Bad: v.RecentErrors != 0},
		tile{Name: t.text("now.spend"), Value: v.known(t.dollars(v.SpentThisMonth)), More: spent},
	)
}

// known is a figure of the store, where the store could be asked.
func (v nowView) known(figure string) string {
	if v.Err != nil {
		return "—"
	}
	return figure
}

// charts are drawn by the page's script: data-series names the columns and what they are called.
func charts(t *texts) g.Node {
	return h.Section(
		h.Class("charts"), h.Aria("label", t.text("now.charts")),
		chart(t.text("chart.rates"), "/s", "accepted|"+t.text("now.accepted"), "answered|"+t.text("now.answered")),
		chart(t.text("chart.queue"), "", "waiting|"+t.text("now.waiting"), "active|"+t.text("now.active"), "delayed|"+t.text("now.delayed")),
		chart(t.text("chart.turns"), "ms", "turn_p50|p50", "turn_p95|p95", "turn_p99|p99"),
		chart(t.text("chart.webhook"), "ms", "webhook_p99|p99"),
	)
}

func chart(title, unit string, series ...string) g.Node {
	return h.Figure(
		h.FigCaption(g.Text(title)),
		h.Div(h.Class("chart"), h.Aria("hidden", "true"), h.Data("unit", unit), h.Data("series", strings.Join(series, ";"))),
	)
}
