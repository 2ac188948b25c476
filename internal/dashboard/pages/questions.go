package pages

import (
	"slices"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
	"tania/internal/questions"
	"tania/internal/tania"
)

// Questions is the data of the page of what the bot missed.
type Questions struct {
	Filter questions.Filter
	// Wrong are the fields of a filter that were left out, because they say nothing of it.
	Wrong []string
	// Inboxes are those that can be chosen.
	Inboxes []tania.InboxID
	Groups  []questions.Group
	// All counts the groups, those that are not shown among them.
	All int64
	// Of counts the questions of which the groups were chosen; Older reports whether there are more that are older.
	Of    int
	Older bool
}

// Nodes implements element.Content.
func (v Questions) Nodes(t *texts.Texts) g.Node {
	help := h.P(h.Class("help"), t.Say("questions.help"), g.Text(" "), h.A(h.Href("/teach"), t.Say("taught.all")))
	return g.Group{help, v.filters(t), leftOut(t, v.Wrong), v.list(t)}
}

func (v Questions) filters(t *texts.Texts) g.Node {
	f := v.Filter
	return h.Form(
		h.Class("filters"), h.Method("get"), h.Action("/questions"), h.Aria("label", t.Text("conversations.filter")),
		element.Field("words", t.Text("conversations.words"),
			h.Input(h.ID("words"), h.Name("words"), h.Value(f.Words), h.MaxLength("100"), element.TestID("words"))),
		element.Field("miss", t.Text("questions.miss"), h.Select(
			h.ID("miss"), h.Name("miss"), h.Option(h.Value(""), t.Say("questions.teachable")),
			g.Map(questions.Misses, func(m tania.Miss) g.Node { return element.Option(string(m), t.Term("miss", m), m == f.Miss) }),
		)),
		element.Field("inbox", t.Text("conversation.inbox"), h.Select(
			h.ID("inbox"), h.Name("inbox"), h.Option(h.Value(""), t.Say("conversations.any")),
			g.Map(v.Inboxes, func(id tania.InboxID) g.Node { return element.Option(number(id), number(id), id == f.Inbox) }),
		)),
		element.Field("day", t.Text("conversations.day"), h.Input(h.ID("day"), h.Name("day"), h.Type("date"), h.Value(f.Day))),
		element.Field("sort", t.Text("questions.sort"), h.Select(
			h.ID("sort"), h.Name("sort"), element.Option("newest", t.Text("questions.newest"), !f.Most),
			element.Option("most", t.Text("questions.most"), f.Most),
		)),
		h.Button(element.TestID("filter"), t.Say("conversations.filter_go")),
	)
}

func number[N ~int | ~int64](id N) string { return strconv.FormatInt(int64(id), 10) }

func (v Questions) list(t *texts.Texts) g.Node {
	none := v.Filter
	none.Most = false
	switch {
	case len(v.Groups) == 0 && none != questions.Filter{}:
		return element.Empty(element.TestID("none-like-that"), t.Say("questions.none_like_that"))
	case len(v.Groups) == 0:
		return element.Empty(element.TestID("none"), t.Say("questions.none"))
	}
	return g.Group{
		element.ShownOf(t, len(v.Groups), v.All),
		h.Ul(h.Class("cards asked"), g.Map(v.Groups, func(group questions.Group) g.Node {
			last := group.Newest()
			last.Answered = slices.ContainsFunc(group.Questions, func(q questions.Question) bool { return q.Answered })
			return h.Li(
				h.Class("card"), element.TestID("group"),
				h.A(h.Class("text"), h.Href(QuestionPath(last)), g.Text(last.Text)),
				h.P(missed(t, group), times(t, group), rated(t, last), element.Small(g.Text(" "), asked(t, last))),
			)
		})),
		g.If(v.Older, h.P(h.Class("small"), t.Say("questions.older", v.Of))),
	}
}

// QuestionPath is where the dashboard shows a question with those like it.
func QuestionPath(q questions.Question) string {
	return "/questions" + element.ConversationPath(q.Key)[len("/conversations"):] + "/" + strconv.FormatInt(int64(q.Message), 10)
}

// missed are the ways in which a group's questions were missed, in the order of the closed set.
func missed(t *texts.Texts, group questions.Group) g.Node {
	counts := group.Misses()
	return g.Map(questions.Misses, func(m tania.Miss) g.Node {
		return g.If(counts[m] > 0, g.Group{element.Badge(string(m), t.Term("miss", m)), g.Text(" ")})
	})
}

func times(t *texts.Texts, group questions.Group) g.Node {
	return g.If(len(group.Questions) > 1, g.Group{h.B(t.Say("questions.times", len(group.Questions))), g.Text(" ")})
}

// rated is what an agent said of it.
func rated(t *texts.Texts, q questions.Question) g.Node {
	return g.Group{
		g.If(q.Reason != "", g.Group{h.Q(g.Text(q.Reason)), g.Text(" ")}),
		g.If(q.RatedBy != "", g.Group{element.Small(t.Say("question.rated_by", q.RatedBy)), g.Text(" ")}),
		g.If(q.Answered, g.Group{element.Badge("answered", t.Text("question.answered")), g.Text(" ")}),
	}
}

// asked is when and where.
func asked(t *texts.Texts, q questions.Question) g.Node {
	return g.Group{
		element.Moment(q.At), g.If(q.Inbox != 0, g.Text(" · "+t.Text("conversation.inbox")+" "+number(q.Inbox))),
		g.If(q.Language != "", g.Text(" · "+string(q.Language))),
	}
}

// Question is the data of the page of one question, with those that ask the same.
type Question struct {
	Group questions.Group
	// Chatwoot is the address of Chatwoot's own pages, "" where it is not known.
	Chatwoot string
	Teach    Teach
}

// Nodes implements element.Content.
func (v Question) Nodes(t *texts.Texts) g.Node {
	last := v.Group.Newest()
	return g.Group{
		h.BlockQuote(h.Class("text"), element.TestID("question"), g.Text(last.Text)),
		h.P(missed(t, v.Group), times(t, v.Group)),
		v.Teach.section(t),
		element.Section("asked", t.Text("question.asked"), h.Ul(h.Class("cards asked"), g.Map(v.Group.Questions, func(q questions.Question) g.Node {
			return h.Li(
				h.Class("card"), element.TestID("asked"),
				h.P(h.Class("text"), g.Text(q.Text)),
				g.If(q.Answer != "", h.BlockQuote(h.Class("text"), g.Text(q.Answer))),
				h.P(
					element.Badge(string(q.Miss), t.Term("miss", q.Miss)), g.Text(" "), rated(t, q),
					element.Small(asked(t, q), g.If(q.BotVersion > 0, g.Text(" · "+t.Text("question.version", q.BotVersion)))), g.Text(" "),
					h.A(h.Href(element.ConversationPath(q.Key)+"#m"+strconv.FormatInt(int64(q.Message), 10)), g.Text(q.Key.String())),
					element.ChatwootLink(t, v.Chatwoot, q.Key),
				),
			)
		}))),
		h.P(h.A(h.Href("/questions"), t.Say("question.all"))),
	}
}
