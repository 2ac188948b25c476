package governor

import (
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// written is the webhook of a customer's message on a channel.
func written(channel tania.Channel, text string, edit func(*chatwoot.Event)) *chatwoot.Event {
	ev := &chatwoot.Event{
		Kind: chatwoot.KindMessageCreated,
		Conversation: chatwoot.Conversation{
			Key: tania.ConversationKey{Account: 3, Conversation: 1400}, Channel: channel, Contact: tania.Contact{ID: 502},
			Status: tania.StatusPending,
		},
		Message: &chatwoot.Message{ID: 80001, Direction: chatwoot.Incoming, Content: text, Created: noon},
	}
	if edit != nil {
		edit(ev)
	}
	return ev
}

func TestOptOutWords(t *testing.T) {
	both := Options{OptOut: []tania.Channel{tania.ChannelSMS, tania.ChannelWhatsApp}}
	for _, tt := range []struct {
		channel tania.Channel
		text    string
		want    tania.Reason
	}{
		{tania.ChannelSMS, "STOP", tania.OptedOut},
		{tania.ChannelSMS, "Stop.", tania.OptedOut},
		{tania.ChannelSMS, " stop all ", tania.OptedOut},
		{tania.ChannelSMS, "unsubscribe", tania.OptedOut},
		{tania.ChannelSMS, "STOPALL", tania.OptedOut},
		{tania.ChannelSMS, "Opt-out!", tania.OptedOut},
		{tania.ChannelSMS, "CANCEL", tania.OptedOut},
		{tania.ChannelTwilio, "BAJA", tania.OptedOut},
		{tania.ChannelTwilio, "“Baja”", tania.OptedOut},
		{tania.ChannelSMS, "Darme de baja 🙏", tania.OptedOut},
		{tania.ChannelSMS, "Cancelar suscripción", tania.OptedOut},
		{tania.ChannelSMS, "SAIR", tania.OptedOut},
		{tania.ChannelSMS, "Cancelar inscrição", tania.OptedOut},
		{tania.ChannelSMS, "parar", tania.OptedOut},
		{tania.ChannelWhatsApp, "STOP", tania.OptedOut},
		{tania.ChannelWhatsApp, "STOP STOP STOP!!!", tania.OptedOut},
		{tania.ChannelWhatsApp, "S.T.O.P", tania.OptedOut},
		{tania.ChannelSMS, "S T O P A L L", tania.OptedOut},
		{tania.ChannelWhatsApp, "stop please", tania.OptedOut},
		{tania.ChannelWhatsApp, "Baja, por favor", tania.OptedOut},
		{tania.ChannelWhatsApp, "Sair, obrigada", tania.OptedOut},
		{tania.ChannelWhatsApp, "Stop promotions", tania.OptedOut},
		{tania.ChannelWhatsApp, "Detener promociones", tania.OptedOut},
		{tania.ChannelWhatsApp, "Parar promoções", tania.OptedOut},
		{tania.ChannelWhatsApp, "Unsuscribe", tania.OptedOut},
		{tania.ChannelWhatsApp, "please don't text me", tania.OptedOut},
		{tania.ChannelWhatsApp, "No me envíen más mensajes", tania.OptedOut},
		{tania.ChannelWhatsApp, "Não quero mais receber mensagens", tania.OptedOut},
		{tania.ChannelSMS, "Cancel, thanks", tania.OptedOut},
		{tania.ChannelWhatsApp, "cancelar por favor", tania.Proceed},
		{tania.ChannelWhatsApp, "stop by please", tania.Proceed},
		{tania.ChannelWhatsApp, "gracias por favor", tania.Proceed},
		{tania.ChannelWhatsApp, "quiero darme de baja del gimnasio", tania.Proceed},
		{tania.ChannelTwilioWhatsApp, "baja", tania.OptedOut},
		{tania.ChannelWhatsApp, "cancelar", tania.Proceed},
		{tania.ChannelWhatsApp, "end", tania.Proceed},
		{tania.ChannelSMS, "quiero la baja del servicio", tania.Proceed},
		{tania.ChannelSMS, "stop by tomorrow?", tania.Proceed},
		{tania.ChannelSMS, "¿Puedo cancelar?", tania.Proceed},
		{tania.ChannelSMS, "para sair", tania.Proceed},
		{tania.ChannelSMS, "START", tania.Proceed},
		{tania.ChannelWebWidget, "STOP", tania.Proceed},
		{tania.ChannelAPI, "BAJA", tania.Proceed},
		{tania.ChannelTelegram, "unsubscribe", tania.Proceed},
		{tania.ChannelEmail, "UNSUBSCRIBE", tania.Proceed},
		{tania.ChannelInstagram, "sair", tania.Proceed},
	} {
		if v := New(both).Gate(written(tt.channel, tt.text, nil), noon); v.Reason != tt.want {
			t.Errorf("%s, %q: %s (%s), want %s", tt.channel, tt.text, v.Reason, v.Detail, tt.want)
		}
	}
	if v := New(Options{OptOut: []tania.Channel{tania.ChannelSMS}}).Gate(written(tania.ChannelWhatsApp, "STOP", nil), noon); !v.Proceed() {
		t.Errorf("WhatsApp, where it is switched off: %s", v.Reason)
	}
	if v := New(both).Gate(written(tania.ChannelSMS, "STOP", func(ev *chatwoot.Event) {
		ev.Message.Attachments = []tania.Attachment{{Type: "image"}}
	}), noon); !v.Proceed() {
		t.Errorf("a picture with the word below it: %s", v.Reason)
	}
}

func TestGroupsAreSilentUnlessNamed(t *testing.T) {
	identifier := func(s string) func(*chatwoot.Event) {
		return func(ev *chatwoot.Event) { ev.Conversation.Contact.Identifier = s }
	}
	address := func(s string) func(*chatwoot.Event) { return func(ev *chatwoot.Event) { ev.Conversation.Address = s } }
	for _, tt := range []struct {
		groups  []string
		blocked []string
		edit    func(*chatwoot.Event)
		want    tania.Reason
	}{
		{nil, nil, identifier("120363041234567890@g.us"), tania.Group},
		{nil, nil, address("120363041234567890@G.US"), tania.Group},
		{nil, nil, identifier("status@broadcast"), tania.Group},
		{nil, nil, identifier("120363041234567890@newsletter"), tania.Group},
		{nil, nil, identifier("5215500000000@s.whatsapp.net"), tania.Proceed},
		{nil, nil, address("5215500000000"), tania.Proceed},
		{[]string{"*@g.us"}, nil, identifier("120363041234567890@g.us"), tania.Proceed},
		{[]string{"*@g.us"}, nil, identifier("status@broadcast"), tania.Group},
		{[]string{"12036304*"}, nil, address("120363041234567890@g.us"), tania.Proceed},
		{[]string{"120363041234567890@g.us"}, nil, identifier("120363041234567890@g.us"), tania.Proceed},
		{[]string{"120363041234567890@g.us"}, nil, identifier("120363049999999999@g.us"), tania.Group},
		{[]string{"*@g.us"}, []string{"*7890@g.us"}, identifier("120363041234567890@g.us"), tania.BlockedContact},
		{nil, []string{"*@spam.example"}, func(ev *chatwoot.Event) { ev.Conversation.Contact.Email = "Ana@spam.example" }, tania.BlockedContact},
		{nil, []string{"+52155*"}, func(ev *chatwoot.Event) { ev.Conversation.Contact.Phone = "+525500000000" }, tania.Proceed},
		{nil, []string{"+5255*"}, func(ev *chatwoot.Event) { ev.Conversation.Contact.Phone = "+5215500000000" }, tania.BlockedContact},
	} {
		g := New(Options{Groups: tt.groups, Blocklist: true, Blocked: tt.blocked})
		ev := written(tania.ChannelAPI, "hola", tt.edit)
		if v := g.Gate(ev, noon); v.Reason != tt.want {
			t.Errorf("groups %q, blocked %q, %+v: %s (%s), want %s", tt.groups, tt.blocked, ev.Conversation, v.Reason, v.Detail, tt.want)
		}
	}
}

func TestLoopsAreToldFromPeople(t *testing.T) {
	const polite = "Gracias por su mensaje. En breve le atenderemos."
	// dialogue has the customer say the texts, each so long after the one before, with a reply in between.
	dialogue := func(every time.Duration, replies func(int) string, texts ...string) Facts {
		f := facts(func(*Facts) {})
		start := noon.Add(-time.Duration(len(texts)-1) * every)
		for i, text := range texts[:len(texts)-1] {
			at := start.Add(time.Duration(i) * every)
			f.Memory.History = append(f.Memory.History, tania.Entry{ID: tania.MessageID(2*i + 1), From: tania.FromCustomer, Text: text, At: at},
				tania.Entry{ID: tania.MessageID(2*i + 2), From: tania.FromBot, Text: replies(i), At: at.Add(time.Second)})
		}
		last := message(tania.MessageID(2*len(texts)), 0)
		last.Content, last.Created = texts[len(texts)-1], noon
		f.Messages = []tania.Message{last}
		return f
	}
	times := func(n int, text string) (list []string) {
		for range n {
			list = append(list, text)
		}
		return list
	}
	same := func(int) string { return "¡Hola! ¿En qué te ayudo?" }
	other := func(i int) string { return strings.Repeat("a", i+1) }
	essay := strings.Repeat("palabra ", 30)
	essays := []string{essay + "uno", essay + "dos", essay + "tres", essay + "cuatro"}
	for _, tt := range []struct {
		name string
		f    Facts
		want tania.Reason
	}{
		{"the fourth of the same", dialogue(5*time.Second, other, times(4, polite)...), tania.Loop},
		{"the third of the same", dialogue(5*time.Second, other, times(3, polite)...), tania.Proceed},
		{"the same once a day", dialogue(24*time.Hour, other, times(5, polite)...), tania.Proceed},
		{"one other text among them", dialogue(5*time.Second, other, polite, polite, "¿Quién es?", polite), tania.Proceed},
		{"sí to different questions", dialogue(5*time.Second, other, times(6, "sí")...), tania.Proceed},
		{"ok to the same words", dialogue(5*time.Second, same, times(4, "ok")...), tania.Loop},
		{"long texts at once", dialogue(3*time.Second, other, essays...), tania.Loop},
		{"long texts as somebody types them", dialogue(25*time.Second, other, essays...), tania.Proceed},
		{"short texts at once", dialogue(time.Second, other, "uno", "dos", "tres", "cuatro"), tania.Proceed},
		{"a human wrote in between", func() Facts {
			f := dialogue(5*time.Second, other, times(4, polite)...)
			f.Memory.History[3].From = tania.FromHuman
			return f
		}(), tania.Proceed},
		{"given back in between", func() Facts {
			f := dialogue(5*time.Second, other, times(4, polite)...)
			f.Memory.GivenBack = ago(8 * time.Second)
			return f
		}(), tania.Proceed},
		{"impatient before any reply", func() Facts {
			f := dialogue(2*time.Second, other, times(6, "¿hola?")...)
			for i := range f.Memory.History {
				f.Memory.History[i].From, f.Memory.History[i].Text = tania.FromCustomer, "¿hola?"
			}
			return f
		}(), tania.Proceed},
	} {
		o := pending()
		o.LoopReplies, o.MaxPerMinute, o.MaxChars = 3, 0, 1000
		v := New(o).Judge(tt.f)
		if v.Reason != tt.want || (v.Handoff == tania.HandoffLoop) != (tt.want == tania.Loop) {
			t.Errorf("%s: %s (%s), handoff %q", tt.name, v.Reason, v.Detail, v.Handoff)
		}
		o.LoopReplies = 0
		if v := New(o).Judge(tt.f); !v.Proceed() {
			t.Errorf("%s, switched off: %s", tt.name, v.Reason)
		}
	}
}
