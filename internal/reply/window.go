package reply

import (
	"slices"
	"strings"

	"tania/internal/bot"
	"tania/internal/chatwoot/template"
	"tania/internal/tania"
)

// OutsideWindow is a plan in place of one whose words would not reach the customer, because the channel takes none now: by a template,
// where the bot has one for the case, else a human gets the conversation with what the bot had to say. begun reports whether an earlier
// attempt may have sent a part: then it is for a human. detail says by what it is known.
func OutsideWindow(p Plan, m *tania.Message, b *bot.Bot, detail string, begun bool) Plan {
	if p.Unreachable || p.Template != nil || p.Handoff.Unreachable() && len(p.Parts) == 0 {
		return p
	}
	unsaid := p.said(b)
	p.Record = noted(p.Record, detail)
	if begun {
		return handedOutside(p, unsaid)
	}
	of := template.Answer
	if p.Handoff != "" {
		of = template.Handoff
	}
	if instead, ok := templated(p, of, m, b, strings.Join(unsaid, " ")); ok {
		return instead
	}
	return handedOutside(p, unsaid)
}

// said is all that a plan says to the customer.
func (p *Plan) said(b *bot.Bot) (texts []string) {
	for i := range p.Parts {
		texts = append(texts, p.Part(i))
	}
	if p.Handoff != "" && !p.Handoff.Silent() {
		if p.Message != "" {
			return append(texts, p.Message)
		}
		return append(texts, b.Handoff.In(p.Record.Language, b.Language))
	}
	return texts
}

// handedOutside is a plan in which a human takes over without a word to the customer.
func handedOutside(p Plan, unsaid []string) Plan {
	p.Parts, p.Options, p.Notice, p.Choices, p.Unsaid, p.Unreachable = nil, nil, "", nil, unsaid, true
	p.Record.Reason = tania.CannotReply
	if p.Handoff == "" {
		p.Handoff, p.Record.Handoff, p.Record.Outcome = tania.HandoffOutsideWindow, tania.HandoffOutsideWindow, tania.OutcomeHandedOver
	}
	return p
}

// templated is a plan that sends a template, and hands over in silence where the plan hands over. It is not ok where the bot has none that
// can be filled.
func templated(p Plan, of template.Case, m *tania.Message, b *bot.Bot, answer string) (Plan, bool) {
	t, ok := b.Templates[of].For(p.Record.Language)
	if !ok || !template.On(m.Channel) {
		return p, false
	}
	filled, text, ok := t.Fill(template.Values{Name: m.Contact.Name, Bot: b.Name, Business: b.Business, Answer: answer})
	if !ok {
		return p, false
	}
	p.Record = noted(p.Record, "said by the template "+t.Name)
	p.Parts, p.Options, p.Notice, p.Choices, p.Template = []string{text}, nil, "", nil, &filled
	p.Unreachable = p.Handoff != ""
	if len(p.Repeats) == 0 {
		p.Repeats = []tania.MessageID{m.ID} // it is tried once, and for a human then
	}
	if !t.Carries() && p.Handoff == "" {
		p.Record = noted(p.Record, "the answer is given when the customer writes")
	}
	return p, true
}

// byTemplate plans to say by a template what was not delivered because the window was over, where the bot has one.
func byTemplate(c *Case, d Deps, record tania.Record) (Plan, bool) {
	u := c.Messages[0].Undelivered
	if u.Cause != tania.CauseOutsideWindow || slices.ContainsFunc(c.Messages, func(m tania.Message) bool { return m.Undelivered.Again != 0 }) {
		return Plan{}, false
	}
	record.Outcome = tania.OutcomeAnswered
	p, ok := templated(Plan{Record: record}, template.Answer, c.newest(), d.Bot, strings.Join(unread(c.Messages), " "))
	p.Repeats = []tania.MessageID{c.Messages[0].ID}
	return p, ok
}
