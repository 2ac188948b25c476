// Package course shows the procedure that a customer is taken through: where it stands, and what was filled in so far.
package course

import (
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
	"tania/internal/tania"
)

// Node shows a procedure; nothing for none.
func Node(t *texts.Texts, p *tania.Procedure) g.Node {
	if p == nil {
		return g.Group{}
	}
	where := t.Text("conversation.procedure_open", p.Asked)
	if p.End != "" {
		where = t.Term("procedure_end", p.End)
	}
	return element.Fold(t.Text("conversation.procedure", p.Name), g.Group{
		h.P(g.Text(where+" "), element.Small(element.Moment(p.At))),
		h.Ul(element.TestID("procedure"), g.Map(p.Slots, func(f tania.Filled) g.Node {
			return h.Li(h.B(g.Text(f.Slot)), g.Text(": "+shown(f)))
		})),
	})
}

// shown is a value as people read it; of a photo, where it is too.
func shown(f tania.Filled) string {
	if text, is := f.Value.(string); is && strings.HasPrefix(text, "http") {
		return f.Shown + " " + text
	}
	return f.Shown
}
