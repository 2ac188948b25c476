package pages

import (
	"strconv"
	"strings"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages/course"
	"tania/internal/dashboard/pages/known"
	"tania/internal/dashboard/texts"
	"tania/internal/tania"
)

// Conversation is the data of a conversation's page.
type Conversation struct {
	tania.Conversation
	Known bool
	// Chatwoot is its address.
	Chatwoot string
	Events   []Event
	// Recalled is what earlier episodes of the contact left, with any bot, oldest first.
	Recalled []tania.Recollection
	// CanPause reports whether the bot can be paused in it, Paused is that it is; nil: it is not.
	CanPause bool
	Paused   *Pause
	// Covered are the pauses of its bot or its inbox, by which the bot is silent in it too.
	Covered []Pause
}

// Nodes implements element.Content.
func (v Conversation) Nodes(t *texts.Texts) g.Node {
	if !v.Known {
		return element.Empty(element.TestID("unknown"), t.Say("conversation.unknown"))
	}
	return g.Group{
		v.facts(t),
		v.withHumans(t),
		g.If(len(v.Recalled) > 0, element.Fold(t.Text("conversation.recalled", len(v.Recalled)), v.recalled(t))),
		course.Node(t, v.Procedure),
		v.pausing(t),
		h.H2(t.Say("conversation.timeline")),
		h.Ol(h.Class("timeline"), g.Map(v.Events, func(e Event) g.Node { return e.item(t) })),
	}
}

func (v Conversation) facts(t *texts.Texts) g.Node {
	return h.Dl(
		h.Class("facts"),
		g.If(element.InChatwoot(v.Chatwoot, v.Key) != "", element.Entry(t.Text("conversation.chatwoot"),
			element.ChatwootLink(t, v.Chatwoot, v.Key))),
		element.Given(t.Text("conversation.contact"), v.Contact.Name),
		element.Given(t.Text("conversation.phone"), v.Contact.Phone),
		element.Given(t.Text("conversation.email"), v.Contact.Email),
		element.Given(t.Text("conversation.channel"), string(v.Channel)),
		g.If(v.Inbox != 0, element.Entry(t.Text("conversation.inbox"), g.Text(strconv.FormatInt(int64(v.Inbox), 10)))),
		element.Given(t.Text("conversation.status"), t.Term("status", v.Status)),
		element.Given(t.Text("conversation.language"), string(v.Language)),
		g.If(len(v.Labels) > 0, element.Entry(t.Text("conversation.labels"), element.Codes(v.Labels))),
	)
}

// recalled lists what the bot remembers of the contact, each with where it was said.
func (v Conversation) recalled(t *texts.Texts) g.Node {
	return h.Ul(element.TestID("recalled"), g.Map(v.Recalled, func(r tania.Recollection) g.Node {
		where := tania.ConversationKey{Account: v.Key.Account, Conversation: r.Conversation}
		kind := t.Term("recalled", r.Kind)
		if r.Kind == tania.RecalledMatter {
			kind += " (" + t.Term("outcome", r.Outcome)
			if r.Colleague {
				kind += ", " + t.Text("conversation.colleague")
			}
			kind += ")"
		}
		return h.Li(h.B(g.Text(kind)), g.Text(": "+r.Text+" "), element.Small(
			h.A(h.Href(element.ConversationPath(where)+"#"+anchor(r.Message)), g.Text(where.String()+" "+numberOf(r.Message))),
			g.Text(" · "), element.Moment(r.At), g.If(r.Bot != "", g.Text(" · "+r.Bot)),
		))
	}))
}

// withHumans shows that a human writes to the customer, or was asked to.
func (v Conversation) withHumans(t *texts.Texts) g.Node {
	var lines g.Group
	if v.Takeover != nil {
		lines = append(lines, element.Banner("warn", g.Text(t.Text("conversation.takeover", v.Takeover.Name)+" "),
			element.Moment(v.Takeover.Last)))
	}
	if v.HandedOver != nil {
		why := t.Term("handoff", v.HandedOver.Reason)
		lines = append(lines, element.Banner("warn", g.Text(t.Text("conversation.handed_over", why)+" "), element.Moment(v.HandedOver.At)),
			g.If(v.HandedOver.Summary != "", h.P(h.Class("small"), h.B(t.Say("conversation.summary")), g.Text(" "+v.HandedOver.Summary))))
	}
	return lines
}

