package governor

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// noon is when these tests happen: a Wednesday.
var noon = time.Date(2026, 6, 17, 12, 0, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return noon.Add(-d) }

// message is a customer's message of the given age, in a pending conversation.
func message(id tania.MessageID, age time.Duration) tania.Message {
	return tania.Message{ID: id, Content: "Hola", Status: tania.StatusPending, CanReply: true, Created: ago(age), Received: ago(age)}
}

func facts(edit func(*Facts)) Facts {
	f := Facts{Messages: []tania.Message{message(70, 2*time.Second)}, Now: noon}
	edit(&f)
	return f
}

// seen is a memory of a webhook of the given age.
func seen(s tania.Status, age time.Duration) tania.Conversation {
	return tania.Conversation{Status: s, CanReply: true, SeenAt: ago(age)}
}

func live(s tania.Status, age time.Duration) *chatwoot.Conversation {
	return &chatwoot.Conversation{Status: s, CanReply: true, Updated: ago(age)}
}

func pending() Options {
	self := &Self{}
	self.Learn(2)
	return Options{HumanTimeout: 5 * time.Minute, BotLabel: "bot", MaxPerMinute: 10, MaxChars: 100, Self: self}
}

// open are the settings for a user's token: conversations are open all the time.
func open() Options {
	o := pending()
	o.ReplyStatuses = []tania.Status{tania.StatusPending, tania.StatusOpen}
	return o
}

