package reply

import (
	"slices"
	"strings"
	"testing"

	"tania/internal/answer"
	"tania/internal/bot"
	"tania/internal/tania"
)

func TestAReplyIsPlannedAsBubblesWhereTheBotIsSetSo(t *testing.T) {
	const text = "¡Claro!\n\nUsa `PASTEL20`.\n\nFin."
	for most, want := range map[int][]string{
		0: {text}, 8: {"¡Claro!", "Usa `PASTEL20`.", "PASTEL20", "Fin."}, 2: {"¡Claro!", "Usa `PASTEL20`.\n\nFin."},
	} {
		b := bot.Default()
		b.Bubbles = most
		d := &decision{Case: &Case{Messages: []tania.Message{{ID: 1, Channel: tania.ChannelWhatsApp}}}, Deps: Deps{Bot: b}.withDefaults()}
		p := d.planned(tania.Record{Language: tania.Spanish}, answer.Answer{Text: text, Known: true})
		if !slices.Equal(p.Parts, want) || p.Paced != (most > 0) {
			t.Errorf("%d: %q, at a pace: %v; want %q", most, p.Parts, p.Paced, want)
		}
	}
	// One message has no pace, and the credit is a message of its own.
	b := bot.Default()
	b.Bubbles, b.FAQ = 4, []bot.FAQ{{ID: "hours", Questions: []string{"¿Qué horario tienen?"}, URL: "https://shop.example/hours"}}
	b.Citations = map[tania.Channel]bot.Credit{"": bot.CreditLinks}
	d := &decision{Case: &Case{Messages: []tania.Message{{ID: 1, Channel: tania.ChannelWhatsApp}}}, Deps: Deps{Bot: b}.withDefaults()}
	if p := d.planned(tania.Record{}, answer.Answer{Text: "De 9 a 18.", Known: true}); p.Paced || len(p.Parts) != 1 {
		t.Errorf("%+v", p)
	}
	p := d.planned(tania.Record{}, answer.Answer{Text: "De 9 a 18.\n\nTe esperamos.", Known: true, Sources: []string{"faq:hours"}})
	if joined := strings.Join(p.Parts, "|"); !strings.HasPrefix(joined, "De 9 a 18.|Te esperamos.") {
		t.Errorf("%q", joined)
	}
}