// item is a message, with the decision on it below.
func (e Event) item(t *texts.Texts) g.Node {
	return h.Li(
		h.Class("event "+string(e.From)), g.If(e.ID != 0, h.ID(anchor(e.ID))),
		h.Div(
			h.Class("bubble"),
			h.P(h.Class("who"), h.B(g.Text(e.author(t))), g.Text(" "),
				element.Small(element.Moment(e.At), g.If(e.ID != 0, g.Text(" · "+numberOf(e.ID))))),
			h.P(h.Class("text"), e.text(t)),
		),
		g.If(e.With != 0, h.P(h.Class("small with"), g.Text(t.Text("conversation.with")+" "),
			h.A(h.Href("#"+anchor(e.With)), g.Text(numberOf(e.With))))),
		g.Iff(e.Decision != nil, func() g.Node { return e.Decision.node(t) }),
	)
}

// anchor is a message's place in the page, numberOf how it is called.
func anchor(id tania.MessageID) string { return "m" + strconv.FormatInt(int64(id), 10) }

func numberOf(id tania.MessageID) string { return "#" + strconv.FormatInt(int64(id), 10) }

func (e Event) author(t *texts.Texts) string {
	author := t.Term("author", e.From)
	if e.Name != "" {
		author += " · " + e.Name
	}
	return author
}

func (e Event) text(t *texts.Texts) g.Node {
	if e.Text == "" {
		return h.I(t.Say("conversation.no_text"))
	}
	return g.Text(e.Text)
}

func (v Decision) node(t *texts.Texts) g.Node {
	return h.Div(
		h.Class("decision"), element.TestID("decision"), h.Data("outcome", string(v.Outcome)),
		h.P(element.Outcome(t, v.Outcome), g.Text(" "+v.why(t))),
		v.grounds(t),
		g.If(len(v.Steps) > 0, v.bars(t)),
	)
}

func (v Decision) why(t *texts.Texts) string {
	if v.Reason == tania.Proceed && v.Route != "" {
		return t.Term("route_why", v.Route)
	}
	return t.Term("reason", v.Reason)
}

// grounds are all that is known of a decision.
func (v Decision) grounds(t *texts.Texts) g.Node {
	return h.Dl(
		h.Class("why"),
		element.Given(t.Text("decision.detail"), v.Detail),
		element.Given(t.Text("decision.rule"), v.RouteWhy),
		element.Given(t.Text("decision.handoff"), t.Term("handoff", v.Handoff)),
		element.Given(t.Text("decision.guard"), t.Term("guard", v.Guard)),
		element.Given(t.Text("conversation.language"), string(v.Language)),
		g.If(len(v.Sources) > 0, element.Entry(t.Text("decision.sources"), element.Sources(v.Sources))),
		g.If(len(v.Read) > 0, element.Entry(t.Text("decision.read"), read(v.Read))),
		g.If(len(v.Acts) > 0, element.Entry(t.Text("decision.acts"), acted(t, v.Acts))),
		g.If(v.Route.FromKnowledge(), element.Entry(t.Text("decision.knowledge"),
			h.A(h.Href(known.PathOf(v.Key, v.Message)), element.TestID("why"), t.Say("decision.why_these")))),
		g.Map(v.Review.Ratings(), func(r *tania.Rating) g.Node { return element.Entry(t.Text("decision.rated"), ratedAs(t, *r)) }),
		g.If(v.CacheTier != "", element.Entry(t.Text("decision.cache"), v.fromCache(t))),
		g.If(v.Usage.Model != "", element.Entry(t.Text("decision.model"), element.Usage(t, v.Usage))),
		g.If(len(v.Unchecked) > 0, element.Entry(t.Text("decision.unchecked"), g.Map(v.Unchecked, func(rule string) g.Node {
			return g.Group{h.Span(g.Text(rule)), g.Text(" ")}
		}))),
		g.If(v.Attempt > 1, element.Entry(t.Text("decision.attempt"), g.Text(strconv.Itoa(v.Attempt)))),
		g.If(v.Restarts > 0, element.Entry(t.Text("decision.restarts"), g.Text(strconv.Itoa(v.Restarts)))),
		g.If(v.Waited != 0, element.Entry(t.Text("decision.waited"), g.Text(t.Millis(float64(v.Waited)/float64(time.Millisecond))))),
		g.If(v.Error != "", h.Div(h.Class("bad"), h.Dt(t.Say("decision.error")), h.Dd(g.Text(v.Error)))),
		g.If(v.Reply != "", element.Entry(t.Text("decision.reply"), h.Class("text"), g.Text(v.Reply))),
		element.NotDelivered(t, v.Undelivered),
		element.Given(t.Text("try.bot"), v.Bot),
		g.If(v.BotVersion > 0, element.Entry(t.Text("decision.bot_version"), g.Text(strconv.Itoa(v.BotVersion)))),
		g.If(v.Turn != "", element.Entry(t.Text("decision.turn"), h.Code(g.Text(string(v.Turn))))),
	)
}