func TestJudge(t *testing.T) {
	handed := func(age time.Duration) *tania.HandedOver {
		return &tania.HandedOver{At: ago(age), Reason: tania.HandoffRequested, Turn: "T0"}
	}
	human := func(age time.Duration) *tania.Takeover {
		return &tania.Takeover{By: 7, Name: "Jane", Last: ago(age)}
	}
	for _, c := range []struct {
		name    string
		options Options
		edit    func(*Facts)
		want    tania.Reason
		detail  string
	}{
		{"a pending conversation is the bot's", pending(), func(*Facts) {}, tania.Proceed, ""},
		{"one of two messages deleted leaves one", pending(), func(f *Facts) {
			f.Messages = append(f.Messages, message(71, time.Second))
			f.Messages[0].Deleted = true
		}, tania.Proceed, ""},
		{"all messages deleted", pending(), func(f *Facts) { f.Messages[0].Deleted = true }, tania.Deleted, ""},

		{
			"an inbox that is served no more",
			Options{Inboxes: []tania.InboxID{12}},
			func(f *Facts) { f.Messages[0].Inbox = 11 },
			tania.InboxNotAllowed, "inbox 11",
		},
		{
			"an inbox that only a look shows",
			Options{Inboxes: []tania.InboxID{12}},
			func(f *Facts) { f.Live = live(tania.StatusPending, 0); f.Live.Inbox = 11 }, tania.InboxNotAllowed, "inbox 11",
		},
		{
			"an account that is served no more",
			Options{Account: 4},
			func(f *Facts) { f.Messages[0].Key.Account = 3 }, tania.InboxNotAllowed,
			"account 3",
		},
		{"blocked in Chatwoot since", Options{Blocklist: true}, func(f *Facts) {
			f.Memory.Contact, f.Memory.ContactAt = tania.Contact{Blocked: true}, ago(0)
		}, tania.BlockedContact, "in Chatwoot"},
		{"blocked in Chatwoot before, and not any more", Options{Blocklist: true}, func(f *Facts) {
			f.Memory.Contact, f.Memory.ContactAt = tania.Contact{Blocked: true}, ago(time.Minute)
		}, tania.Proceed, ""},
		{"a look shows that the contact is blocked", Options{Blocklist: true}, func(f *Facts) {
			f.Live = live(tania.StatusPending, 0)
			f.Live.Contact = tania.Contact{ID: 5, Blocked: true}
		}, tania.BlockedContact, "in Chatwoot"},
		{"a look shows that the contact is not blocked any more", Options{Blocklist: true}, func(f *Facts) {
			f.Memory.Contact, f.Memory.ContactAt = tania.Contact{Blocked: true}, ago(0)
			f.Live = live(tania.StatusPending, 0)
			f.Live.Contact = tania.Contact{ID: 5}
		}, tania.Proceed, ""},
		{
			"on the list since",
			Options{Blocklist: true, Blocked: []string{"777"}},
			func(f *Facts) { f.Messages[0].Contact.ID = 777 },
			tania.BlockedContact, "777",
		},
		{"blocked, without a list", Options{}, func(f *Facts) { f.Messages[0].Contact.Blocked = true }, tania.Proceed, ""},

		{
			"another bot has it", pending(), func(f *Facts) { f.Messages[0].AssigneeKind, f.Messages[0].AssigneeID = tania.ActorBot, 8 },
			tania.OtherBot, "bot 8",
		},
		{
			"Tania has it", pending(), func(f *Facts) { f.Messages[0].AssigneeKind, f.Messages[0].AssigneeID = tania.ActorBot, 2 }, tania.Proceed,
			"",
		},
		{
			"Captain has it", pending(), func(f *Facts) { f.Messages[0].AssigneeKind, f.Messages[0].AssigneeID = tania.ActorCaptain, 2 },
			tania.OtherBot, "Captain",
		},
		{"a user has it, who may be nobody at work", pending(), func(f *Facts) {
			f.Messages[0].AssigneeKind,
				f.Messages[0].AssigneeID = tania.ActorUser, 8
		}, tania.Proceed, ""},
		{"another bot got it since", pending(), func(f *Facts) {
			f.Memory = seen(tania.StatusPending, time.Second)
			f.Memory.AssigneeKind, f.Memory.AssigneeID = tania.ActorBot, 8
		}, tania.OtherBot, "bot 8"},
		{"another bot had it before", pending(), func(f *Facts) {
			f.Memory = seen(tania.StatusPending, time.Minute)
			f.Memory.AssigneeKind, f.Memory.AssigneeID = tania.ActorBot, 8
		}, tania.Proceed, ""},
		{"a look shows another bot", pending(), func(f *Facts) {
			f.Live = live(tania.StatusPending, 0)
			f.Live.AssigneeKind, f.Live.AssigneeID = tania.ActorBot, 8
		}, tania.OtherBot, "bot 8"},

		{
			"a human wrote a minute ago, pending or not", pending(), func(f *Facts) { f.Memory.Takeover = human(time.Minute) }, tania.HumanActive,
			"Jane wrote 1 min ago; the bot is back in 4 min",
		},
		{"a human wrote to the very limit", pending(), func(f *Facts) { f.Memory.Takeover = human(5*time.Minute - 1) }, tania.HumanActive, ""},
		{"the human's time is over", pending(), func(f *Facts) { f.Memory.Takeover = human(5 * time.Minute) }, tania.Proceed, ""},
		{"the human's time is over, the conversation still open", pending(), func(f *Facts) {
			f.Memory = seen(tania.StatusOpen, time.Second)
			f.Memory.Takeover = human(6 * time.Minute)
		}, tania.NotPending, "is open; the bot answers in pending"},
		{"the human's time is over where open is the bot's too", open(), func(f *Facts) {
			f.Memory = seen(tania.StatusOpen, time.Second)
			f.Memory.Takeover = human(6 * time.Minute)
		}, tania.Proceed, ""},
		{"gating off", Options{}, func(f *Facts) { f.Memory.Takeover = human(time.Second) }, tania.Proceed, ""},

		{"an assigned human is not a human at work", open(), func(f *Facts) {
			f.Messages[0].Status, f.Messages[0].AssigneeKind, f.Messages[0].AssigneeID = tania.StatusOpen, tania.ActorUser, 7
			f.Live = live(tania.StatusOpen, 0)
			f.Live.AssigneeKind, f.Live.AssigneeID = tania.ActorUser, 7
		}, tania.Proceed, ""},
		{"an assigned bot even less", pending(), func(f *Facts) { f.Messages[0].AssigneeKind = tania.ActorBot }, tania.Proceed, ""},
		{"handed over, open all the time", open(), func(f *Facts) {
			f.Messages[0].Status = tania.StatusOpen
			f.Memory.HandedOver = handed(48 * time.Hour)
		}, tania.HumanAssigned, `handed over 2 days ago (requested); the bot is back when it is resolved, made pending or labelled "bot"`},
		{
			"handed over just now, the message still pending", pending(), func(f *Facts) { f.Memory.HandedOver = handed(3 * time.Second) },
			tania.HumanAssigned, "",
		},
		{
			"handed over long ago, pending now: the webhook was lost", pending(), func(f *Facts) { f.Memory.HandedOver = handed(time.Hour) },
			tania.Proceed, "",
		},
		{"handed over and a human writes", open(), func(f *Facts) {
			f.Memory.HandedOver, f.Memory.Takeover = handed(time.Hour), human(time.Minute)
		}, tania.HumanActive, ""},

		{
			"the message came into an open conversation", pending(), func(f *Facts) { f.Messages[0].Status = tania.StatusOpen }, tania.NotPending,
			"",
		},
		{"the newest message's status counts", pending(), func(f *Facts) {
			f.Messages = append(f.Messages, message(71, time.Second))
			f.Messages[0].Status = tania.StatusOpen
		}, tania.Proceed, ""},
		{"opened after the message", pending(), func(f *Facts) { f.Memory = seen(tania.StatusOpen, time.Second) }, tania.NotPending, ""},
		{
			"open before the message, pending with it", pending(), func(f *Facts) { f.Memory = seen(tania.StatusOpen, time.Hour) }, tania.Proceed,
			"",
		},
		{"resolved before the message, which reopened it", pending(), func(f *Facts) {
			f.Memory, f.Messages[0].Status = seen(tania.StatusResolved, time.Hour), tania.StatusResolved
		}, tania.Proceed, ""},
		{
			"resolved after the message", pending(), func(f *Facts) { f.Memory = seen(tania.StatusResolved, time.Second) }, tania.NotPending,
			"is resolved",
		},
		{"snoozed after the message", pending(), func(f *Facts) { f.Memory = seen(tania.StatusSnoozed, time.Second) }, tania.Snoozed, ""},
		{"a look is newer than the memory", pending(), func(f *Facts) {
			f.Memory, f.Live = seen(tania.StatusPending, time.Second), live(tania.StatusOpen, 0)
		}, tania.NotPending, ""},
		{"a webhook overtook the look", pending(), func(f *Facts) {
			f.Memory, f.Live = seen(tania.StatusOpen, 0), live(tania.StatusPending, time.Second)
		}, tania.NotPending, ""},
		{"a look without updated_at is of now", pending(), func(f *Facts) {
			f.Memory, f.Live = seen(tania.StatusPending, time.Second), live(tania.StatusOpen, 0)
			f.Live.Updated = time.Time{}
		}, tania.NotPending, ""},
		{"a memory without a status says nothing", pending(), func(f *Facts) {
			f.Memory, f.Messages[0].Status = tania.Conversation{SeenAt: noon}, tania.StatusOpen
		}, tania.NotPending, ""},

		{"outside WhatsApp's 24 hours, which the fence asks of what is to be said", pending(), func(f *Facts) {
			f.Memory = seen(tania.StatusPending, time.Second)
			f.Memory.CanReply = false
		}, tania.Proceed, ""},
		{"the customer wrote since, and may be answered", pending(), func(f *Facts) {
			f.Memory = seen(tania.StatusPending, time.Hour)
			f.Memory.CanReply = false
		}, tania.Proceed, ""},

		{"as long as allowed, in characters", pending(), func(f *Facts) { f.Messages[0].Content = strings.Repeat("ñ", 100) }, tania.Proceed, ""},
		{
			"one character more", pending(), func(f *Facts) { f.Messages[0].Content = strings.Repeat("ñ", 101) }, tania.TooLong,
			"message 70 has 101 characters; 100 are read",
		},
		{"a deleted message is not read", pending(), func(f *Facts) {
			f.Messages = append(f.Messages, message(71, time.Second))
			f.Messages[0].Content, f.Messages[0].Deleted = strings.Repeat("x", 101), true
		}, tania.Proceed, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := New(c.options).Judge(facts(c.edit))
			if v.Reason != c.want || !strings.Contains(v.Detail, c.detail) {
				t.Errorf("%s (%s), want %s (…%s…)", v.Reason, v.Detail, c.want, c.detail)
			}
			if (v.Notice == tania.NoticeTooLong) != (c.want == tania.TooLong) {
				t.Errorf("notice %q", v.Notice)
			}
		})
	}
}

