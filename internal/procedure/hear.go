package procedure

import (
	"slices"
	"strings"
	"time"

	"tania/internal/answer/choice"
	"tania/internal/tania"
)

// Message is what a customer wrote.
type Message struct {
	ID   tania.MessageID
	Text string
	// Photo is where a picture is that came with it, "" for none.
	Photo string
	// Corrected reports whether it replaces what the same message said before.
	Corrected bool
	// Aside reports whether the dispatcher knows it for something else: a greeting, thanks. Known reports whether the FAQ has an answer to it.
	Aside, Known bool
}

// Heard is what a turn's messages did.
type Heard struct {
	// Took reports whether something in them was for the procedure, Aside whether something was not and wants an answer of its own.
	Took, Aside bool
	// Left reports whether the customer does not want to go on.
	Left bool
	// No reports whether they said no to the summary, and not what is wrong.
	No bool
	// Wrong is why what they wrote was not taken, "" where nothing was wrong.
	Wrong string
}

// Turn is how a turn's messages are read.
type Turn struct {
	ID       tania.TurnID
	Language tania.Language
	// Now is when, in the bot's time zone.
	Now time.Time
}

func (t Turn) when(own tania.Language) when {
	return when{language: t.Language, fallback: own, now: t.Now}
}

// hearing is what is heard of one turn.
type hearing struct {
	*Procedure
	when
	turn  Turn
	state *tania.Procedure
	heard Heard
	// asked is the slot whose question is open, nil for none; summed reports whether the summary is.
	asked  *slot
	summed bool
}

// Hear takes in what a customer wrote: it fills slots, in any order, corrects them, and notes a yes to the summary. The state is changed.
func (p *Procedure) Hear(state *tania.Procedure, messages []Message, t Turn) Heard {
	h := &hearing{Procedure: p, when: t.when(p.own), turn: t, state: state}
	if open := p.stepOf(state.Asked); open != nil {
		h.asked, h.summed = open.slot, open.kind == confirms
	}
	state.Turn, state.At = t.ID, t.Now.UTC()
	for i := range messages {
		h.message(&messages[i])
		if h.heard.Left {
			state.End = tania.ProcedureLeft
			break
		}
	}
	if h.heard.Took {
		h.heard.Wrong = strings.TrimSpace(h.heard.Wrong)
	}
	return h.heard
}

// frozen reports whether nothing can be changed any more: a tool has written by it.
func (h *hearing) frozen() bool { return h.state.Wrote() }

func (h *hearing) message(m *Message) {
	t := readText(m.Text)
	took := h.photo(m)
	asks, informing := t.question()
	switch {
	case h.frozen():
		h.heard.Aside = h.heard.Aside || !took
		return
	case h.answered(m, &t, asks):
		took = true
	case t.leaves():
		h.heard.Left = true
		return
	}
	if h.byTheWay(m, &t) {
		took = true
	}
	if !took && h.named(&t) {
		took = true
	}
	h.heard.Took = h.heard.Took || took
	switch {
	case informing, !took && (asks || m.Aside || m.Known):
		h.heard.Aside = true
	case !took && h.heard.Wrong == "" && !h.heard.No && t.text != "":
		h.heard.Wrong = h.unclear()
		if h.summed {
			h.state.Agreed = "" // "sí", and then something that nobody understands
		}
	}
}

// unclear is what is said where a message is no answer to the open question.
func (h *hearing) unclear() string {
	if h.asked == nil {
		return sayIn(notClear, h.when)
	}
	if said := h.asked.invalid.In(h.language, h.fallback); said != "" {
		return fill(said, h.state)
	}
	if said := sayIn(unread[h.asked.sort], h.when); said != "" {
		return said
	}
	return sayIn(notClear, h.when)
}

// photo takes a picture.
func (h *hearing) photo(m *Message) bool {
	if m.Photo == "" {
		return false
	}
	for _, s := range h.slots {
		if s.sort == sortPhoto && (h.state.Slot(s.name) == nil || h.asked == s) && !h.frozen() {
			h.fill(s, value{m.Photo, sayIn(photoCame, h.when)}, m)
			return true
		}
	}
	return false
}

func (h *hearing) fill(s *slot, v value, m *Message) {
	h.state.Fill(tania.Filled{Slot: s.name, Value: v.value, Shown: v.shown, Message: m.ID})
	if h.asked == s {
		h.asked = nil
	}
}

// answered takes an answer to the open question.
func (h *hearing) answered(m *Message, t *said, asks bool) bool {
	switch {
	case h.summed && h.agreed(t):
		return true
	case h.asked == nil || t.text == "":
		return false
	case h.asked.sort == sortText && (asks || m.Aside || t.leaves()):
		return false
	}
	found := h.asked.read(t, h.when, true)
	if h.state.Slot(h.asked.name) != nil { // filled by what came before in the turn
		return false
	}
	switch len(found) {
	case 0:
		return false
	case 1:
		if h.meantForAnother(t) {
			return false
		}
		if why := h.asked.refused(found[0], h.when); why != "" {
			h.heard.Wrong = why
			return false
		}
		h.fill(h.asked, found[0], m)
		return true
	}
	h.heard.Wrong = sayIn(severally, h.when)
	return false
}