// read is what was heard, seen or read in the files of a message.
func read(files []tania.Attachment) g.Node {
	return h.Ul(h.Class("plain"), element.TestID("read"), g.Map(files, func(a tania.Attachment) g.Node {
		return h.Li(h.Code(g.Text(a.Type)), g.Text(" "+strings.TrimSpace(a.Transcript+" "+a.Text)))
	}))
}

// acted are the tools that the model called, each with its arguments, what it gave and how long it took; or why it was not called.
func acted(t *texts.Texts, acts []tania.Act) g.Node {
	return h.Ul(h.Class("plain"), element.TestID("acts"), g.Map(acts, func(a tania.Act) g.Node {
		came := t.Text("decision.act_gave", string(a.Result), t.Millis(a.Millis))
		switch {
		case a.Refused != "":
			came = t.Text("decision.act_refused", a.Refused)
		case a.Doubtful:
			came = t.Text("decision.act_doubtful")
		}
		return h.Li(h.Code(g.Text(a.Tool+" "+string(a.Arguments))), g.Text(" → "+came), ruled(t, a.Ruling))
	}))
}

// ruled is what the team decided on a call, and who; nil where it was not asked.
func ruled(t *texts.Texts, r *tania.Ruling) g.Node {
	if r == nil {
		return nil
	}
	by, reason := r.By, r.Reason
	if by == "" && r.Way != "" {
		by = t.Term("ruled_by", r.Way)
	}
	if r.Verdict == tania.ApprovalWithdrawn {
		reason = t.Term("withdrawn", r.Reason)
	}
	who := element.Small(g.Text(by), g.Text(" "), element.Moment(r.At))
	return h.Span(element.TestID("ruling"), g.Text(" · "+t.Term("ruling", r.Verdict)+" "), who, g.If(reason != "", h.Q(g.Text(reason))))
}

// ratedAs is what an agent said of an answer.
func ratedAs(t *texts.Texts, r tania.Rating) g.Node {
	return g.Group{
		g.Text(t.Term("verdict", r.Verdict) + " "), g.If(r.Reason != "", h.Q(g.Text(r.Reason))), g.Text(" "), element.Small(g.Text(r.Name)),
	}
}

func (v Decision) fromCache(t *texts.Texts) g.Node {
	return g.Group{g.Text(v.CacheTier + " "), h.Code(g.Text(v.CacheEntry)), g.If(v.CacheScore != 0, g.Text(" "+t.Short(v.CacheScore)))}
}

// bars show how long each step took, and when.
func (v Decision) bars(t *texts.Texts) g.Node {
	return h.Table(
		h.Class("steps"), h.Caption(g.Text(t.Text("decision.steps")+" · "+t.Millis(v.Total))),
		h.TBody(g.Map(v.Steps, func(s Step) g.Node {
			return h.Tr(
				h.Th(h.Scope("row"), g.Text(t.Term("step", s.Name))),
				h.Td(h.Class("bar"), s.bar()),
				h.Td(h.Class("num"), g.Text(t.Millis(s.Millis))),
			)
		})),
	)
}

// bar is an image and no style, which the policy does not allow.
func (s Step) bar() g.Node {
	length := func(thousandths float64) string { return strconv.FormatFloat(thousandths, 'f', 1, 64) }
	return h.SVG(
		g.Attr("viewBox", "0 0 1000 10"), g.Attr("preserveAspectRatio", "none"), h.Aria("hidden", "true"),
		g.El("rect", g.Attr("x", length(s.Left)), g.Attr("y", "0"), h.Width(length(s.Width)), h.Height("10")),
	)
}