func TestWhatCannotBeCheckedIsSaidAndGoesOn(t *testing.T) {
	for _, c := range []struct {
		name    string
		options Options
		edit    func(*Facts)
		want    string
	}{
		{"no status is known", pending(), func(f *Facts) { f.Messages[0].Status = "" }, "not_pending: the conversation's status is not known"},
		{"the look failed", pending(), func(f *Facts) { f.LiveErr = errors.New("503") }, "status: the conversation could not be looked at: 503"},
		{"no time zone", Options{Hours: &ServiceHours{}}, func(*Facts) {}, "outside_hours: the service hours have no time zone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := New(c.options).Judge(facts(c.edit))
			if !v.Proceed() || len(v.Unchecked) != 1 || v.Unchecked[0] != c.want {
				t.Errorf("%s, unchecked %q", v.Reason, v.Unchecked)
			}
		})
	}
}

func TestARefusalKeepsWhatCouldNotBeChecked(t *testing.T) {
	v := New(pending()).Fence(facts(func(f *Facts) {
		f.LiveErr, f.Memory = errors.New("timeout"), seen(tania.StatusOpen, 0)
	}))
	if v.Reason != tania.NotPending || len(v.Unchecked) != 1 {
		t.Errorf("%+v", v)
	}
}

func TestFenceAsksNeitherRateNorLengthNorHours(t *testing.T) {
	o := pending()
	o.MaxPerMinute, o.MaxChars, o.Hours = 1, 1, &ServiceHours{Location: time.UTC}
	f := facts(func(f *Facts) { f.Messages = append(f.Messages, message(71, time.Second)) })
	g := New(o)
	if v := g.Fence(f); !v.Proceed() {
		t.Errorf("fence: %s (%s)", v.Reason, v.Detail)
	}
	if v := g.Judge(f); v.Proceed() {
		t.Error("judge lets it through")
	}
	f.Memory.Takeover = &tania.Takeover{Last: noon}
	if v := g.Fence(f); v.Reason != tania.HumanActive {
		t.Errorf("a human stepped in: %s", v.Reason)
	}
}

