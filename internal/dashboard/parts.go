package dashboard

import (
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/tania"
)

// say is a text by its key, as text.
func (t *texts) say(key string, args ...any) g.Node { return g.Text(t.text(key, args...)) }

// testID is the name by which tests find an element.
func testID(name string) g.Node { return h.Data("testid", name) }

// banner is a line that tells how things stand: good, warn or bad.
func banner(kind string, children ...g.Node) g.Node {
	return h.P(h.Class("banner "+kind), g.Group(children))
}

// empty stands where there is nothing to show.
func empty(children ...g.Node) g.Node { return h.P(h.Class("empty"), g.Group(children)) }

// small is what is said beside something.
func small(children ...g.Node) g.Node { return h.Span(h.Class("small"), g.Group(children)) }

// entry is a name and its value in a list.
func entry(name string, value ...g.Node) g.Node {
	return h.Div(h.Dt(g.Text(name)), h.Dd(g.Group(value)))
}

// given is an entry that is there where its value is.
func given(name, value string) g.Node {
	if value == "" {
		return nil
	}
	return entry(name, g.Text(value))
}

// codes are words as they are written, one after the other.
func codes(words []string) g.Node {
	return g.Map(words, func(w string) g.Node { return g.Group{h.Code(g.Text(w)), g.Text(" ")} })
}

func sources(names []string) g.Node {
	return h.Ul(h.Class("plain"), g.Map(names, func(name string) g.Node { return h.Li(h.Code(g.Text(name))) }))
}

func usage(t *texts, u tania.Usage) g.Node {
	if u.Calls == 0 {
		return g.Text(u.Model)
	}
	return g.Text(u.Model + " · " + t.text("usage.calls", u.Calls) + " · " + t.text("usage.tokens", u.InputTokens, u.OutputTokens) + " · " + t.dollars(u.Cost))
}

func badge(kind, text string) g.Node { return h.Span(h.Class("badge "+kind), g.Text(text)) }

func outcome(t *texts, o tania.Outcome) g.Node { return badge(string(o), t.term("outcome", o)) }

func conversationLink(k tania.ConversationKey) g.Node {
	return h.A(h.Href(conversationPath(k)), g.Text(k.String()))
}

// moment is a time in UTC, which the page's script puts into the reader's own time.
func moment(at time.Time) g.Node {
	if at.IsZero() {
		return g.Text("—")
	}
	at = at.UTC()
	return h.Time(h.DateTime(at.Format("2006-01-02T15:04:05.000Z07:00")), g.Text(at.Format("2006-01-02 15:04:05 UTC")))
}

// table scrolls sideways where it is too wide; its name is for those who cannot see it. Heads are keys of texts, "" for a
// column without one.
func table(t *texts, name string, heads []string, rows g.Node) g.Node {
	return scrolling(h.Div, name, h.Class("scroll"), h.Table(
		h.THead(h.Tr(g.Map(heads, func(key string) g.Node {
			if key == "" {
				return h.Td()
			}
			return h.Th(h.Scope("col"), t.say(key))
		}))),
		h.TBody(rows),
	))
}

// shownOf says so where a list holds not all there is.
func shownOf(t *texts, shown int, total int64) g.Node {
	return g.If(int64(shown) < total, h.P(h.Class("small"), t.say("dead.showing", shown, total)))
}

// verbatim is a text with its lines as they are.
func verbatim(name, text string) g.Node { return scrolling(h.Pre, name, g.Text(text)) }

// scrolling is an element that the keyboard can scroll.
func scrolling(element func(...g.Node) g.Node, name string, children ...g.Node) g.Node {
	return element(h.TabIndex("0"), h.Role("region"), h.Aria("label", name), g.Group(children))
}

// confirm is a button that asks before anything is done.
func confirm(class string, button, question g.Node) g.Node {
	return h.Details(h.Class(class), h.Summary(h.Class("button"), button), question)
}

// post is a form that does something, after a question where there is one.
func post(action string, children ...g.Node) g.Node {
	return h.Form(h.Method("post"), h.Action(action), g.Group(children))
}

// section is a part of a page under a heading.
func section(id, title string, children ...g.Node) g.Node {
	return h.Section(h.Aria("labelledby", id), h.H2(h.ID(id), g.Text(title)), g.Group(children))
}

// fold is a part that is closed at first.
func fold(title string, children ...g.Node) g.Node {
	return h.Details(h.Class("fold"), h.Summary(g.Text(title)), g.Group(children))
}
