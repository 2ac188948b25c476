package pages

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
	"tania/internal/queue"
	"tania/internal/setting"
	"tania/internal/tania"
)

// Teach is a form in which somebody writes an answer, and what came of trying it.
type Teach struct {
	// Action is where the form goes.
	Action string
	// ID names the entry that is changed, "" for a new one.
	ID string
	// Bot names the one that is taught, of Bots; these are empty where there is one only.
	Bot  string
	Bots []string
	// Questions and Keywords have one in a line.
	Questions, Keywords, Answer, Why string
	// Language is the answer's, of Languages; "" for all.
	Language  tania.Language
	Languages []tania.Language
	// From is the conversation in which a human wrote what is proposed as the answer; zero where nothing is.
	From tania.ConversationKey
	// Gone reports whether the bot that was taught the entry is not there any more: it can be taken back and nothing else.
	Gone bool
	// Of is the number of the version that the draft was tried on. It is published where that is current still.
	Of int
	// Ready reports whether it may be published: it was tried, or cannot be.
	Ready bool
	// CanTry reports whether drafts can be tried here, Recent whether the latest questions are tried too.
	CanTry, Recent bool
	// Problem is a text's key. Problems are what keeps the lesson from being taken.
	Problem  string
	Problems setting.Problems
	// Other is the version that somebody else published meanwhile, nil if none.
	Other *queue.BotVersion
	// Tried are the form's questions, Changed those of the OfRecent latest that the draft would answer otherwise.
	Tried, Changed []Compared
	OfRecent       int
}

// Compared is a text as it is answered now and would be by a draft.
type Compared struct {
	Text        string
	Differs     bool
	Live, Draft Answered
}

// Answered is one answer.
type Answered struct {
	Text    string
	Outcome tania.Outcome
	Sources []string
	Error   string
}

// section is the form on the page of a question.
func (v Teach) section(t *texts.Texts) g.Node {
	return element.Section("teach", t.Text("teach.title"),
		h.P(h.Class("help"), t.Say("teach.help")),
		v.trouble(t),
		v.form(t),
		v.results(t),
	)
}

func (v Teach) trouble(t *texts.Texts) g.Node {
	return g.Group{
		g.If(v.Problem != "", element.Banner("bad", h.Role("alert"), t.Say(v.Problem))),
		g.Map(v.Problems, func(p setting.Problem) g.Node {
			return element.Banner("bad", h.Role("alert"), element.TestID("teach-problem"), g.Text(p.Name+": "+p.Text+". "+p.Fix))
		}),
		g.Iff(v.Other != nil, func() g.Node {
			return element.Banner("warn", h.Role("alert"), element.TestID("teach-other"),
				t.Say("teach.other", v.Other.Number, v.Other.By, v.Other.Why), g.Text(" "),
				h.A(h.Href("/bot/versions/"+strconv.Itoa(v.Other.Number)), t.Say("teach.look")))
		}),
	}
}

func (v Teach) form(t *texts.Texts) g.Node {
	area := func(name, label, text, rows string, more ...g.Node) g.Node {
		return g.Group{
			h.Label(h.For("teach-"+name), t.Say(label)),
			h.Textarea(
				h.ID("teach-"+name), h.Name(name), h.Rows(rows), h.MaxLength("8000"), element.TestID("teach-"+name), g.Group(more), g.Text("\n"+text),
			),
		}
	}
	return element.Post(
		v.Action, h.Class("teach"),
		h.Input(h.Type("hidden"), h.Name("of"), h.Value(strconv.Itoa(v.Of))),
		g.Iff(len(v.Bots) > 0, func() g.Node {
			return g.Group{
				h.Label(h.For("teach-bot"), t.Say("teach.bot")),
				h.Select(
					h.ID("teach-bot"), h.Name("bot"), element.TestID("teach-bot"),
					g.Map(v.Bots, func(name string) g.Node { return element.Option(name, name, name == v.Bot) }),
				),
				h.P(h.Class("help"), t.Say("teach.bot_help")),
			}
		}),
		area("questions", "teach.questions", v.Questions, "3", h.Required()),
		g.Iff(v.From.Conversation != 0, func() g.Node {
			return element.Banner("note", element.TestID("teach-proposed"), t.Say("teach.proposed"), g.Text(" "), element.ConversationLink(v.From))
		}),
		area("answer", "teach.answer", v.Answer, "4", h.Required()),
		area("keywords", "teach.keywords", v.Keywords, "2"),
		h.P(h.Class("help"), t.Say("teach.keywords_help")),
		h.Label(h.For("teach-language"), t.Say("teach.language")),
		h.Select(
			h.ID("teach-language"), h.Name("language"), element.Option("", t.Text("teach.every"), v.Language == ""),
			g.Map(v.Languages, func(l tania.Language) g.Node { return element.Option(string(l), string(l), l == v.Language) }),
		),
		h.Label(h.For("teach-why"), t.Say("teach.why")),
		h.Input(h.ID("teach-why"), h.Name("why"), h.Value(v.Why), h.MaxLength("200")),
		g.If(v.CanTry, h.Label(h.Class("check"), h.Input(
			h.Type("checkbox"), h.Name("recent"), h.Value("1"), g.If(v.Recent, h.Checked()),
		), t.Say("teach.recent"))),
		h.Div(
			h.Class("row"),
			g.If(v.CanTry, h.Button(h.Name("do"), h.Value("try"), element.TestID("teach-try"), t.Say("teach.try"))),
			g.If(v.Ready, h.Button(
				h.Class("primary"), h.Name("do"), h.Value("publish"), element.TestID("teach-publish"), t.Say("teach.publish"),
			)),
		),
	)
}

func (v Teach) results(t *texts.Texts) g.Node {
	return g.Group{
		g.Map(v.Tried, func(c Compared) g.Node { return c.node(t) }),
		g.Iff(v.OfRecent > 0, func() g.Node {
			return g.Group{
				h.H3(t.Say("teach.changed", len(v.Changed), v.OfRecent)), h.P(h.Class("help"), t.Say("teach.changed_help")),
				g.Map(v.Changed, func(c Compared) g.Node { return c.node(t) }),
			}
		}),
	}
}

func (c Compared) node(t *texts.Texts) g.Node {
	return h.Div(
		h.Class("compared"), element.TestID("compared"),
		h.P(h.B(h.Class("text"), g.Text(c.Text)), g.If(!c.Differs, g.Group{g.Text(" "), element.Small(t.Say("teach.same"))})),
		h.Div(h.Class("sides"), c.Live.node(t, "teach.live"), c.Draft.node(t, "teach.draft")),
	)
}

func (a Answered) node(t *texts.Texts, title string) g.Node {
	return h.Div(
		h.P(element.Small(t.Say(title)), g.Text(" "), element.Outcome(t, a.Outcome)),
		g.If(a.Text != "", h.BlockQuote(h.Class("text"), g.Text(a.Text))),
		g.If(len(a.Sources) > 0, element.Sources(a.Sources)),
		g.If(a.Error != "", element.Banner("bad", g.Text(a.Error))),
	)
}
