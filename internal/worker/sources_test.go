package worker_test

import (
	"slices"
	"strings"
	"testing"

	"tania/internal/bot"
	"tania/internal/tania"
)

// TestTheNoteOfAHandoffNamesWhatTheLastAnswerRestsOn has the model cite a passage before the customer asks for a human, and a customer who
// asks for one at once.
func TestTheNoteOfAHandoffNamesWhatTheLastAnswerRestsOn(t *testing.T) {
	const source, rests = "k#Price", "Se apoya en:** Pasteles › Precios (<https://shop.example/cakes>)"
	r := newRig(t, says("Cuesta 150 pesos [2]."), func(s *settings) {
		s.bot = func(b *bot.Bot) {
			b.Knowledge = []bot.Passage{
				{Source: "k#Hours", Title: "Horario", Text: "Abrimos a las nueve."},
				{Source: source, Title: "Pasteles › Precios", Text: "El de tres leches cuesta 150 pesos.", URL: "https://shop.example/cakes"},
			}
		}
	})
	c := r.write(0, ask)
	r.ended()
	if d := r.record(c); !slices.Equal(d.Sources, []string{source}) || d.Reply != "Cuesta 150 pesos." {
		t.Errorf("record %+v, want what was cited, and no number", d)
	}
	r.write(c, "quiero hablar con una persona")
	r.ended()
	if d := r.record(c); d.Outcome != tania.OutcomeHandedOver {
		t.Errorf("record %+v", d)
	}
	if note := r.note(c); !strings.Contains(note, rests) {
		t.Errorf("%q is not in the note:\n%s", rests, note)
	}
	other := r.write(0, "quiero hablar con una persona")
	r.ended()
	if note := r.note(other); note == "" || strings.Contains(note, "Se apoya") {
		t.Errorf("the note of a customer who was answered nothing:\n%s", note)
	}
}
