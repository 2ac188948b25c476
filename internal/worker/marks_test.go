package worker_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// listener is a model that keeps what it was given and says what it is told to say, in turn.
type listener struct {
	mu      sync.Mutex
	prompts []llm.Prompt
	says    []string
}

func (l *listener) respond(_ context.Context, p llm.Prompt) (llm.Response, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := "Con gusto."
	if n := len(l.prompts); n < len(l.says) {
		text = l.says[n]
	}
	l.prompts = append(l.prompts, p)
	return llm.Response{Text: text, Known: true}, nil
}

func (l *listener) asked() []llm.Prompt {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]llm.Prompt(nil), l.prompts...)
}

// sends is a customer's message with marks.
func (r *rig) sends(m chatwootsim.CustomerMessage) tania.MessageID {
	r.t.Helper()
	saved, err := r.sim.CustomerWrites(m)
	if err != nil {
		r.t.Fatal(err)
	}
	return saved.ID
}

func (r *rig) recordOf(conversation tania.ConversationID, id tania.MessageID) tania.Record {
	r.t.Helper()
	records, err := r.engine.Records(r.t.Context(), tania.ConversationKey{Account: 1, Conversation: conversation})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, d := range records {
		if d.Message == id {
			return d
		}
	}
	r.t.Fatalf("message %d has no decision record", id)
	return tania.Record{}
}

func TestNothingIsSaidToWhatIsMarked(t *testing.T) {
	for name, c := range map[string]struct {
		message chatwootsim.CustomerMessage
		want    tania.Reason
	}{
		"a reaction": {chatwootsim.CustomerMessage{
			Text:       "😂",
			Attributes: map[string]any{"is_reaction": true, "in_reply_to": 5},
		}, tania.Reaction},
		"a reaction, said in words": {
			chatwootsim.CustomerMessage{Text: "❤️", Attributes: map[string]any{"is_reaction": "true"}},
			tania.Reaction,
		},
		"an automatic reply": {chatwootsim.CustomerMessage{
			Text: "Estou de férias até o dia 10.", ContentType: "incoming_email",
			Attributes: map[string]any{"email": map[string]any{"auto_reply": true}},
		}, tania.AutoReply},
		"a report of undelivered mail": {
			chatwootsim.CustomerMessage{
				Text: "Delivery has failed.", ContentType: "incoming_email",
				Attributes: map[string]any{"email": map[string]any{"auto_reply": false, "from": []any{"MAILER-DAEMON@mx.example.com"}}},
			},
			tania.AutoReply,
		},
		"imported history": {chatwootsim.CustomerMessage{
			Text:       questions(9),
			Attributes: map[string]any{"imported": true, "external_created_at": 1700000000},
		}, tania.Imported},
		"history imported by another": {
			chatwootsim.CustomerMessage{Text: questions(9), Additional: map[string]any{"imported": true}},
			tania.Imported,
		},
		"a message that the contact took back": {chatwootsim.CustomerMessage{
			Text:       questions(9),
			Attributes: map[string]any{"deleted_by_contact": true},
		}, tania.Deleted},
		"the record of a call": {
			chatwootsim.CustomerMessage{Text: "Voice Call", ContentType: "voice_call"},
			tania.UnsupportedEvent,
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := &listener{}
			r := newRig(t, m.respond, nil)
			conv := r.write(0, questions(1))
			r.until("an answer", func() bool { return len(r.said(conv)) == 1 })
			r.ended()
			c.message.Conversation = conv
			id := r.sends(c.message)
			r.until("the webhook", r.sim.Settled)
			r.ended()
			r.wantSaid(conv, "Con gusto.")
			if n := len(m.asked()); n != 1 {
				t.Errorf("the model was asked %d times", n)
			}
			if d := r.recordOf(conv, id); d.Outcome != tania.OutcomeSilent || d.Reason != c.want || d.Detail == "" {
				t.Errorf("record %+v, want silence because of %s", d, c.want)
			}
		})
	}
}

