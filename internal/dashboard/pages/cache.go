package pages

import (
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/cache/store"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
)

// CacheStats counts a cache's work. Saved is in micro-USD.
type CacheStats struct {
	Entries, Hits, Misses, Saved int64
}

// CacheExplanation is what a cache would do with a question, and why.
type CacheExplanation struct {
	Hit bool
	// Tier is how the entry was found, Why the reason in words.
	Tier, Why string
	// Normalised is the question as it is compared.
	Normalised string
	Entry      *store.Entry
	// Score is how near the entry is, Threshold how near it must be.
	Score, Threshold float64
	// Checks are the rules that were asked, in their order.
	Checks []CacheCheck
}

// CacheCheck is one rule of an explanation.
type CacheCheck struct {
	Name   string
	Passed bool
	Detail string
}

// Cache is the page's data.
type Cache struct {
	On       bool
	Stats    CacheStats
	Filter   string
	Entries  []store.Entry
	Total    int
	Question string
	Explain  *CacheExplanation
}

// HitRate is the share of questions that were answered from the cache.
func (s CacheStats) HitRate() float64 { return float64(s.Hits) / float64(max(s.Hits+s.Misses, 1)) }

// Asked counts questions.
func (s CacheStats) Asked() int64 { return s.Hits + s.Misses }

// Nodes implements element.Content.
func (v Cache) Nodes(t *texts.Texts) g.Node {
	if !v.On {
		return element.Empty(element.TestID("cache-off"), t.Say("cache.off"))
	}
	return g.Group{
		v.Stats.tiles(t),
		element.Section("explain-title", t.Text("cache.explain"), v.question(t),
			g.Iff(v.Explain != nil, func() g.Node { return v.Explain.node(t) })),
		element.Section("entries-title", t.Text("cache.entries"), v.tools(t), v.list(t)),
	}
}

func (s CacheStats) tiles(t *texts.Texts) g.Node {
	rate := "—"
	if s.Asked() > 0 {
		rate = t.Percent(s.HitRate())
	}
	return h.Dl(
		h.Class("tiles"),
		element.Tile{Name: t.Text("cache.entries"), Value: t.Number(s.Entries)},
		element.Tile{Name: t.Text("cache.hits"), Value: t.Number(s.Hits)},
		element.Tile{Name: t.Text("cache.misses"), Value: t.Number(s.Misses)},
		element.Tile{Name: t.Text("now.hit_rate"), Value: rate},
		element.Tile{Name: t.Text("cache.saved"), Value: t.Dollars(s.Saved)},
	)
}

func (v Cache) question(t *texts.Texts) g.Node {
	return h.Form(
		h.Method("get"), h.Action("/cache"), h.Class("search"),
		h.Label(h.For("explain"), t.Say("cache.question")),
		h.Div(
			h.Class("row"),
			h.Input(h.ID("explain"), h.Name("explain"), h.Value(v.Question), h.AutoComplete("off"), element.TestID("explain")),
			h.Button(h.Class("primary"), element.TestID("explain-go"), t.Say("cache.explain_go")),
		),
	)
}

func (e CacheExplanation) node(t *texts.Texts) g.Node {
	found := element.Badge("silent", t.Text("cache.miss"))
	if e.Hit {
		found = element.Badge("answered", t.Text("cache.hit"))
	}
	return h.Div(
		h.Class("decision"), element.TestID("explained"),
		h.P(found, g.Text(" "+e.Why)),
		h.Dl(
			h.Class("why"),
			g.If(e.Normalised != "", element.Entry(t.Text("cache.normalised"), h.Code(g.Text(e.Normalised)))),
			element.Given(t.Text("cache.tier"), e.Tier),
			g.If(e.Threshold != 0, element.Entry(t.Text("cache.score"), g.Text(t.Short(e.Score)+" / "+t.Short(e.Threshold)))),
			g.Iff(e.Entry != nil, func() g.Node {
				return element.Entry(t.Text("cache.entry"), g.Text(e.Entry.Question+" → "+e.Entry.Answer))
			}),
		),
		g.If(len(e.Checks) > 0, h.Ul(h.Class("checks"), g.Map(e.Checks, func(c CacheCheck) g.Node { return c.item(t) }))),
	)
}

func (c CacheCheck) item(t *texts.Texts) g.Node {
	class, verdict, name := "no", "✗ "+t.Text("cache.stopped"), c.Name
	if c.Passed {
		class, verdict = "yes", "✓ "+t.Text("cache.passed")
	}
	if c.Detail != "" {
		name += ": " + c.Detail
	}
	return h.Li(h.Class(class), h.B(g.Text(verdict)), g.Text(" "+name))
}

func (v Cache) tools(t *texts.Texts) g.Node {
	return h.Div(
		h.Class("tools"),
		h.Form(
			h.Method("get"), h.Action("/cache"), h.Class("row"),
			h.Label(h.Class("hide"), h.For("filter"), t.Say("cache.filter")),
			h.Input(h.ID("filter"), h.Name("filter"), h.Value(v.Filter), h.Placeholder(t.Text("cache.filter")), h.AutoComplete("off")),
			h.Button(t.Say("cache.filter_go")),
		),
		element.Confirm("confirm end", t.Say("cache.clear"), element.Post(
			"/cache/clear",
			h.P(t.Say("cache.clear_sure")),
			h.Button(h.Class("danger"), element.TestID("clear"), t.Say("cache.clear_yes")),
		)),
	)
}

func (v Cache) list(t *texts.Texts) g.Node {
	if len(v.Entries) == 0 {
		return element.Empty(t.Say("cache.none"))
	}
	heads := []string{
		"cache.question", "cache.answer", "conversation.language", "cache.category", "cache.hits", "cache.used", "cache.expires",
		"",
	}
	return g.Group{
		element.Table(t, t.Text("cache.entries"), heads, g.Map(v.Entries, func(e store.Entry) g.Node { return entryRow(t, e) })),
		element.ShownOf(t, len(v.Entries), int64(v.Total)),
	}
}

func entryRow(t *texts.Texts, e store.Entry) g.Node {
	return h.Tr(
		h.Th(h.Scope("row"), h.Class("clip"), g.Text(e.Question)),
		h.Td(h.Class("clip"), g.Text(e.Answer)),
		h.Td(g.Text(string(e.Scope.Language))),
		h.Td(g.Text(string(e.Category))),
		h.Td(h.Class("num"), g.Text(t.Number(e.Hits))),
		h.Td(h.Class("time"), lastUse(t, e.Used)),
		h.Td(h.Class("time"), element.Moment(e.Expires)),
		h.Td(element.Post(
			"/cache/invalidate",
			h.Input(h.Type("hidden"), h.Name("id"), h.Value(e.ID)),
			h.Button(element.TestID("invalidate"), h.Aria("label", t.Text("cache.invalidate_one", e.Question)), t.Say("cache.invalidate")),
		)),
	)
}

func lastUse(t *texts.Texts, used time.Time) g.Node {
	if used.IsZero() {
		return t.Say("cache.unused")
	}
	return element.Moment(used)
}