func TestOverTheRateTheTurnWaitsOnceAndIsAnsweredThen(t *testing.T) {
	o := pending()
	o.MaxPerMinute = 3
	g := New(o)
	f := facts(func(f *Facts) {
		f.Messages = []tania.Message{message(74, 10*time.Second), message(75, 5*time.Second)}
		// 75 is remembered already, by an earlier attempt; the oldest is out of the window.
		f.Memory.Arrivals = []time.Time{ago(70 * time.Second), ago(40 * time.Second), ago(30 * time.Second), ago(5 * time.Second)}
	})
	v := g.Judge(f)
	if v.Reason != tania.RateLimited || v.Wait != 20*time.Second || v.Notice != tania.NoticeRateLimited {
		t.Fatalf("%+v", v)
	}
	if want := "4 messages within a minute; 3 are answered"; v.Detail != want {
		t.Errorf("detail %q, want %q", v.Detail, want)
	}

	told := f
	told.Memory.Notices = map[tania.Notice]time.Time{tania.NoticeRateLimited: ago(time.Minute)}
	if v := g.Judge(told); v.Wait == 0 || v.Notice != "" {
		t.Errorf("told a minute ago: %+v", v)
	}
	told.Memory.Notices[tania.NoticeRateLimited] = ago(time.Hour)
	if v := g.Judge(told); v.Notice == "" {
		t.Errorf("told an hour ago: %+v", v)
	}

	waited := f
	waited.Deferred = 1
	if v := g.Judge(waited); !v.Proceed() {
		t.Errorf("after its wait: %+v", v)
	}
	later := f
	later.Now = noon.Add(20 * time.Second)
	if v := g.Judge(later); !v.Proceed() {
		t.Errorf("when the window allows: %+v", v)
	}
}

func TestAWaitIsNeverLongerThanTheWindow(t *testing.T) {
	o := pending()
	o.MaxPerMinute = 1
	// A clock that was ahead when the messages came.
	v := New(o).Judge(facts(func(f *Facts) { f.Messages = []tania.Message{message(70, -time.Hour), message(71, -time.Hour)} }))
	if v.Reason != tania.RateLimited || v.Wait != time.Minute {
		t.Errorf("%+v", v)
	}
}

