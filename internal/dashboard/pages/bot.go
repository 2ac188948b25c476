package pages

import (
	"cmp"
	"maps"
	"slices"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/bot"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages/known"
	"tania/internal/dashboard/texts"
	"tania/internal/queue"
	"tania/internal/setting"
	"tania/internal/tania"
)

// Bot is the page's data.
type Bot struct {
	*bot.Bot
	Path    string
	Builtin bool
	// Published are its newest versions, the one that answers first.
	Published []queue.BotVersion
	// Pauses are where bots are silent; nil: nothing can be paused, or the list could not be read.
	Pauses *Pauses
	// Sources tell how what bot.yaml names to be read is.
	Sources []known.Source
	// File tells how the file is now: same, changed, wrong, missing, unreadable.
	File     string
	Problems setting.Problems
	Error    string
	CanTry   bool
	Text     string
	// Conversation is the number that was given to try in, as it was written.
	Conversation string
	// By names the bot that was asked for a new customer.
	By    string
	Trial *Trial
	// Problem is a text's key: why a trial did not run.
	Problem string
}

// BotText is one of the bot's texts in the languages that it has.
type BotText struct {
	Name string
	Text bot.Text
}

// Texts are the bot's own texts.
func (v Bot) Texts() []BotText {
	b := v.Bot
	return []BotText{
		{"greeting", b.Greeting},
		{"thanks", b.Thanks},
		{"farewell", b.Farewell},
		{"handoff", b.Handoff},
		{"offer_human", b.OfferHuman},
		{"apology", b.Apology},
		{"unknown", b.Unknown},
		{"rate_limited", b.RateLimited},
		{"outside_hours", b.OutsideHours},
		{"attachment", b.Attachment},
		{"too_long", b.TooLong},
		{"late", b.Late},
		{"approval", b.Approval},
		{"ask_back", b.AskBack},
		{"pick_one", b.PickOne},
		{"none_of_these", b.NoneOfThese},
	}
}

// Nodes implements element.Content.
func (v Bot) Nodes(t *texts.Texts) g.Node {
	return g.Group{
		element.Section("try-title", t.Text("try.title"), v.form(t), h.Div(h.ID("trial"), h.Aria("live", "polite"), v.Tried(t))),
		element.Section(
			"file-title", "bot.yaml",
			g.If(v.Builtin, element.Banner("warn", t.Say("bot.builtin", v.Path))),
			v.file(t),
			g.Map(v.Warnings, func(warning string) g.Node { return element.Banner("warn", g.Text(warning)) }),
			v.facts(t),
			element.Fold(t.Text("bot.persona"), h.P(h.Class("text"), g.Text(v.Persona))),
			element.Fold(t.Text("bot.texts"), g.Map(v.Texts(), func(x BotText) g.Node {
				return g.Group{h.H3(g.Text(t.Term("bottext", x.Name))), inLanguages(t, x.Text)}
			})),
			element.Fold(t.Text("bot.faq", len(v.FAQ)), g.Map(v.FAQ, func(f bot.FAQ) g.Node { return faq(t, f) })),
			element.Fold(t.Text("bot.knowledge", len(v.Knowledge)), g.Map(v.Knowledge, passage)),
			element.Fold(t.Text("bot.words"), h.Dl(
				h.Class("why"),
				element.Entry(t.Text("bot.sensitive"), codesOrNone(v.Sensitive)),
				element.Entry(t.Text("bot.handoff_words"), codesOrNone(v.HandoffWords)),
				element.Entry(t.Text("bot.frustration_words"), codesOrNone(v.FrustrationWords)),
			)),
			element.Fold(t.Text("bot.context"), codesOrNone(v.Context)),
			element.Fold(t.Text("bot.citations"), citations(t, v.Citations)),
			element.Fold(t.Text("bot.prices"), prices(t, v.Prices)),
		),
		v.Pauses.section(t),
		known.Sources(t, v.Sources),
		published(t, v.Published),
	}
}

func (v Bot) form(t *texts.Texts) g.Node {
	if !v.CanTry {
		return element.Empty(t.Say("try.off"))
	}
	return element.Post(
		"/bot/try", g.Attr("hx-post", "/bot/try"), g.Attr("hx-target", "#trial"), g.Attr("hx-disabled-elt", "find button"), h.Class("search"),
		h.Label(h.For("text"), t.Say("try.label")),
		h.Textarea(
			h.ID("text"), h.Name("text"), h.Rows("3"), h.MaxLength("4000"), h.Required(), h.Aria("describedby", "try-help"),
			element.TestID("try-text"),
			g.Text(v.Text),
		),
		h.Label(h.For("in-conversation"), t.Say("try.conversation")),
		h.Input(h.ID("in-conversation"), h.Name("conversation"), g.Attr("inputmode", "numeric"), element.TestID("try-conversation"),
			h.Value(v.Conversation)),
		v.choice(t),
		h.Div(
			h.Class("row"),
			h.Button(h.Class("primary"), element.TestID("try"), t.Say("try.go")), g.Text(" "),
			h.Span(h.ID("try-help"), h.Class("help"), t.Say("try.help")),
		),
	)
}

