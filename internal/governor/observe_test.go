package governor

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// webhook is a conversation_updated of the given age, changed by edit.
func webhook(age time.Duration, edit func(*chatwoot.Event)) *chatwoot.Event {
	ev := &chatwoot.Event{
		Name: "conversation_updated", Kind: chatwoot.KindConversationUpdated,
		Conversation: chatwoot.Conversation{
			Key: tania.ConversationKey{Account: 3, Conversation: 9}, Inbox: 11, Channel: tania.ChannelWhatsApp,
			Status: tania.StatusPending, CanReply: true, Contact: tania.Contact{ID: 501}, Updated: ago(age),
		},
	}
	edit(ev)
	return ev
}

// says is the webhook of an outgoing message of the given age.
func says(id tania.MessageID, age time.Duration, edit func(*chatwoot.Event)) *chatwoot.Event {
	return webhook(age, func(ev *chatwoot.Event) {
		ev.Name, ev.Kind = "message_created", chatwoot.KindMessageCreated
		ev.Message = &chatwoot.Message{
			ID: id, Direction: chatwoot.Outgoing, Content: "Hello, Jane here", Created: ago(age),
			Sender: chatwoot.Sender{Kind: tania.ActorUser, ID: 7, Name: "Jane"},
		}
		edit(ev)
	})
}

func as(*chatwoot.Event) {}

// becomes makes a webhook one that shows a change of the status.
func becomes(from, to tania.Status) func(*chatwoot.Event) {
	return func(ev *chatwoot.Event) { ev.StatusBefore, ev.StatusAfter, ev.Conversation.Status = from, to, to }
}

func is(s tania.Status) func(*chatwoot.Event) {
	return func(ev *chatwoot.Event) { ev.Conversation.Status = s }
}

func labelled(labels ...string) func(*chatwoot.Event) {
	return func(ev *chatwoot.Event) { ev.Conversation.Labels = labels }
}

func changed(s tania.Status) func(*chatwoot.Event) {
	return func(ev *chatwoot.Event) {
		ev.Name, ev.Kind, ev.Conversation.Status = "conversation_status_changed", chatwoot.KindConversationStatusChanged, s
	}
}

func TestWhoTakesOver(t *testing.T) {
	g := New(Options{BotUser: 40})
	sender := func(kind tania.Actor, id int64) func(*chatwoot.Event) {
		return func(ev *chatwoot.Event) { ev.Message.Sender = chatwoot.Sender{Kind: kind, ID: id} }
	}
	for _, c := range []struct {
		name    string
		edit    func(*chatwoot.Event)
		takes   bool
		history tania.Author
	}{
		{"an agent, by dashboard, API or Slack", as, true, tania.FromHuman},
		{
			"a human on the phone", func(ev *chatwoot.Event) { ev.Message.Sender, ev.Message.Phone = chatwoot.Sender{}, true }, true,
			tania.FromHuman,
		},
		{"an agent who sends a file alone", func(ev *chatwoot.Event) {
			ev.Message.Content, ev.Message.Attachments = "", []tania.Attachment{{Type: "image"}}
		}, true, ""},
		{"a private note", func(ev *chatwoot.Event) { ev.Message.Private = true }, false, ""},
		{
			"Tania under a user's token", func(ev *chatwoot.Event) { ev.Message.Marker = &chatwoot.Marker{Turn: "T1", Part: "1"} }, false,
			tania.FromBot,
		},
		{"Tania's user without a marker", sender(tania.ActorUser, 40), false, tania.FromBot},
		{"an agent bot", sender(tania.ActorBot, 2), false, tania.FromBot},
		{"Captain", sender(tania.ActorCaptain, 1), false, tania.FromBot},
		{
			"an automation rule", func(ev *chatwoot.Event) { ev.Message.Sender, ev.Message.Automation = chatwoot.Sender{}, true }, false,
			tania.FromBot,
		},
		{"an integration without a sender", sender(tania.ActorNone, 0), false, tania.FromBot},
		{"a template", func(ev *chatwoot.Event) {
			ev.Message.Direction, ev.Message.Sender = chatwoot.Template, chatwoot.Sender{}
		}, false, ""},
		{"the customer", func(ev *chatwoot.Event) { ev.Message.Direction = chatwoot.Incoming }, false, ""},
		{"news of an agent's old message", func(ev *chatwoot.Event) { ev.Kind = chatwoot.KindMessageUpdated }, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var m tania.Conversation
			g.Observe(says(80, time.Second, c.edit), &m, noon)
			if (m.Takeover != nil) != c.takes {
				t.Errorf("takeover %+v", m.Takeover)
			}
			var author tania.Author
			if len(m.History) > 0 {
				author = m.History[0].From
			}
			if author != c.history {
				t.Errorf("in the history as %q, want %q", author, c.history)
			}
		})
	}
}