// meantForAnother reports whether a text corrects a slot by its name, of which the open question is not: "no, el pedido era 1043".
func (h *hearing) meantForAnother(t *said) bool {
	if !t.corrects() || t.mentions(h.asked) {
		return false
	}
	return slices.ContainsFunc(h.slots, func(s *slot) bool {
		return s != h.asked && h.state.Slot(s.name) != nil && t.mentions(s) && len(s.read(t, h.when, false)) > 0
	})
}

// agreed takes a yes or a no to the summary.
func (h *hearing) agreed(t *said) bool {
	asked := sayIn(isItRight, h.when) + " " + h.stepOf(h.state.Asked).text.In(h.language, h.fallback)
	agrees := choice.Agrees(t.text, asked)
	if agrees == choice.Unclear {
		if v := yesOrNo(t, asked, h.when); len(v) == 1 && len(t.words()) == 1 {
			agrees = map[any]choice.Word{true: choice.Yes, false: choice.No}[v[0].value]
		}
	}
	switch agrees {
	case choice.Yes:
		h.state.Agreed, h.state.AgreedAt = digest(h.state), h.now.UTC()
		return true
	case choice.No:
		h.heard.No, h.state.Agreed = true, ""
	default:
	}
	return false
}

// byTheWay takes values that nobody asked for, and corrections.
func (h *hearing) byTheWay(m *Message, t *said) (took bool) {
	corrects := m.Corrected || t.corrects() || h.summed
	for _, s := range h.slots {
		if h.grouped(s) {
			continue
		}
		group := h.group(s)
		found := s.read(t, h.when, false)
		found = slices.DeleteFunc(found, func(v value) bool {
			return slices.ContainsFunc(group, func(of *slot) bool { have := h.state.Slot(of.name); return have != nil && have.Value == v.value })
		})
		if h.takeNew(group, found, m) || len(found) == 1 && h.correct(group, found[0], t, corrects, m) {
			took = true
		}
	}
	return took
}

// grouped reports whether an earlier slot of the same kind stands for this one, or it takes nothing by the way.
func (h *hearing) grouped(s *slot) bool {
	return s.sort == sortText || s.sort == sortYesNo || s.sort == sortPhoto ||
		slices.ContainsFunc(h.slots[:slices.Index(h.slots, s)], s.sameKind)
}

// group are the slots of a slot's kind.
func (h *hearing) group(of *slot) (all []*slot) {
	for _, s := range h.slots {
		if s == of || s.sameKind(of) {
			all = append(all, s)
		}
	}
	return all
}

// takeNew fills slots that are empty: one with the one value, or as many as there are values, in their order.
func (h *hearing) takeNew(group []*slot, found []value, m *Message) bool {
	var empty []*slot
	for _, s := range group {
		if h.state.Slot(s.name) == nil {
			empty = append(empty, s)
		}
	}
	if len(found) == 0 || len(empty) == 0 || len(found) > 1 && len(found) != len(empty) {
		return false
	}
	if len(group) > len(empty) && len(found) == 1 && h.corrected(group, m) {
		return false
	}
	took := false
	for i, v := range found {
		if why := empty[i].refused(v, h.when); why != "" {
			h.heard.Wrong = why
			continue
		}
		h.fill(empty[i], v, m)
		took = true
	}
	return took
}

// corrected reports whether a message that was changed had filled one of the slots.
func (h *hearing) corrected(group []*slot, m *Message) bool {
	return m.Corrected && slices.ContainsFunc(group, func(s *slot) bool {
		have := h.state.Slot(s.name)
		return have != nil && have.Message == m.ID
	})
}

// correct fills a slot anew, where the text says that it is to be, or names it.
func (h *hearing) correct(group []*slot, v value, t *said, corrects bool, m *Message) bool {
	var filled []*slot
	for _, s := range group {
		if h.state.Slot(s.name) != nil && (corrects || t.mentions(s)) {
			filled = append(filled, s)
		}
	}
	if len(filled) > 1 {
		filled = slices.DeleteFunc(filled, func(s *slot) bool { return !t.mentions(s) })
	}
	if len(filled) != 1 {
		return false
	}
	if why := filled[0].refused(v, h.when); why != "" {
		h.heard.Wrong = why
		return false
	}
	h.fill(filled[0], v, m)
	h.heard.No = false
	return true
}

// named empties the slot that a customer names who said no to the summary: it is asked for again.
func (h *hearing) named(t *said) bool {
	if !h.summed || len(t.words()) > 8 {
		return false
	}
	var meant []*slot
	for _, s := range h.slots {
		if h.state.Slot(s.name) != nil && t.mentions(s) {
			meant = append(meant, s)
		}
	}
	if len(meant) != 1 {
		return false
	}
	h.state.Empty(meant[0].name)
	h.heard.No = false
	return true
}

// Starts reports whether a text begins the procedure: it has all words of one of its phrases, and does not only ask about it.
func (p *Procedure) Starts(text string, t Turn) bool {
	s := readText(text)
	asks, informing := s.question()
	if informing || !slices.ContainsFunc(p.starts, func(phrase []string) bool { return s.has(phrase, true) }) {
		return false
	}
	return !asks || s.wants() || slices.ContainsFunc(p.slots, func(of *slot) bool { return len(of.read(&s, t.when(p.own), false)) > 0 })
}
