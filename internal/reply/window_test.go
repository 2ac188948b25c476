package reply

import (
	"slices"
	"strings"
	"testing"

	"tania/internal/bot"
	"tania/internal/chatwoot/channels"
	"tania/internal/chatwoot/template"
	"tania/internal/tania"
)

func TestWhatIsSaidOutsideTheWindow(t *testing.T) {
	plain, able := bot.Default(), bot.Default()
	able.Templates = map[template.Case]template.Several{
		template.Answer: {{
			Name: "answer", Language: "es", Text: "Hola {name}: {answer}", Params: map[string]string{"1": "{name}", "2": "{answer}"},
		}},
		template.Handoff: {{Name: "human", Language: "es", Text: "Ya viene alguien."}},
	}
	ana := tania.Message{ID: 5, Channel: tania.ChannelWhatsApp, Contact: tania.Contact{Name: "Ana"}}
	record := tania.Record{Language: tania.Spanish, Outcome: tania.OutcomeAnswered, Reason: tania.Proceed}
	answer := Plan{Parts: []string{"380 pesos.", "¿Cuál?"}, Options: []channels.Option{{Title: "Centro"}}, Record: record}
	human := handOver(record, tania.HandoffRequested, "")
	farewell := plain.Handoff.In(tania.Spanish, tania.Spanish)
	for name, c := range map[string]struct {
		plan  Plan
		m     tania.Message
		b     *bot.Bot
		begun bool
		want  func(Plan) bool
	}{
		"no template": {answer, ana, plain, false, func(p Plan) bool {
			return p.Handoff == tania.HandoffOutsideWindow && p.Record.Handoff == p.Handoff && p.Record.Outcome == tania.OutcomeHandedOver &&
				slices.Equal(p.Unsaid, []string{"380 pesos.", "¿Cuál?\n1. Centro"}) && p.Unreachable && len(p.Parts)+len(p.Options) == 0
		}},
		"a template": {answer, ana, able, false, func(p Plan) bool {
			return p.Handoff == "" && p.Template != nil && p.Template.Processed.Body["2"] == "380 pesos. ¿Cuál? 1. Centro" && !p.Unreachable &&
				slices.Equal(p.Parts, []string{"Hola Ana: 380 pesos. ¿Cuál? 1. Centro"}) && len(p.Options) == 0 && p.Repeats[0] == 5 &&
				p.Record.Outcome == tania.OutcomeAnswered
		}},
		"a part may have been sent": {answer, ana, able, true, handedOutsideWith("380 pesos.")},
		"another channel":           {answer, tania.Message{Channel: tania.ChannelFacebook, Contact: ana.Contact}, able, false, handedOutsideWith("380 pesos.")},
		"nobody knows their name":   {answer, tania.Message{Channel: tania.ChannelWhatsApp}, able, false, handedOutsideWith("380 pesos.")},
		"a handoff": {human, ana, plain, false, func(p Plan) bool {
			return p.Handoff == tania.HandoffRequested && p.Unreachable && slices.Equal(p.Unsaid, []string{farewell})
		}},
		"a handoff with words of its own": {withMessage(human), ana, plain, false, func(p Plan) bool {
			return p.Unreachable && slices.Equal(p.Unsaid, []string{"Perdón."})
		}},
		"a handoff by template": {human, ana, able, false, func(p Plan) bool {
			return p.Handoff == tania.HandoffRequested && p.Unreachable && p.Template.Name == "human" &&
				slices.Equal(p.Parts, []string{"Ya viene alguien."})
		}},
		"a silent handoff": {handOver(record, tania.HandoffPaused, ""), ana, plain, false, func(p Plan) bool {
			return p.Handoff == tania.HandoffPaused && len(p.Unsaid) == 0
		}},
	} {
		p := OutsideWindow(c.plan, &c.m, c.b, "can_reply is false", c.begun)
		if !c.want(p) || !strings.Contains(p.Record.Detail, "can_reply is false") {
			t.Errorf("%s: %+v", name, p)
		}
		if again := OutsideWindow(p, &c.m, c.b, "once more", true); again.Record.Detail != p.Record.Detail || again.Handoff != p.Handoff {
			t.Errorf("%s: a later attempt makes it %+v", name, again)
		}
	}
}

func withMessage(p Plan) Plan {
	p.Message = "Perdón."
	return p
}

func handedOutsideWith(unsaid string) func(Plan) bool {
	return func(p Plan) bool {
		return p.Handoff == tania.HandoffOutsideWindow && p.Template == nil && p.Unsaid[0] == unsaid
	}
}