func TestAHumansMessageIsAsOldAsItsArrivalWhateverChatwootsClock(t *testing.T) {
	for _, off := range []time.Duration{-time.Hour, -30 * time.Minute, -290 * time.Second, 9 * time.Minute} {
		g := New(pending())
		var m tania.Conversation
		g.Observe(says(81, 0, func(ev *chatwoot.Event) {
			as(ev)
			ev.Message.Created, ev.Conversation.Updated = noon.Add(off), noon.Add(off)
		}), &m, noon)
		f := facts(func(f *Facts) { f.Memory, f.Now = m, noon.Add(time.Minute) })
		if v := g.Judge(f); v.Reason != tania.HumanActive {
			t.Errorf("%v off, a minute later: %s (%s)", off, v.Reason, v.Detail)
		}
		f.Now = noon.Add(6 * time.Minute)
		if v := g.Judge(f); v.Reason == tania.HumanActive {
			t.Errorf("%v off, six minutes later: %s (%s)", off, v.Reason, v.Detail)
		}
	}
	g := New(pending())
	var m tania.Conversation
	g.Observe(says(81, 0, func(ev *chatwoot.Event) {
		as(ev)
		ev.Message.Created, ev.Conversation.Updated = ago(time.Hour), noon
	}), &m, noon)
	if v := g.Judge(facts(func(f *Facts) { f.Memory = m })); v.Reason == tania.HumanActive {
		t.Errorf("an hour old by Chatwoot itself: %s (%s)", v.Reason, v.Detail)
	}
}

func TestATakeoverIsOfTheHumansLastMessage(t *testing.T) {
	g := New(pending())
	var m tania.Conversation
	g.Observe(says(81, time.Minute, as), &m, noon)
	// An earlier one arrives later; a clock that is wrong is not believed.
	g.Observe(says(80, 3*time.Minute, as), &m, noon)
	if want := (&tania.Takeover{By: 7, Name: "Jane", Last: ago(time.Minute), Heard: noon}); !cmp.Equal(want, m.Takeover) {
		t.Error(cmp.Diff(want, m.Takeover))
	}
	g.Observe(says(82, 0, func(ev *chatwoot.Event) { ev.Message.Created = noon.AddDate(1, 0, 0) }), &m, noon)
	if !m.Takeover.Last.Equal(noon) {
		t.Errorf("a message of next year: last %s", m.Takeover.Last)
	}
	var other tania.Conversation
	g.Observe(says(80, 0, func(ev *chatwoot.Event) { ev.Message.Created = time.Unix(0, 0) }), &other, noon)
	if !other.Takeover.Last.Equal(noon) {
		t.Errorf("a message without a time: last %s", other.Takeover.Last)
	}
	ids := []tania.MessageID{m.History[0].ID, m.History[1].ID, m.History[2].ID}
	if !cmp.Equal(ids, []tania.MessageID{80, 81, 82}) {
		t.Errorf("history %v", ids)
	}
}