// choice is who answers a new customer, where there are several bots.
func (v Bot) choice(t *texts.Texts) g.Node {
	if len(v.Assignments) == 0 {
		return nil
	}
	option := func(name string) g.Node {
		return h.Option(h.Value(name), g.If(name == v.By, h.Selected()), g.Text(name))
	}
	return g.Group{
		h.Label(h.For("by"), t.Say("try.by")),
		h.Select(h.ID("by"), h.Name("bot"), element.TestID("try-bot"), option(bot.Main),
			g.Map(v.Assignments, func(a bot.Assignment) g.Node { return option(a.Name) })),
	}
}

// file tells how the file is now. That the built-in bot has none is said already.
func (v Bot) file(t *texts.Texts) g.Node {
	id := element.TestID("bot-file")
	switch v.File {
	case "same":
		return g.If(!v.Builtin, element.Banner("good", id, t.Say("bot.same", v.Path)))
	case "changed":
		return element.Banner("warn", id, t.Say("bot.changed", v.Path))
	case "missing":
		return g.If(!v.Builtin, element.Banner("warn", id, t.Say("bot.missing", v.Path)))
	case "unreadable":
		return element.Banner("bad", id, g.Text(t.Text("bot.unreadable", v.Path)+" "+v.Error))
	}
	return h.Div(
		h.Class("banner bad"), id,
		h.P(t.Say("bot.wrong", v.Path)),
		h.Ol(g.Map(v.Problems, func(p setting.Problem) g.Node { return problem(t, p) })),
	)
}

func problem(t *texts.Texts, p setting.Problem) g.Node {
	return h.Li(
		g.Text(p.Name+": "+p.Text),
		g.If(p.Fix != "", g.Group{g.Text(" — "), h.B(g.Text(p.Fix))}),
		g.If(p.Snippet != "", element.Verbatim(t.Text("bot.place"), p.Snippet)),
	)
}

func (v Bot) facts(t *texts.Texts) g.Node {
	return h.Dl(
		h.Class("facts"),
		element.Entry(t.Text("bot.name"), g.Text(v.Name)),
		element.Given(t.Text("bot.business"), v.Business),
		element.Entry(t.Text("bot.languages"), g.Map(v.Languages, func(l tania.Language) g.Node { return g.Text(string(l) + " ") })),
		element.Entry(t.Text("bot.version"), h.Code(g.Text(v.Version))),
	)
}

// inLanguages is a text in all its languages.
func inLanguages(t *texts.Texts, text bot.Text) g.Node {
	return h.Dl(h.Class("why"), g.Map(slices.Sorted(maps.Keys(text)), func(l tania.Language) g.Node {
		name := string(l)
		if l == bot.AnyLanguage {
			name = t.Text("bot.any")
		}
		return element.Entry(name, h.Class("text"), g.Text(text[l]))
	}))
}

func faq(t *texts.Texts, f bot.FAQ) g.Node {
	return g.Group{
		h.H3(h.Code(g.Text(f.ID)), g.If(f.Category != "", g.Group{g.Text(" "), element.Small(g.Text(f.Category))})),
		h.Ul(g.Map(f.Questions, func(q string) g.Node { return h.Li(g.Text(q)) })),
		g.If(len(f.Keywords) > 0, h.P(h.Class("small"), element.Codes(f.Keywords))),
		inLanguages(t, f.Answer),
		link(f.URL),
	}
}

func passage(p bot.Passage) g.Node {
	return g.Group{
		h.H3(g.Text(p.Title+" "), h.Code(h.Class("small"), g.Text(p.Source))),
		h.P(h.Class("text"), g.Text(p.Text)),
		link(p.URL),
	}
}

// link is where customers can read an entry.
func link(address string) g.Node {
	return g.If(address != "", h.P(h.Class("small"), h.Code(g.Text(address))))
}

func codesOrNone(words []string) g.Node {
	if len(words) == 0 {
		return g.Text("—")
	}
	return element.Codes(words)
}

// citations are what customers are told of where answers come from, by channel.
func citations(t *texts.Texts, of map[tania.Channel]bot.Credit) g.Node {
	if len(of) == 0 {
		of = map[tania.Channel]bot.Credit{"": bot.CreditNone}
	}
	return h.Dl(h.Class("why"), g.Map(slices.Sorted(maps.Keys(of)), func(c tania.Channel) g.Node {
		return element.Entry(cmp.Or(string(c), t.Text("bot.any")), h.Code(g.Text(string(of[c]))))
	}))
}

func prices(t *texts.Texts, of map[string]bot.Price) g.Node {
	lines := g.Map(slices.Sorted(maps.Keys(of)), func(model string) g.Node {
		return element.Entry(model, t.Say("bot.price", of[model].Input, of[model].Output))
	})
	if len(lines) == 0 {
		lines = g.Group{element.Entry("—", g.Text("—"))}
	}
	return h.Dl(h.Class("why"), lines)
}
