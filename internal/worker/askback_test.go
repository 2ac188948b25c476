package worker_test

import (
	"strings"
	"testing"

	"tania/internal/answer/offline"
	"tania/internal/bot"
	"tania/internal/chatwoot"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// guarantees has two entries that a question about guarantees may mean.
func guarantees(s *settings) {
	s.bot = func(b *bot.Bot) {
		b.FAQ = []bot.FAQ{
			{ID: "repairs", Questions: []string{"¿Las reparaciones tienen garantía?"}, Answer: bot.Text{"": "Treinta días."}},
			{ID: "bicycles", Questions: []string{"¿Las bicicletas tienen garantía?"}, Answer: bot.Text{"": "Dos años."}},
		}
		s.responder = offline.New(offline.Options{Bot: b})
	}
}

// TestAChoiceIsUnderstoodByAnotherProcess: the bot asks back and dies; the customer answers with a place, and gets that entry's answer.
func TestAChoiceIsUnderstoodByAnotherProcess(t *testing.T) {
	r := newRig(t, nil, guarantees)
	c := r.write(0, "¿qué garantía me dan?")
	r.until("the question back", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	if d := r.record(c); d.Outcome != tania.OutcomeAskedBack || !strings.HasPrefix(d.Reply, r.spanish(r.bot.PickOne)+"\n1. ") ||
		!strings.HasSuffix(d.Reply, "\n3. "+r.spanish(r.bot.NoneOfThese)) {
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

// TestAChoiceIsPressed: on each channel that shows options, with the titles that it has room for; what is pressed is answered once.
func TestAChoiceIsPressed(t *testing.T) {
	for channel, c := range map[tania.Channel]struct {
		// asked is what the bot says, pressed the title of the second option.
		asked   func(*bot.Bot) bot.Text
		pressed func(second string) string
	}{
		tania.ChannelWebWidget: {func(b *bot.Bot) bot.Text { return b.PickOne }, func(second string) string { return second }},
		tania.ChannelTelegram:  {func(b *bot.Bot) bot.Text { return b.PickOne }, func(second string) string { return second }},
		tania.ChannelWhatsApp:  {func(b *bot.Bot) bot.Text { return b.AskBack }, func(string) string { return "2" }},
		tania.ChannelFacebook:  {func(b *bot.Bot) bot.Text { return b.AskBack }, func(string) string { return "2" }},
		tania.ChannelLine:      {func(b *bot.Bot) bot.Text { return b.AskBack }, func(string) string { return "2" }},
	} {
		t.Run(string(channel), func(t *testing.T) {
			r := newRig(t, nil, func(s *settings) {
				guarantees(s)
				s.sim.Inboxes = []chatwootsim.Inbox{{ID: 11, Name: "Shop", Channel: channel, ActiveBot: true}}
			})
			conversation := r.write(0, "¿qué garantía me dan?")
			r.until("the question back", func() bool { return len(r.said(conversation)) == 1 })
			r.ended()
			m := r.sim.BotMessages(conversation)[0]
			if m.ContentType != chatwoot.InputSelect || m.Status == "failed" || !strings.HasPrefix(m.Content, r.spanish(c.asked(r.bot))) {
				t.Fatalf("asked %+v", m)
			}
			second := r.memory(conversation).AskedBack[0].Choices[1]
			want := map[string]string{"faq:repairs": "Treinta días.", "faq:bicycles": "Dos años."}[second.Source]
			if _, err := r.sim.SubmitInputSelect(m.ID, c.pressed(second.Title)); err != nil {
				t.Fatal(err)
			}
			r.until("the answer", func() bool { return len(r.said(conversation)) == 2 })
			r.ended()
			// Chatwoot tells of the message again whenever anything of it changes.
			if _, err := r.sim.TouchMessage(m.ID); err != nil {
				t.Fatal(err)
			}
			r.ended()
			if said := r.said(conversation); len(said) != 2 || said[1] != want {
				t.Errorf("said %q, want %q at last", said, want)
			}
			history := r.memory(conversation).History
			if len(history) != 4 || history[1].From != tania.FromBot || history[2].From != tania.FromCustomer ||
				history[2].Text != c.pressed(second.Title) || !strings.Contains(history[1].Text, "2. "+second.Title) {
				t.Errorf("remembered %+v", history)
			}
		})
	}
}
