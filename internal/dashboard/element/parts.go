package element

import (
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/texts"
	"tania/internal/tania"
)

// TestID is the name by which tests find an element.
func TestID(name string) g.Node { return h.Data("testid", name) }

// Banner is a line that tells how things stand: good, warn or bad.
func Banner(kind string, children ...g.Node) g.Node {
	return h.P(h.Class("banner "+kind), g.Group(children))
}

// Empty stands where there is nothing to show.
func Empty(children ...g.Node) g.Node { return h.P(h.Class("empty"), g.Group(children)) }

// Small is what is said beside something.
func Small(children ...g.Node) g.Node { return h.Span(h.Class("small"), g.Group(children)) }

// Entry is a name and its value in a list.
func Entry(name string, value ...g.Node) g.Node {
	return h.Div(h.Dt(g.Text(name)), h.Dd(g.Group(value)))
}

// Given is an entry that is there where its value is.
func Given(name, value string) g.Node {
	if value == "" {
		return nil
	}
	return Entry(name, g.Text(value))
}

// Codes are words as they are written, one after the other.
func Codes(words []string) g.Node {
	return g.Map(words, func(w string) g.Node { return g.Group{h.Code(g.Text(w)), g.Text(" ")} })
}

// Sources is a list of what an answer was taken from.
func Sources(names []string) g.Node {
	return h.Ul(h.Class("plain"), g.Map(names, func(name string) g.Node { return h.Li(h.Code(g.Text(name))) }))
}

// Usage is what a model was asked and what it cost.
func Usage(t *texts.Texts, u tania.Usage) g.Node {
	if u.Calls == 0 {
		return g.Text(u.Model)
	}
	return g.Text(u.Model + " · " + t.Text("usage.calls", u.Calls) + " · " + t.Text("usage.tokens", u.InputTokens, u.OutputTokens) + " · " +
		t.Dollars(u.Cost))
}

// Badge is a word in a colour, which its kind chooses.
func Badge(kind, text string) g.Node { return h.Span(h.Class("badge "+kind), g.Text(text)) }

// Outcome is how a turn ended.
func Outcome(t *texts.Texts, o tania.Outcome) g.Node { return Badge(string(o), t.Term("outcome", o)) }

// Moment is a time in UTC, which the page's script puts into the reader's own time.
func Moment(at time.Time) g.Node {
	if at.IsZero() {
		return g.Text("—")
	}
	at = at.UTC()
	return h.Time(h.DateTime(at.Format("2006-01-02T15:04:05.000Z07:00")), g.Text(at.Format("2006-01-02 15:04:05 UTC")))
}

// Table scrolls sideways where it is too wide; its name is for those who cannot see it. Heads are keys of texts, "" for a
// column without one.
func Table(t *texts.Texts, name string, heads []string, rows g.Node) g.Node {
	return scrolling(h.Div, name, h.Class("scroll"), h.Table(
		h.THead(h.Tr(g.Map(heads, func(key string) g.Node {
			if key == "" {
				return h.Td()
			}
			return h.Th(h.Scope("col"), t.Say(key))
		}))),
		h.TBody(rows),
	))
}

// ShownOf says so where a list holds not all there is.
func ShownOf(t *texts.Texts, shown int, total int64) g.Node {
	return g.If(int64(shown) < total, h.P(h.Class("small"), t.Say("dead.showing", shown, total)))
}

// Verbatim is a text with its lines as they are.
func Verbatim(name, text string) g.Node { return scrolling(h.Pre, name, g.Text(text)) }

// scrolling is an element that the keyboard can scroll.
func scrolling(element func(...g.Node) g.Node, name string, children ...g.Node) g.Node {
	return element(h.TabIndex("0"), h.Role("region"), h.Aria("label", name), g.Group(children))
}

// Confirm is a button that asks before anything is done.
func Confirm(class string, button, question g.Node) g.Node {
	return h.Details(h.Class(class), h.Summary(h.Class("button"), button), question)
}

// Post is a form that does something, after a question where there is one.
func Post(action string, children ...g.Node) g.Node {
	return h.Form(h.Method("post"), h.Action(action), g.Group(children))
}

// Section is a part of a page under a heading.
func Section(id, title string, children ...g.Node) g.Node {
	return h.Section(h.Aria("labelledby", id), h.H2(h.ID(id), g.Text(title)), g.Group(children))
}

// Fold is a part that is closed at first.
func Fold(title string, children ...g.Node) g.Node {
	return h.Details(h.Class("fold"), h.Summary(g.Text(title)), g.Group(children))
}

// Field is a label and what it names, which no line end parts.
func Field(id, label string, input g.Node) g.Node {
	return h.Span(h.Class("field"), h.Label(h.For(id), g.Text(label)), input)
}

// Option is a choice in a list.
func Option(value, text string, chosen bool) g.Node {
	return h.Option(h.Value(value), g.If(chosen, h.Selected()), g.Text(text))
}
