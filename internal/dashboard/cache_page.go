package dashboard

import (
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/cache/store"
)

func (v cacheView) nodes(t *texts) g.Node {
	if !v.On {
		return empty(testID("cache-off"), t.say("cache.off"))
	}
	return g.Group{
		v.Stats.tiles(t),
		section("explain-title", t.text("cache.explain"), v.question(t), g.Iff(v.Explain != nil, func() g.Node { return v.Explain.node(t) })),
		section("entries-title", t.text("cache.entries"), v.tools(t), v.list(t)),
	}
}

func (s CacheStats) tiles(t *texts) g.Node {
	rate := "—"
	if s.Asked() > 0 {
		rate = t.percent(s.HitRate())
	}
	return h.Dl(
		h.Class("tiles"),
		tile{Name: t.text("cache.entries"), Value: t.number(s.Entries)},
		tile{Name: t.text("cache.hits"), Value: t.number(s.Hits)},
		tile{Name: t.text("cache.misses"), Value: t.number(s.Misses)},
		tile{Name: t.text("now.hit_rate"), Value: rate},
		tile{Name: t.text("cache.saved"), Value: t.dollars(s.Saved)},
	)
}

func (v cacheView) question(t *texts) g.Node {
	return h.Form(
		h.Method("get"), h.Action("/cache"), h.Class("search"),
		h.Label(h.For("explain"), t.say("cache.question")),
		h.Div(
			h.Class("row"),
			h.Input(h.ID("explain"), h.Name("explain"), h.Value(v.Question), h.AutoComplete("off"), testID("explain")),
			h.Button(h.Class("primary"), testID("explain-go"), t.say("cache.explain_go")),
		),
	)
}

func (e CacheExplanation) node(t *texts) g.Node {
	found := badge("silent", t.text("cache.miss"))
	if e.Hit {
		found = badge("answered", t.text("cache.hit"))
	}
	return h.Div(
		h.Class("decision"), testID("explained"),
		h.P(found, g.Text(" "+e.Why)),
		h.Dl(
			h.Class("why"),
			g.If(e.Normalised != "", entry(t.text("cache.normalised"), h.Code(g.Text(e.Normalised)))),
			given(t.text("cache.tier"), e.Tier),
			g.If(e.Threshold != 0, entry(t.text("cache.score"), g.Text(t.short(e.Score)+" / "+t.short(e.Threshold)))),
			g.Iff(e.Entry != nil, func() g.Node { return entry(t.text("cache.entry"), g.Text(e.Entry.Question+" → "+e.Entry.Answer)) }),
		),
		g.If(len(e.Checks) > 0, h.Ul(h.Class("checks"), g.Map(e.Checks, func(c CacheCheck) g.Node { return c.item(t) }))),
	)
}

func (c CacheCheck) item(t *texts) g.Node {
	class, verdict, name := "no", "✗ "+t.text("cache.stopped"), c.Name
	if c.Passed {
		class, verdict = "yes", "✓ "+t.text("cache.passed")
	}
	if c.Detail != "" {
		name += ": " + c.Detail
	}
	return h.Li(h.Class(class), h.B(g.Text(verdict)), g.Text(" "+name))
}

func (v cacheView) tools(t *texts) g.Node {
	return h.Div(
		h.Class("tools"),
		h.Form(
			h.Method("get"), h.Action("/cache"), h.Class("row"),
			h.Label(h.Class("hide"), h.For("filter"), t.say("cache.filter")),
			h.Input(h.ID("filter"), h.Name("filter"), h.Value(v.Filter), h.Placeholder(t.text("cache.filter")), h.AutoComplete("off")),
			h.Button(t.say("cache.filter_go")),
		),
		confirm("confirm end", t.say("cache.clear"), post(
			"/cache/clear",
			h.P(t.say("cache.clear_sure")),
			h.Button(h.Class("danger"), testID("clear"), t.say("cache.clear_yes")),
		)),
	)
}

func (v cacheView) list(t *texts) g.Node {
	if len(v.Entries) == 0 {
		return empty(t.say("cache.none"))
	}
	heads := []string{"cache.question", "cache.answer", "conversation.language", "cache.category", "cache.hits", "cache.used", "cache.expires", ""}
	return g.Group{
		table(t, t.text("cache.entries"), heads, g.Map(v.Entries, func(e store.Entry) g.Node { return entryRow(t, e) })),
		shownOf(t, len(v.Entries), int64(v.Total)),
	}
}

func entryRow(t *texts, e store.Entry) g.Node {
	return h.Tr(
		h.Th(h.Scope("row"), h.Class("clip"), g.Text(e.Question)),
		h.Td(h.Class("clip"), g.Text(e.Answer)),
		h.Td(g.Text(string(e.Scope.Language))),
		h.Td(g.Text(string(e.Category))),
		h.Td(h.Class("num"), g.Text(t.number(e.Hits))),
		h.Td(h.Class("time"), lastUse(t, e.Used)),
		h.Td(h.Class("time"), moment(e.Expires)),
		h.Td(post(
			"/cache/invalidate",
			h.Input(h.Type("hidden"), h.Name("id"), h.Value(e.ID)),
			h.Button(testID("invalidate"), h.Aria("label", t.text("cache.invalidate_one", e.Question)), t.say("cache.invalidate")),
		)),
	)
}

func lastUse(t *texts, used time.Time) g.Node {
	if used.IsZero() {
		return t.say("cache.unused")
	}
	return moment(used)
}