// The conversation was handed over five minutes ago.
func TestWhatGivesAConversationBack(t *testing.T) {
	human := says(80, 2*time.Minute, is(tania.StatusOpen))
	apiHuman := says(80, 2*time.Minute, as)
	for _, c := range []struct {
		name   string
		events []*chatwoot.Event
		// active and handed are what is left.
		active, handed bool
	}{
		{"nothing", []*chatwoot.Event{human}, true, true},
		{
			"pending, as conversation_updated tells",
			[]*chatwoot.Event{human, webhook(time.Minute, becomes(tania.StatusOpen, tania.StatusPending))},
			false, false,
		},
		{"pending, as status_changed tells", []*chatwoot.Event{human, webhook(time.Minute, changed(tania.StatusPending))}, false, false},
		{
			"pending where it was open, as any webhook tells",
			[]*chatwoot.Event{human, webhook(time.Minute, is(tania.StatusPending))},
			false,
			false,
		},
		{"open, as status_changed tells", []*chatwoot.Event{human, webhook(time.Minute, changed(tania.StatusOpen))}, true, true},
		{"resolved", []*chatwoot.Event{human, webhook(time.Minute, becomes(tania.StatusOpen, tania.StatusResolved))}, false, false},
		{"snoozed", []*chatwoot.Event{human, webhook(time.Minute, changed(tania.StatusSnoozed))}, true, true},
		{"the label", []*chatwoot.Event{human, webhook(time.Minute, func(ev *chatwoot.Event) {
			is(tania.StatusOpen)(ev)
			labelled("vip", "bot")(ev)
		})}, false, false},
		{"another label", []*chatwoot.Event{human, webhook(time.Minute,
			func(ev *chatwoot.Event) { is(tania.StatusOpen)(ev); labelled("vip")(ev) })}, true, true},

		{"a reply by API leaves it pending, which gives nothing back", []*chatwoot.Event{
			webhook(3*time.Minute, as), apiHuman, webhook(time.Minute, as), webhook(0, labelled("vip")),
		}, true, true},
		{"the same, seen for the first time", []*chatwoot.Event{apiHuman, webhook(time.Minute, as)}, true, true},
		{"a label that was on before gives nothing back", []*chatwoot.Event{
			webhook(3*time.Minute, labelled("bot")), says(80, 2*time.Minute, labelled("bot")), webhook(time.Minute, labelled("bot")),
		}, true, true},
		{"a label seen first with the human's message was on before", []*chatwoot.Event{
			webhook(3*time.Minute, as), says(80, 2*time.Minute, func(ev *chatwoot.Event) {
				labelled("bot")(ev)
				// The message itself touched the conversation, a moment later.
				ev.Conversation.Updated = ev.Message.Created.Add(9 * time.Millisecond)
			}),
		}, true, false},
		{"taken off and put on again", []*chatwoot.Event{
			says(80, 2*time.Minute, labelled("bot")), webhook(time.Minute, as), webhook(30*time.Second, labelled("bot")),
		}, false, false},

		{"the human's message comes after the news that they gave it back", []*chatwoot.Event{
			webhook(time.Minute, changed(tania.StatusPending)), says(80, 2*time.Minute, is(tania.StatusOpen)),
		}, false, false},
		{"they write again after they gave it back", []*chatwoot.Event{
			human, webhook(time.Minute, becomes(tania.StatusOpen, tania.StatusPending)), says(81, 30*time.Second, as),
		}, true, false},
		{"old news of pending come after the human's message", []*chatwoot.Event{
			human, webhook(3*time.Minute, changed(tania.StatusPending)),
		}, true, true},
		{"older news of pending than the handoff", []*chatwoot.Event{webhook(6*time.Minute, changed(tania.StatusPending)), human}, true, true},
		{"payload built after it was opened again", []*chatwoot.Event{human, webhook(time.Minute, func(ev *chatwoot.Event) {
			becomes(tania.StatusOpen, tania.StatusPending)(ev)
			ev.Conversation.Status = tania.StatusOpen
		})}, true, true},
		{"delivered twice", []*chatwoot.Event{
			human, webhook(time.Minute, changed(tania.StatusPending)), says(81, 30*time.Second, as),
			webhook(time.Minute, changed(tania.StatusPending)),
		}, true, false},
		{"a conversation of an inbox that the bot does not serve", []*chatwoot.Event{human, webhook(time.Minute, func(ev *chatwoot.Event) {
			changed(tania.StatusPending)(ev)
			ev.Conversation.Inbox = 99
		})}, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := pending()
			o.Inboxes = []tania.InboxID{11}
			g := New(o)
			m := tania.Conversation{HandedOver: &tania.HandedOver{At: ago(5 * time.Minute), Turn: "T0"}}
			for _, ev := range c.events {
				g.Observe(ev, &m, noon)
			}
			if (m.Takeover != nil) != c.active || (m.HandedOver != nil) != c.handed {
				t.Errorf("takeover %+v, handed over %+v", m.Takeover, m.HandedOver)
			}
		})
	}
}

