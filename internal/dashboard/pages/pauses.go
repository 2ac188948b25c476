package pages

import (
	"fmt"
	"strconv"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
	"tania/internal/tania"
)

// Pause is where a bot is silent, and who wanted it.
type Pause struct {
	// Bot is empty for any, as are the numbers that are 0.
	Bot          string
	Account      tania.AccountID
	Inbox        tania.InboxID
	Conversation tania.ConversationID
	By, Why      string
	At           time.Time
}

// Pauses are the data of where bots are silent.
type Pauses struct {
	List []Pause
	// Names are the bots', the main one's first. Account is that of inboxes and conversations which are named without one.
	Names   []string
	Account tania.AccountID
}

// where says which conversations a pause is about.
func (p Pause) where(t *texts.Texts) string {
	var text string
	add := func(s string) {
		if text != "" {
			text += " · "
		}
		text += s
	}
	if p.Bot != "" {
		add(t.Text("pause.of_bot", p.Bot))
	}
	if p.Inbox != 0 {
		add(t.Text("pause.of_inbox", int64(p.Inbox)))
	}
	if p.Conversation != 0 {
		add(t.Text("pause.of_conversation", fmt.Sprintf("%d:%d", p.Account, p.Conversation)))
	}
	return text
}

// hidden names the pause in a form.
func (p Pause) hidden() g.Node {
	field := func(name, value string) g.Node { return h.Input(h.Type("hidden"), h.Name(name), h.Value(value)) }
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	return g.Group{
		field("bot", p.Bot), field("account", number(int64(p.Account))), field("inbox", number(int64(p.Inbox))),
		field("conversation", number(int64(p.Conversation))),
	}
}

// section lists pauses, and has a form for another.
func (v *Pauses) section(t *texts.Texts) g.Node {
	if v == nil {
		return nil
	}
	return element.Section("pauses-title", t.Text("pause.title"), h.P(h.Class("small"), t.Say("pause.about")), v.table(t), v.form(t))
}

func (v *Pauses) table(t *texts.Texts) g.Node {
	if len(v.List) == 0 {
		return element.Empty(t.Say("pause.none"))
	}
	rows := g.Map(v.List, func(p Pause) g.Node {
		return h.Tr(
			h.Th(h.Scope("row"), g.Text(p.where(t))), h.Td(h.Class("time"), element.Moment(p.At)), h.Td(g.Text(p.By)),
			h.Td(h.Class("clip"), g.Text(p.Why)),
			h.Td(element.Post("/pauses", p.hidden(), h.Button(
				h.Name("do"), h.Value("resume"), element.TestID("resume-bot"), h.Aria("label", t.Text("pause.resume")+": "+p.where(t)),
				t.Say("pause.resume"),
			))),
		)
	})
	return element.Table(t, t.Text("pause.title"), []string{"pause.where", "pause.since", "version.by", "version.why", ""}, rows)
}

func (v *Pauses) form(t *texts.Texts) g.Node {
	return element.Post(
		"/pauses", h.Class("search"),
		h.Label(h.For("pause-bot"), t.Say("pause.bot")),
		h.Select(
			h.ID("pause-bot"), h.Name("bot"), h.Option(h.Value(""), t.Say("pause.any")),
			g.Map(v.Names, func(name string) g.Node { return h.Option(h.Value(name), g.Text(name)) }),
		),
		v.number(t, "inbox", "pause.inbox"), v.number(t, "conversation", "pause.conversation"),
		h.Label(h.For("pause-why"), t.Say("version.reason")),
		h.Input(h.ID("pause-why"), h.Name("why"), h.MaxLength("200")),
		h.Button(h.Name("do"), h.Value("pause"), h.Class("danger"), element.TestID("pause-bot"), t.Say("pause.do")),
	)
}

func (v *Pauses) number(t *texts.Texts, name, label string) g.Node {
	return g.Group{
		h.Label(h.For("pause-"+name), t.Say(label)), h.Input(h.ID("pause-"+name), h.Name(name), h.Type("number"), h.Min("1")),
	}
}

// pausing pauses the bot in the conversation, or has it answer again.
func (v Conversation) pausing(t *texts.Texts) g.Node {
	if !v.CanPause {
		return nil
	}
	return g.Group{g.Map(v.Covered, func(p Pause) g.Node { return p.covering(t) }), v.ownPause(t)}
}

// covering says that the bot is silent here by a pause of more than the conversation, which ends where it is listed.
func (p Pause) covering(t *texts.Texts) g.Node {
	return element.Banner("warn", element.TestID("paused-around"), g.Text(t.Text("pause.covers", p.where(t), p.By)+" "),
		element.Small(g.Text(p.Why)), g.Text(" "), element.Moment(p.At), g.Text(" "),
		h.A(h.Href("/bot#pauses-title"), t.Say("pause.all")))
}

func (v Conversation) ownPause(t *texts.Texts) g.Node {
	here := Pause{Account: v.Key.Account, Conversation: v.Key.Conversation}.hidden()
	back := h.Input(h.Type("hidden"), h.Name("from"), h.Value("conversation"))
	if v.Paused == nil {
		return element.Post("/pauses", h.Class("tools"), here, back, h.Button(
			h.Name("do"), h.Value("pause"), element.TestID("pause-here"), t.Say("pause.here")))
	}
	said := t.Text("pause.paused_here", v.Paused.By)
	return g.Group{
		element.Banner("warn", element.TestID("paused-here"), g.Text(said+" "), element.Small(g.Text(v.Paused.Why)), g.Text(" "),
			element.Moment(v.Paused.At)),
		element.Post("/pauses", h.Class("tools"), here, back, h.Button(
			h.Name("do"), h.Value("resume"), h.Class("primary"), element.TestID("resume-here"), t.Say("pause.resume"))),
	}
}