func TestOutsideHoursTheCustomerIsToldOnceInEachClosedPeriod(t *testing.T) {
	o := pending()
	o.Hours = &ServiceHours{Location: time.UTC, Start: 9 * time.Hour, End: 18 * time.Hour, Days: workdays}
	g := New(o)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 6, day, hour, minute, 0, 0, time.UTC) }
	var told time.Time
	// 19 June 2026 is a Friday.
	for _, c := range []struct {
		name   string
		came   time.Time
		worked time.Time
		want   tania.Reason
		notice bool
	}{
		{"in the afternoon", at(19, 15, 0), at(19, 15, 0), tania.Proceed, false},
		{"at the last minute, worked after it", at(19, 17, 59), at(19, 18, 0), tania.Proceed, false},
		{"in the evening", at(19, 18, 1), at(19, 18, 1), tania.OutsideHours, true},
		{"on Saturday, told on Friday evening", at(20, 12, 0), at(20, 12, 0), tania.OutsideHours, false},
		{"on Monday before nine", at(22, 8, 59), at(22, 8, 59), tania.OutsideHours, false},
		{"before nine, worked at nine", at(22, 8, 59), at(22, 9, 0), tania.Proceed, false},
		{"on Monday evening, a new period", at(22, 20, 0), at(22, 20, 0), tania.OutsideHours, true},
	} {
		f := facts(func(f *Facts) {
			f.Now, f.Messages[0].Received, f.Messages[0].Created = c.worked, c.came, c.came
			f.Memory.Notices = map[tania.Notice]time.Time{tania.NoticeOutsideHours: told}
		})
		v := g.Judge(f)
		if v.Reason != c.want || (v.Notice == tania.NoticeOutsideHours) != c.notice {
			t.Errorf("%s: %s, notice %q", c.name, v.Reason, v.Notice)
		}
		if v.Notice != "" {
			told = c.worked
		}
	}
	f := facts(func(f *Facts) { f.Now = at(20, 12, 0); f.Messages[0].Received = f.Now })
	if v := g.Judge(f); v.Detail != "closed until Mon 22 Jun 09:00 UTC" {
		t.Errorf("detail %q", v.Detail)
	}
}

func TestABotThatMayBeThisOneIsNotCheckedBeforeTaniaKnowsWhoSheIs(t *testing.T) {
	learnt := int64(0)
	self := &Self{Learnt: func(id int64) { learnt = id }}
	g := New(Options{Self: self})
	f := facts(func(f *Facts) { f.Messages[0].AssigneeKind, f.Messages[0].AssigneeID = tania.ActorBot, 8 })
	if v := g.Judge(f); !v.Proceed() || len(v.Unchecked) != 1 || !strings.Contains(v.Unchecked[0], "other_bot: assigned to bot 8") {
		t.Errorf("%+v", v)
	}
	g.Observe(says(80, time.Minute, func(ev *chatwoot.Event) {
		ev.Message.Marker, ev.Message.Sender = &chatwoot.Marker{Turn: "T1", Part: "1"}, chatwoot.Sender{Kind: tania.ActorBot, ID: 2}
	}), &tania.Conversation{}, noon)
	if v := g.Judge(f); v.Reason != tania.OtherBot || learnt != 2 {
		t.Errorf("%+v, learnt %d", v, learnt)
	}
	if v := New(Options{}).Judge(f); !v.Proceed() {
		t.Errorf("with a user's token: %+v", v)
	}
}

// TestWhatIsPausedGoesToTheTeam, unless a human has it: then that is the reason, and nobody is brought anew.
func TestWhatIsPausedGoesToTheTeam(t *testing.T) {
	g := New(Options{})
	f := Facts{Messages: []tania.Message{{ID: 1, CanReply: true}}, Memory: tania.Conversation{}, Now: time.Now(), Paused: "paused by ana"}
	if v := g.Judge(f); v.Reason != tania.Paused || v.Handoff != tania.HandoffPaused || v.Detail != "paused by ana" {
		t.Errorf("%+v", v)
	}
	f.Memory.HandedOver = &tania.HandedOver{At: time.Now(), Reason: tania.HandoffRequested}
	if v := g.Judge(f); v.Reason != tania.HumanAssigned || v.Handoff != "" {
		t.Errorf("a human has it: %+v", v)
	}
}

func TestWhatReachesNobodyIsHeldBackWhenItIsToBeSent(t *testing.T) {
	g := New(Options{})
	f := facts(func(f *Facts) { f.Memory = seen(tania.StatusPending, time.Second) })
	f.Memory.CanReply = false
	if v := g.Fence(f); v.Reason != tania.CannotReply || !strings.Contains(v.Detail, "can_reply") {
		t.Errorf("%+v", v)
	}
	f.Live = live(tania.StatusPending, 0)
	f.Live.CanReply = true
	if v := g.Fence(f); !v.Proceed() {
		t.Errorf("%+v; the customer has written since", v)
	}
}