func TestWhatIsKnownIsNotOverwrittenByOlderWebhooks(t *testing.T) {
	g := New(pending())
	var m tania.Conversation
	if !g.Observe(webhook(time.Minute, is(tania.StatusOpen)), &m, noon) {
		t.Fatal("news, not taken")
	}
	if g.Observe(webhook(2*time.Minute, func(ev *chatwoot.Event) {
		ev.Conversation.CanReply, ev.Conversation.Labels = false, []string{"old"}
	}), &m, noon) {
		t.Error("older news taken")
	}
	want := tania.Conversation{
		Inbox: 11, Channel: tania.ChannelWhatsApp, Contact: tania.Contact{ID: 501}, ContactAt: ago(time.Minute), Status: tania.StatusOpen,
		CanReply: true,
		SeenAt:   ago(time.Minute), Updated: noon,
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
	// An older webhook still brings its message.
	if !g.Observe(says(79, 3*time.Minute, as), &m, noon) || len(m.History) != 1 || m.Status != tania.StatusOpen {
		t.Errorf("%+v", m)
	}
}

func TestACustomersMessageDoesNotLookResolved(t *testing.T) {
	m := seen(tania.StatusPending, time.Minute)
	New(pending()).Observe(says(80, 0, func(ev *chatwoot.Event) {
		ev.Message.Direction, ev.Conversation.Status = chatwoot.Incoming, tania.StatusResolved
	}), &m, noon)
	if m.Status != tania.StatusPending {
		t.Errorf("status %s", m.Status)
	}
}

func TestNothingNewIsNothingToStore(t *testing.T) {
	g := New(pending())
	echo := says(80, time.Minute, func(ev *chatwoot.Event) {
		ev.Message.Marker, ev.Message.Sender = &chatwoot.Marker{Turn: "T1", Part: "1"}, chatwoot.Sender{Kind: tania.ActorBot, ID: 2}
	})
	note := says(81, time.Minute, func(ev *chatwoot.Event) {
		ev.Message.Private, ev.Message.Marker = true, &chatwoot.Marker{Turn: "T1", Part: "note"}
	})
	var m tania.Conversation
	for _, ev := range []*chatwoot.Event{echo, note} {
		if !g.Observe(ev, &m, noon) {
			t.Fatalf("message %d, not taken", ev.Message.ID)
		}
	}
	if !m.WasSent("T1", "1") || !m.WasSent("T1", "note") || len(m.History) != 1 {
		t.Errorf("%+v", m)
	}
	before := m
	for name, ev := range map[string]*chatwoot.Event{
		"the echo again": echo,
		"the note again": note,
		"its delivery": says(80, 0, func(ev *chatwoot.Event) {
			ev.Kind, ev.Message.Marker = chatwoot.KindMessageUpdated, echo.Message.Marker
		}),
		"waiting_since":      webhook(0, as),
		"an unknown event":   {Name: "macro_run"},
		"a widget opened":    {Name: "webwidget_triggered", Kind: chatwoot.KindWebwidgetTriggered},
		"a template":         says(82, 0, func(ev *chatwoot.Event) { ev.Message.Direction = chatwoot.Template }),
		"an update of ours":  says(80, 0, func(ev *chatwoot.Event) { ev.Kind = chatwoot.KindMessageUpdated }),
		"resolved elsewhere": webhook(0, func(ev *chatwoot.Event) { ev.Conversation.Key.Conversation = 0 }),
	} {
		if g.Observe(ev, &m, noon.Add(time.Second)) {
			t.Errorf("%s: taken for news", name)
		}
	}
	if diff := cmp.Diff(before, m); diff != "" {
		t.Error(diff)
	}
}

func TestADeletedMessageLeavesTheHistory(t *testing.T) {
	g := New(pending())
	var m tania.Conversation
	g.Observe(says(80, time.Minute, as), &m, noon)
	g.Observe(says(81, time.Minute, as), &m, noon)
	deletion := says(80, 0, func(ev *chatwoot.Event) { ev.Kind, ev.Message.Deleted = chatwoot.KindMessageUpdated, true })
	if !g.Observe(deletion, &m, noon) || len(m.History) != 1 || m.History[0].ID != 81 {
		t.Errorf("%+v", m.History)
	}
	if g.Observe(deletion, &m, noon) {
		t.Error("deleted twice")
	}
}

func TestSamplesOfAHumansWork(t *testing.T) {
	// The samples are of 17 June 2026, 09:00 to 10:30 UTC.
	now := time.Date(2026, 6, 17, 9, 3, 0, 0, time.UTC)
	g := New(pending())
	for _, name := range []string{
		"message_created__web_widget__outgoing_user", "message_created__web_widget__outgoing_user_still_pending",
		"message_created__api__outgoing_user",
	} {
		var m tania.Conversation
		g.Observe(payload(t, name), &m, now)
		v := g.Judge(Facts{Messages: []tania.Message{message(1, 0)}, Memory: m, Now: now})
		if v.Reason != tania.HumanActive {
			t.Errorf("%s: then %s (%s)", name, v.Reason, v.Detail)
		}
	}
	var m tania.Conversation
	for _, name := range []string{
		"message_created__web_widget__outgoing_agent_bot_echo", "conversation_updated__web_widget__waiting_since_cleared_by_bot_reply",
		"message_created__web_widget__private_note_user", "message_created__web_widget__template_greeting",
	} {
		g.Observe(payload(t, name), &m, now)
	}
	if m.Takeover != nil {
		t.Errorf("bots, notes and templates take over: %+v", m.Takeover)
	}
	g.Observe(payload(t, "conversation_updated__web_widget__status_open_to_resolved"), &m, now)
	if m.Status != tania.StatusOpen && m.Status != tania.StatusResolved {
		t.Errorf("status %s", m.Status)
	}
}

// The history before the newest resolution is another episode's, whenever the news of it come.
func TestAnEpisodeEndsWhenItIsResolved(t *testing.T) {
	resolved := func(age time.Duration) *chatwoot.Event { return webhook(age, changed(tania.StatusResolved)) }
	reopened := webhook(time.Minute, changed(tania.StatusOpen))
	for name, c := range map[string]struct {
		events []*chatwoot.Event
		want   time.Time
	}{
		"never":                   {[]*chatwoot.Event{reopened}, time.Time{}},
		"once":                    {[]*chatwoot.Event{resolved(2 * time.Minute), reopened}, ago(2 * time.Minute)},
		"twice":                   {[]*chatwoot.Event{resolved(3 * time.Minute), reopened, resolved(0)}, ago(0)},
		"news of it come late":    {[]*chatwoot.Event{reopened, resolved(2 * time.Minute)}, ago(2 * time.Minute)},
		"older news come late":    {[]*chatwoot.Event{resolved(0), resolved(2 * time.Minute)}, ago(0)},
		"a message while it ends": {[]*chatwoot.Event{says(80, 0, is(tania.StatusResolved))}, time.Time{}},
	} {
		g, m := New(open()), tania.Conversation{NotKnown: []tania.TurnID{"T0"}, AskedBack: make([]tania.AskedBack, 1)}
		for _, ev := range c.events {
			g.Observe(ev, &m, noon)
		}
		if !m.EpisodeSince.Equal(c.want) {
			t.Errorf("%s: since %s, want %s", name, m.EpisodeSince, c.want)
		}
		if name == "once" && (m.NotKnown != nil || m.AskedBack != nil) {
			t.Errorf("%s: what was not known and asked back before still counts: %v, %v", name, m.NotKnown, m.AskedBack)
		}
	}
}

// However webhooks are delivered, a human who wrote last keeps the bot silent, and one who gave the conversation back last
// does not.
func TestAnyOrderOfDeliveryEndsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := New(open())
		n := rapid.IntRange(1, 6).Draw(t, "n")
		var events []*chatwoot.Event
		var lastHuman, lastBack int
		for i := 1; i <= n; i++ {
			age := time.Duration(n-i) * time.Second
			if rapid.Bool().Draw(t, fmt.Sprintf("human writes at %d", i)) {
				lastHuman = i
				events = append(events, says(tania.MessageID(i), age, is(tania.StatusOpen)))
			} else {
				lastBack = i
				events = append(events, webhook(age, changed(tania.StatusPending)))
			}
		}
		var m tania.Conversation
		for _, ev := range rapid.Permutation(events).Draw(t, "delivered") {
			g.Observe(ev, &m, noon)
		}
		if lastHuman > lastBack && m.Takeover == nil {
			t.Fatalf("a human wrote last and the bot may speak")
		}
		if lastBack > lastHuman && m.Takeover != nil {
			t.Fatalf("given back last and the bot is silent")
		}
	})
}
