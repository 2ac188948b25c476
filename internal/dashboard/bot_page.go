package dashboard

import (
	"maps"
	"slices"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/bot"
	"tania/internal/setting"
	"tania/internal/tania"
)

func (v botView) nodes(t *texts) g.Node {
	return g.Group{
		section("try-title", t.text("try.title"), v.form(t), h.Div(h.ID("trial"), h.Aria("live", "polite"), v.trial(t))),
		section(
			"file-title", "bot.yaml",
			g.If(v.Builtin, banner("warn", t.say("bot.builtin", v.Path))),
			v.file(t),
			g.Map(v.Warnings, func(warning string) g.Node { return banner("warn", g.Text(warning)) }),
			v.facts(t),
			fold(t.text("bot.persona"), h.P(h.Class("text"), g.Text(v.Persona))),
			fold(t.text("bot.texts"), g.Map(v.Texts(), func(x BotText) g.Node {
				return g.Group{h.H3(g.Text(t.term("bottext", x.Name))), inLanguages(t, x.Text)}
			})),
			fold(t.text("bot.faq", len(v.FAQ)), g.Map(v.FAQ, func(f bot.FAQ) g.Node { return faq(t, f) })),
			fold(t.text("bot.knowledge", len(v.Knowledge)), g.Map(v.Knowledge, passage)),
			fold(t.text("bot.words"), h.Dl(
				h.Class("why"),
				entry(t.text("bot.sensitive"), codesOrNone(v.Sensitive)),
				entry(t.text("bot.handoff_words"), codesOrNone(v.HandoffWords)),
				entry(t.text("bot.frustration_words"), codesOrNone(v.FrustrationWords)),
			)),
			fold(t.text("bot.prices"), prices(t, v.Prices)),
		),
	}
}

func (v botView) form(t *texts) g.Node {
	if !v.CanTry {
		return empty(t.say("try.off"))
	}
	return post(
		"/bot/try", g.Attr("hx-post", "/bot/try"), g.Attr("hx-target", "#trial"), g.Attr("hx-disabled-elt", "find button"), h.Class("search"),
		h.Label(h.For("text"), t.say("try.label")),
		h.Textarea(
			h.ID("text"), h.Name("text"), h.Rows("3"), h.MaxLength("4000"), h.Required(), h.Aria("describedby", "try-help"), testID("try-text"),
			g.Text(v.Text),
		),
		h.Label(h.For("in-conversation"), t.say("try.conversation")),
		h.Input(h.ID("in-conversation"), h.Name("conversation"), g.Attr("inputmode", "numeric"), testID("try-conversation"), h.Value(v.Conversation)),
		h.Div(
			h.Class("row"),
			h.Button(h.Class("primary"), testID("try"), t.say("try.go")), g.Text(" "),
			h.Span(h.ID("try-help"), h.Class("help"), t.say("try.help")),
		),
	)
}

// file tells how the file is now. That the built-in bot has none is said already.
func (v botView) file(t *texts) g.Node {
	id := testID("bot-file")
	switch v.File {
	case "same":
		return g.If(!v.Builtin, banner("good", id, t.say("bot.same", v.Path)))
	case "changed":
		return banner("warn", id, t.say("bot.changed", v.Path))
	case "missing":
		return g.If(!v.Builtin, banner("warn", id, t.say("bot.missing", v.Path)))
	case "unreadable":
		return banner("bad", id, g.Text(t.text("bot.unreadable", v.Path)+" "+v.Error))
	}
	return h.Div(
		h.Class("banner bad"), id,
		h.P(t.say("bot.wrong", v.Path)),
		h.Ol(g.Map(v.Problems, func(p setting.Problem) g.Node { return problem(t, p) })),
	)
}

func problem(t *texts, p setting.Problem) g.Node {
	return h.Li(
		g.Text(p.Name+": "+p.Text),
		g.If(p.Fix != "", g.Group{g.Text(" — "), h.B(g.Text(p.Fix))}),
		g.If(p.Snippet != "", verbatim(t.text("bot.place"), p.Snippet)),
	)
}

func (v botView) facts(t *texts) g.Node {
	return h.Dl(
		h.Class("facts"),
		entry(t.text("bot.name"), g.Text(v.Name)),
		given(t.text("bot.business"), v.Business),
		entry(t.text("bot.languages"), g.Map(v.Languages, func(l tania.Language) g.Node { return g.Text(string(l) + " ") })),
		entry(t.text("bot.version"), h.Code(g.Text(v.Version))),
	)
}

// inLanguages is a text in all its languages.
func inLanguages(t *texts, text bot.Text) g.Node {
	return h.Dl(h.Class("why"), g.Map(slices.Sorted(maps.Keys(text)), func(l tania.Language) g.Node {
		name := string(l)
		if l == bot.AnyLanguage {
			name = t.text("bot.any")
		}
		return entry(name, h.Class("text"), g.Text(text[l]))
	}))
}

func faq(t *texts, f bot.FAQ) g.Node {
	return g.Group{
		h.H3(h.Code(g.Text(f.ID)), g.If(f.Category != "", g.Group{g.Text(" "), small(g.Text(f.Category))})),
		h.Ul(g.Map(f.Questions, func(q string) g.Node { return h.Li(g.Text(q)) })),
		g.If(len(f.Keywords) > 0, h.P(h.Class("small"), codes(f.Keywords))),
		inLanguages(t, f.Answer),
	}
}

func passage(p bot.Passage) g.Node {
	return g.Group{
		h.H3(g.Text(p.Title+" "), h.Code(h.Class("small"), g.Text(p.Source))),
		h.P(h.Class("text"), g.Text(p.Text)),
	}
}

func codesOrNone(words []string) g.Node {
	if len(words) == 0 {
		return g.Text("—")
	}
	return codes(words)
}

func prices(t *texts, of map[string]bot.Price) g.Node {
	lines := g.Map(slices.Sorted(maps.Keys(of)), func(model string) g.Node {
		return entry(model, t.say("bot.price", of[model].Input, of[model].Output))
	})
	if len(lines) == 0 {
		lines = g.Group{entry("—", g.Text("—"))}
	}
	return h.Dl(h.Class("why"), lines)
}
