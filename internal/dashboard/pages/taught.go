package pages

import (
	"net/url"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/bot"
	"tania/internal/bots/versions"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
)

// Taught is the data of the page of what the bots were taught.
type Taught struct{ Bots []versions.Taught }

// LessonPath is where an entry that a bot was taught is changed.
func LessonPath(bot, id string) string {
	return "/teach/" + url.PathEscape(bot) + "/" + url.PathEscape(id)
}

// Nodes implements element.Content.
func (v Taught) Nodes(t *texts.Texts) g.Node {
	return g.Group{
		h.P(h.Class("help"), t.Say("taught.help")),
		h.P(h.A(h.Class("button"), h.Href("/teach/new"), element.TestID("teach-new"), t.Say("taught.new"))),
		g.If(len(v.Bots) == 0, element.Empty(element.TestID("none"), t.Say("taught.none"))),
		g.Map(v.Bots, func(b versions.Taught) g.Node {
			return element.Section("bot-"+b.Bot, b.Bot, h.Ul(h.Class("cards asked"), g.Map(b.Lessons, func(l bot.Lesson) g.Node {
				return h.Li(
					h.Class("card"), element.TestID("lesson"),
					h.A(h.Class("text"), h.Href(LessonPath(b.Bot, l.ID)), g.Text(strings.Join(l.Questions, "\n"))),
					h.BlockQuote(h.Class("text"), g.Text(l.Answer)),
					g.If(l.Language != "", h.P(element.Small(g.Text(string(l.Language))))),
				)
			})))
		}),
		h.P(h.A(h.Href("/questions"), t.Say("question.all"))),
	}
}

// Nodes implements element.Content: a form alone, for an entry that no question is shown beside.
func (v Teach) Nodes(t *texts.Texts) g.Node {
	return g.Group{
		g.If(!v.Gone, v.section(t)),
		g.Iff(v.Gone, func() g.Node { return v.gone(t) }),
		g.If(v.ID != "", element.Section("untaught", t.Text("taught.remove"), element.Confirm("confirm", t.Say("taught.remove"), element.Post(
			v.Action, h.Class("panel"),
			h.Input(h.Type("hidden"), h.Name("of"), h.Value(number(v.Of))),
			h.P(t.Say("taught.remove_sure")),
			h.Button(h.Class("danger"), h.Name("do"), h.Value("remove"), element.TestID("teach-remove"), t.Say("taught.remove_yes")),
		)))),
		h.P(h.A(h.Href("/teach"), t.Say("taught.all"))),
	}
}

// gone shows an entry of a bot that is not there any more.
func (v Teach) gone(t *texts.Texts) g.Node {
	return g.Group{
		v.trouble(t),
		element.Banner("warn", element.TestID("teach-gone"), t.Say("taught.gone", v.Bot)),
		h.P(h.Class("text"), g.Text(v.Questions)),
		h.BlockQuote(h.Class("text"), g.Text(v.Answer)),
	}
}