func TestMailWithoutTheMarkIsAnswered(t *testing.T) {
	r := newRig(t, says("ok"), nil)
	id := r.sends(chatwootsim.CustomerMessage{Text: questions(1), ContentType: "incoming_email", Attributes: map[string]any{
		"email": map[string]any{"auto_reply": false, "from": []any{"anna@example.com"}, "subject": "Re: Automatic reply: no"},
	}})
	c := r.sim.Conversations()[0].ID
	r.until("an answer", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	if d := r.recordOf(c, id); d.Outcome != tania.OutcomeAnswered {
		t.Errorf("record %+v", d)
	}
}

func TestAReactionDoesNotTouchTheAnswerToAQuestion(t *testing.T) {
	asked, release := make(chan struct{}, 4), make(chan struct{})
	r := newRig(t, func(ctx context.Context, _ llm.Prompt) (llm.Response, error) {
		asked <- struct{}{}
		select {
		case <-release:
			return llm.Response{Text: "uno", Known: true}, nil
		case <-ctx.Done():
			return llm.Response{}, ctx.Err()
		}
	}, nil)
	c := r.write(0, questions(1))
	<-asked
	r.sends(chatwootsim.CustomerMessage{Conversation: c, Text: "👍", Attributes: map[string]any{"is_reaction": true}})
	if _, err := r.sim.AgentWrites(c, 7, chatwootsim.Message{Content: "❤️", Attributes: map[string]any{"is_reaction": true}}); err != nil {
		t.Fatal(err)
	}
	r.until("the webhooks", r.sim.Settled)
	close(release)
	r.until("the answer", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	if d := r.recordOf(c, r.sim.Messages(c)[0].ID); d.Restarts != 0 || d.Outcome != tania.OutcomeAnswered {
		t.Errorf("record %+v, want an answer without a restart", d)
	}
	r.write(c, questions(2))
	r.until("no takeover", func() bool { return len(r.said(c)) == 2 })
	r.ended()
}

func TestStickersArePicturesWithoutText(t *testing.T) {
	for name, m := range map[string]chatwootsim.CustomerMessage{
		"LINE's":            {Text: "![sticker-11537](https://stickers.example.com/11537/sticker.png)", ContentType: "sticker"},
		"a sticker's name":  {Text: "sticker-1988", ContentType: "sticker"},
		"with an image":     {ContentType: "sticker", Attachments: []chatwootsim.Attachment{{Type: "image", URL: "https://x.example/s.webp"}}},
		"media as a link":   {Text: "https://files.example.com/pic.jpg", ContentType: "image"},
		"media as Markdown": {Text: "[video](https://files.example.com/v.mp4)", ContentType: "video"},
	} {
		t.Run(name, func(t *testing.T) {
			l := &listener{}
			r := newRig(t, l.respond, nil)
			id := r.sends(m)
			c := r.sim.Conversations()[0].ID
			r.until("the notice", func() bool { return len(r.said(c)) == 1 })
			r.ended()
			r.wantSaid(c, r.spanish(r.bot.Attachment))
			if len(l.asked()) != 0 {
				t.Errorf("the model was asked %q", l.asked()[0].Text)
			}
			if d := r.recordOf(c, id); d.Content != "" || d.Outcome != tania.OutcomeAnswered {
				t.Errorf("record %+v", d)
			}
		})
	}
}

func TestThePhoneBehindAGatewayIsAHuman(t *testing.T) {
	l := &listener{}
	r := newRig(t, l.respond, nil)
	c := r.write(0, questions(1))
	r.until("an answer", func() bool { return len(r.said(c)) == 1 })
	if _, err := r.sim.AgentReplies(c, 0, "Le habla el dueño.", chatwootsim.ViaGateway); err != nil {
		t.Fatal(err)
	}
	r.until("the webhook", r.sim.Settled)
	r.write(c, questions(2))
	r.ended()
	r.wantSaid(c, "Con gusto.")
	if d := r.record(c); d.Reason != tania.HumanActive {
		t.Errorf("record %+v, want human_active", d)
	}
	memory, err := r.engine.Conversation(t.Context(), tania.ConversationKey{Account: 1, Conversation: c})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range memory.History {
		if e.Text == "Le habla el dueño." && e.From != tania.FromHuman {
			t.Errorf("the owner's words are %s's", e.From)
		}
	}
}

func TestWhatIsNoHumanAtWorkIsNoTakeover(t *testing.T) {
	for name, write := range map[string]func(r *rig, c tania.ConversationID) error{
		"a campaign of a user": func(r *rig, c tania.ConversationID) error {
			_, err := r.sim.CampaignWrites(c, 7, "¡Rebajas!")
			return err
		},
		"an imported reply of the phone": func(r *rig, c tania.ConversationID) error {
			_, err := r.sim.AgentWrites(c, 0, chatwootsim.Message{Content: "Buenas", Attributes: map[string]any{
				"external_sender_name": "WhatsApp", "imported": true,
			}})
			return err
		},
		"a reply that the phone sent two days ago": func(r *rig, c tania.ConversationID) error {
			_, err := r.sim.AgentWrites(c, 0, chatwootsim.Message{Content: "Buenas", Attributes: map[string]any{
				"external_sender_name": "WhatsApp", "external_created_at": 1700000000000,
			}})
			return err
		},
		"neither a sender nor a mark": func(r *rig, c tania.ConversationID) error {
			_, err := r.sim.AgentWrites(c, 0, chatwootsim.Message{Content: "Recordatorio"})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, says("ok"), nil)
			c := r.write(0, questions(1))
			r.until("an answer", func() bool { return len(r.said(c)) == 1 })
			if err := write(r, c); err != nil {
				t.Fatal(err)
			}
			r.until("the webhook", r.sim.Settled)
			r.write(c, questions(2))
			r.until("the next answer", func() bool { return len(r.said(c)) == 2 })
			r.ended()
		})
	}
}

