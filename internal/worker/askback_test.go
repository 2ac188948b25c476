package worker_test

import (
	"strings"
	"testing"

	"tania/internal/answer/offline"
	"tania/internal/bot"
	"tania/internal/tania"
)

// TestAChoiceIsUnderstoodByAnotherProcess: the bot asks back and dies; the customer answers with a place, and gets that entry's answer.
func TestAChoiceIsUnderstoodByAnotherProcess(t *testing.T) {
	r := newRig(t, nil, func(s *settings) {
		s.bot = func(b *bot.Bot) {
			b.FAQ = []bot.FAQ{
				{ID: "repairs", Questions: []string{"¿Las reparaciones tienen garantía?"}, Answer: bot.Text{"": "Treinta días."}},
				{ID: "bicycles", Questions: []string{"¿Las bicicletas tienen garantía?"}, Answer: bot.Text{"": "Dos años."}},
			}
			s.responder = offline.New(offline.Options{Bot: b})
		}
	})
	c := r.write(0, "¿qué garantía me dan?")
	r.until("the question back", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	if d := r.record(c); d.Outcome != tania.OutcomeAskedBack || !strings.HasPrefix(d.Reply, r.spanish(r.bot.AskBack)+"\n1. ") {
		t.Fatalf("record %+v", d)
	}
	asked := r.memory(c).AskedBack
	if len(asked) != 1 || !asked[0].Open || len(asked[0].Choices) != 2 || asked[0].Question != "¿qué garantía me dan?" {
		t.Fatalf("remembered %+v", asked)
	}
	r.stop()
	if s := r.worker.Stats(); s.AskedBack != 1 || s.Answered+s.NotKnown+s.Silent != 0 {
		t.Errorf("counted %+v", s)
	}

	defer running(t, r.options)()
	r.write(c, "la segunda porfa")
	want := map[string]string{"faq:repairs": "Treinta días.", "faq:bicycles": "Dos años."}[asked[0].Choices[1].Source]
	r.until("the answer", func() bool { return len(r.said(c)) == 2 })
	r.ended()
	if said := r.said(c)[1]; said != want {
		t.Errorf("said %q, want %q", said, want)
	}
	if d := r.record(c); d.Outcome != tania.OutcomeAnswered || len(d.Sources) != 1 || d.Sources[0] != asked[0].Choices[1].Source {
		t.Errorf("record %+v", d)
	}
	if again := r.memory(c).AskedBack; len(again) != 1 || again[0].Open {
		t.Errorf("remembered %+v, want it closed", again)
	}
}