func TestAnotherBotsConversationIsLeftToIt(t *testing.T) {
	r := newRig(t, says("ok"), nil)
	c := r.write(0, questions(1))
	r.until("an answer, by which Tania learns who she is", func() bool { return len(r.said(c)) == 1 })
	if err := r.sim.AssignOtherBot(c, 77, 7); err != nil {
		t.Fatal(err)
	}
	r.until("the webhook", r.sim.Settled)
	r.write(c, questions(2))
	r.ended()
	r.wantSaid(c, "ok")
	if d := r.record(c); d.Reason != tania.OtherBot || !strings.Contains(d.Detail, "77") {
		t.Errorf("record %+v, want other_bot", d)
	}
	if err := r.sim.AssignBot(c, 7); err != nil {
		t.Fatal(err)
	}
	r.until("the webhook", r.sim.Settled)
	r.write(c, questions(3))
	r.until("an answer of the bot that has it again", func() bool { return len(r.said(c)) == 2 })
	r.ended()
}

func TestAQuoteIsPutBeforeTheModel(t *testing.T) {
	l := &listener{says: []string{"El salón chico cuesta 2,000 pesos.", "El salón grande cuesta 5,000 pesos."}}
	r := newRig(t, l.respond, nil)
	c := r.write(0, "Quisiera rentar un salón")
	r.until("an answer", func() bool { return len(r.said(c)) == 1 })
	r.write(c, "¿Qué otro hay, más grande?")
	r.until("another", func() bool { return len(r.said(c)) == 2 })
	r.ended()
	r.sends(chatwootsim.CustomerMessage{Conversation: c, Text: "Me interesa este", InReplyTo: r.sim.BotMessages(c)[0].ID})
	r.until("the third", func() bool { return len(r.said(c)) == 3 })
	r.sends(chatwootsim.CustomerMessage{Conversation: c, Text: "Mejor el de antes", InReplyTo: 999999})
	r.until("the fourth", func() bool { return len(r.said(c)) == 4 })
	r.ended()
	asked := l.asked()
	if about := asked[2].About; !strings.Contains(about, "El salón chico cuesta 2,000 pesos.") || !strings.Contains(about, "written by you") ||
		strings.Contains(about, "5,000") {
		t.Errorf("of the quote the model is told %q", about)
	}
	for _, n := range []int{0, 1, 3} {
		if asked[n].About != "" {
			t.Errorf("question %d quotes nothing that is known, but the model is told %q", n, asked[n].About)
		}
	}
}

func TestAQuoteThatIsOlderThanTheHistoryIsLookedUp(t *testing.T) {
	l := &listener{}
	r := newRig(t, l.respond, func(s *settings) {
		s.user = true
		s.sim.Users = []chatwootsim.User{{ID: 9, Name: "Tania", Token: userToken}, {ID: 7, Name: "Jane"}}
	})
	c := r.write(0, questions(1))
	r.until("an answer", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	first := r.sim.Messages(c)[0].ID
	key := tania.ConversationKey{Account: 1, Conversation: c}
	if _, err := r.engine.UpdateConversation(t.Context(), key, func(m *tania.Conversation) bool {
		m.History = m.History[1:]
		return true
	}); err != nil {
		t.Fatal(err)
	}
	r.sends(chatwootsim.CustomerMessage{Conversation: c, Text: "¿Y esto?", InReplyTo: first})
	r.until("the second", func() bool { return len(r.said(c)) == 2 })
	r.ended()
	if about := l.asked()[1].About; !strings.Contains(about, questions(1)) || !strings.Contains(about, "written by the customer") {
		t.Errorf("of the quote the model is told %q", about)
	}
}

const hours = "¿Cuál es el horario de la tienda?"

func TestAQuoteIsNeitherAnsweredFromTheCacheNorKeptInIt(t *testing.T) {
	l := &listener{says: []string{"Del taller: de ocho a dos.", "De nueve a seis."}}
	r := newRig(t, l.respond, func(s *settings) { s.cache = true })
	first := r.write(0, "Buenas tardes")
	r.until("a greeting", func() bool { return len(r.said(first)) == 1 })
	id := r.sends(chatwootsim.CustomerMessage{Conversation: first, Text: hours, InReplyTo: r.sim.BotMessages(first)[0].ID})
	r.until("an answer", func() bool { return len(r.said(first)) == 2 })
	r.ended()
	if d := r.recordOf(first, id); d.CacheWhy != "quoted" {
		t.Errorf("the record says of the cache %q, want quoted", d.CacheWhy)
	}
	second := r.write(0, hours)
	r.until("an answer to another customer, made for them", func() bool { return len(r.said(second)) == 1 })
	third := r.write(0, hours)
	r.until("an answer from the cache", func() bool { return len(r.said(third)) == 1 })
	r.ended()
	r.wantSaid(second, "De nueve a seis.")
	r.wantSaid(third, "De nueve a seis.")
	fourth := r.sends(chatwootsim.CustomerMessage{
		Text:       hours,
		Attributes: map[string]any{"referral": map[string]any{"headline": "Taller de costura", "body": "Inscríbete"}},
	})
	c := r.sim.Conversations()[3].ID
	r.until("an answer to one who clicked on an advertisement", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	asked := l.asked()
	if d := r.recordOf(c, fourth); len(asked) != 3 || d.Route != tania.RouteModel || !strings.Contains(asked[2].About, "Taller de costura") {
		t.Errorf("the model was asked %d times, the last of %q by route %s", len(asked), asked[len(asked)-1].About, d.Route)
	}
}
