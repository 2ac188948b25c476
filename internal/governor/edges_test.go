package governor

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// TestARetriedTurnIsAnsweredUnlessAHumanCameSince: an operator may have a dead letter answered although the bot's failure opened the
// conversation.
func TestARetriedTurnIsAnsweredUnlessAHumanCameSince(t *testing.T) {
	for name, c := range map[string]struct {
		edit   func(*Facts)
		want   tania.Reason
		detail string
	}{
		"nobody came":             {func(*Facts) {}, tania.Proceed, ""},
		"it was not retried":      {func(f *Facts) { f.Retried = false }, tania.HumanAssigned, "failed"},
		"somebody wanted a human": {func(f *Facts) { f.Memory.HandedOver.Reason = tania.HandoffRequested }, tania.HumanAssigned, "requested"},
		"a human wrote since": {
			func(f *Facts) { f.Memory.Takeover = &tania.Takeover{Last: ago(20 * time.Minute)} }, tania.HumanAssigned,
			"written since",
		},
		"a human wrote before": {func(f *Facts) { f.Memory.Takeover = &tania.Takeover{Last: ago(40 * time.Minute)} }, tania.Proceed, ""},
		"a human stands in it": {
			func(f *Facts) { f.Memory.History = []tania.Entry{{From: tania.FromHuman, At: ago(time.Minute)}} },
			tania.HumanAssigned, "written since",
		},
		"an earlier human's words": {
			func(f *Facts) { f.Memory.History = []tania.Entry{{From: tania.FromHuman, At: ago(time.Hour)}} },
			tania.Proceed, "",
		},
		"the bot wrote since": {
			func(f *Facts) { f.Memory.History = []tania.Entry{{From: tania.FromBot, At: ago(time.Minute)}} },
			tania.Proceed, "",
		},
		"a human was assigned": {func(f *Facts) {
			f.Live = live(tania.StatusOpen, time.Second)
			f.Live.AssigneeKind = tania.ActorUser
		}, tania.HumanAssigned, "assigned"},
		"a look shows nobody": {func(f *Facts) { f.Live = live(tania.StatusOpen, time.Second) }, tania.Proceed, ""},
		"it was resolved":     {func(f *Facts) { f.Live = live(tania.StatusResolved, time.Second) }, tania.NotPending, "resolved"},
		"it is open for another reason": {func(f *Facts) {
			f.Memory.HandedOver = nil
			f.Live = live(tania.StatusOpen, time.Second)
		}, tania.NotPending, "open"},
	} {
		t.Run(name, func(t *testing.T) {
			v := New(pending()).Judge(facts(func(f *Facts) {
				f.Retried = true
				f.Memory = seen(tania.StatusOpen, time.Minute)
				f.Messages[0].Status, f.Messages[0].Created = tania.StatusOpen, ago(2*time.Minute)
				f.Memory.HandedOver = &tania.HandedOver{At: ago(30 * time.Minute), Reason: tania.HandoffFailed, Turn: "T0"}
				c.edit(f)
			}))
			if v.Reason != c.want || !strings.Contains(v.Detail, c.detail) {
				t.Errorf("%s (%s), want %s (%s)", v.Reason, v.Detail, c.want, c.detail)
			}
		})
	}
}

// TestEdgesOfTheRules are one step on either side of what a rule goes by.
func TestEdgesOfTheRules(t *testing.T) {
	with := func(o Options, change func(*Options)) Options { change(&o); return o }
	sms := with(pending(), func(o *Options) { o.OptOut = []tania.Channel{tania.ChannelSMS} })
	out := map[tania.Channel]tania.Consent{tania.ChannelSMS: {Out: true, Word: "STOP"}}
	for name, c := range map[string]struct {
		options Options
		edit    func(*Facts)
		want    tania.Reason
	}{
		"a human without a timeout": {with(pending(), func(o *Options) { o.HumanTimeout = 0 }), func(f *Facts) {
			f.Memory.Takeover = &tania.Takeover{Last: noon.Add(time.Second)}
		}, tania.Proceed},
		"snoozed, where snoozed ones are answered": {
			with(pending(), func(o *Options) { o.ReplyStatuses = []tania.Status{tania.StatusSnoozed} }),
			func(f *Facts) {
				f.Messages[0].Status = tania.StatusSnoozed
				f.Memory = seen(tania.StatusSnoozed, time.Second)
			}, tania.Proceed,
		},
		"as long as is read":    {pending(), func(f *Facts) { f.Messages[0].Content = strings.Repeat("ñ", 100) }, tania.Proceed},
		"one more than is read": {pending(), func(f *Facts) { f.Messages[0].Content = strings.Repeat("ñ", 101) }, tania.TooLong},
		"one letter, and one read": {
			with(pending(), func(o *Options) { o.MaxChars = 1 }), func(f *Facts) { f.Messages[0].Content = "xx" },
			tania.TooLong,
		},
		"opted out of this channel": {sms, func(f *Facts) { f.Messages[0].Channel, f.Contact.Consent = tania.ChannelSMS, out }, tania.OptedOut},
		"opted out where none hears": {
			pending(), func(f *Facts) { f.Messages[0].Channel, f.Contact.Consent = tania.ChannelSMS, out },
			tania.Proceed,
		},
		"no message at all": {sms, func(f *Facts) { f.Messages, f.Contact.Consent = nil, out }, tania.Proceed},
	} {
		if v := New(c.options).Judge(facts(c.edit)); v.Reason != c.want {
			t.Errorf("%s: %s (%s), want %s", name, v.Reason, v.Detail, c.want)
		}
	}
}

func TestTheCustomerIsToldToWaitEveryTenMinutes(t *testing.T) {
	for age, want := range map[time.Duration]tania.Notice{
		9 * time.Minute: "", 10 * time.Minute: "", 11 * time.Minute: tania.NoticeRateLimited, 19 * time.Minute: tania.NoticeRateLimited,
	} {
		o := pending()
		o.MaxPerMinute = 1
		v := New(o).Judge(facts(func(f *Facts) {
			f.Messages = append(f.Messages, message(71, time.Second))
			f.Memory.Notices = map[tania.Notice]time.Time{tania.NoticeRateLimited: ago(age)}
		}))
		if v.Reason != tania.RateLimited || v.Notice != want {
			t.Errorf("told %s ago: %s, notice %q, want %q", age, v.Reason, v.Notice, want)
		}
	}
}

// TestEachPartOfTheStateIsNewsByItself: what is not stored is not known at the next message.
func TestEachPartOfTheStateIsNewsByItself(t *testing.T) {
	known := func() *tania.Conversation {
		c := &tania.Conversation{}
		New(Options{}).Observe(webhook(time.Minute, func(ev *chatwoot.Event) { ev.Conversation.Labels = []string{"vip"} }), c, ago(time.Minute))
		return c
	}
	labels := labelled("vip")
	for name, edit := range map[string]func(*chatwoot.Event){
		"status": is(tania.StatusOpen), "can reply": func(ev *chatwoot.Event) { ev.Conversation.CanReply = false },
		"assignee":    func(ev *chatwoot.Event) { ev.Conversation.AssigneeID = 8 },
		"its kind":    func(ev *chatwoot.Event) { ev.Conversation.AssigneeKind = tania.ActorUser },
		"inbox":       func(ev *chatwoot.Event) { ev.Conversation.Inbox = 1 },
		"channel":     func(ev *chatwoot.Event) { ev.Conversation.Channel = tania.ChannelTelegram },
		"contact":     func(ev *chatwoot.Event) { ev.Conversation.Contact.Name = "Ana" },
		"labels":      labelled("vip", "new"),
		"one label":   labelled("new"),
		"all at once": func(ev *chatwoot.Event) { is(tania.StatusOpen)(ev); ev.Conversation.CanReply = false },
	} {
		c := known()
		if !New(Options{}).Observe(webhook(0, func(ev *chatwoot.Event) { labels(ev); edit(ev) }), c, noon) {
			t.Errorf("%s is not stored", name)
		}
		if !c.SeenAt.Equal(noon) || !c.Updated.Equal(noon) {
			t.Errorf("%s: seen at %s, updated %s", name, c.SeenAt, c.Updated)
		}
	}
	c := known()
	if New(Options{}).Observe(webhook(0, func(ev *chatwoot.Event) {
		labels(ev)
		ev.Conversation.Inbox, ev.Conversation.Channel, ev.Conversation.Contact = 0, "", tania.Contact{}
	}), c, noon) || c.Inbox != 11 || c.Channel != tania.ChannelWhatsApp || c.Contact.ID != 501 {
		t.Errorf("what a webhook leaves out is forgotten: %+v", c)
	}
}

// TestWhatIsHeard are the messages that are said in the conversation, and when.
func TestWhatIsHeard(t *testing.T) {
	for name, x := range map[string]struct {
		edit  func(*chatwoot.Event)
		heard bool
		at    time.Time
	}{
		"a message":                  {as, true, noon},
		"a private note":             {func(ev *chatwoot.Event) { ev.Message.Private = true }, false, noon},
		"a reaction":                 {func(ev *chatwoot.Event) { ev.Message.Reaction = true }, false, noon},
		"imported history":           {func(ev *chatwoot.Event) { ev.Message.Imported = true }, false, noon},
		"a call":                     {func(ev *chatwoot.Event) { ev.Message.Call = true }, false, noon},
		"one that was updated":       {func(ev *chatwoot.Event) { ev.Kind = chatwoot.KindMessageUpdated }, false, noon},
		"the customer's":             {func(ev *chatwoot.Event) { ev.Message.Direction = chatwoot.Incoming }, false, noon},
		"a phone that was offline":   {func(ev *chatwoot.Event) { ev.Message.Written = ago(time.Hour) }, true, ago(time.Hour)},
		"a phone whose clock is off": {func(ev *chatwoot.Event) { ev.Message.Written = noon.Add(time.Hour) }, true, noon},
		"a clock that is ahead": {
			func(ev *chatwoot.Event) { ev.Message.Created = noon.Add(9 * time.Minute) }, true,
			noon.Add(9 * time.Minute),
		},
		"a clock that cannot be": {func(ev *chatwoot.Event) { ev.Message.Created = noon.Add(15 * time.Minute) }, true, noon},
		"no clock":               {func(ev *chatwoot.Event) { ev.Message.Created = time.Time{} }, true, noon},
	} {
		c := &tania.Conversation{}
		New(Options{}).Observe(says(71, 0, x.edit), c, noon)
		if x.heard != (len(c.History) == 1) || x.heard && !c.History[0].At.Equal(x.at) {
			t.Errorf("%s: history %+v, want heard %v at %s", name, c.History, x.heard, x.at)
		}
	}
}

func TestTheBotLearnsWhoItIsFromItsOwnMessagesAlone(t *testing.T) {
	var nobody *Self
	nobody.Learn(3)
	if nobody.Known() || nobody.Is(3) {
		t.Error("nobody is known")
	}
	self, told := &Self{}, []int64{}
	self.Learnt = func(id int64) { told = append(told, id) }
	g := New(Options{Self: self})
	for _, edit := range []func(*chatwoot.Event){
		func(ev *chatwoot.Event) { ev.Message.Sender = chatwoot.Sender{Kind: tania.ActorBot, ID: 5} },
		func(ev *chatwoot.Event) { ev.Message.Marker = &chatwoot.Marker{Turn: "T", Part: "1"} },
	} {
		g.Observe(says(71, 0, edit), &tania.Conversation{}, noon)
		if self.Known() {
			t.Error("learnt from a message that is not a bot's with the mark")
		}
	}
	g.Observe(says(72, 0, func(ev *chatwoot.Event) {
		ev.Message.Sender, ev.Message.Marker = chatwoot.Sender{Kind: tania.ActorBot, ID: 5}, &chatwoot.Marker{Turn: "T", Part: "1"}
	}), &tania.Conversation{}, noon)
	self.Learn(0)
	self.Learn(5)
	if !self.Is(5) || !slices.Equal(told, []int64{5}) {
		t.Errorf("is 5: %v, told %v", self.Is(5), told)
	}
}

func TestConsentIsSaidByACustomersOwnNewMessage(t *testing.T) {
	g := New(Options{OptOut: []tania.Channel{tania.ChannelSMS}})
	for name, x := range map[string]struct {
		text string
		edit func(*chatwoot.Event)
		want bool
	}{
		"the word":           {"STOP", nil, true},
		"64 characters":      {"STOP" + strings.Repeat(".", 60), nil, true},
		"65 characters":      {"STOP" + strings.Repeat(".", 61), nil, false},
		"no message":         {"STOP", func(ev *chatwoot.Event) { ev.Message = nil }, false},
		"an updated one":     {"STOP", func(ev *chatwoot.Event) { ev.Kind = chatwoot.KindMessageUpdated }, false},
		"an agent's":         {"STOP", func(ev *chatwoot.Event) { ev.Message.Direction = chatwoot.Outgoing }, false},
		"a private note":     {"STOP", func(ev *chatwoot.Event) { ev.Message.Private = true }, false},
		"one with a picture": {"STOP", func(ev *chatwoot.Event) { ev.Message.Attachments = make([]tania.Attachment, 1) }, false},
	} {
		if _, said, ok := g.Consent(written(tania.ChannelSMS, x.text, x.edit)); ok != x.want || ok && !said.Out {
			t.Errorf("%s: %v, %+v", name, ok, said)
		}
	}
}

func TestPatternsOfGroupsAndNumbersOfPhones(t *testing.T) {
	for _, x := range []struct {
		pattern, text string
		want          bool
	}{
		{"a1b2c", "a1b2c", true},
		{"a*b*c", "a1b2c", true},
		{"a*b*c", "abc", true},
		{"a*b*c", "a1c", false},
		{"*a*a", "ba", false},
		{"*a*a", "aba", true},
		{"*b*", "b", true},
		{"a*b*c", "xa1b2c", false},
		{"*@g.us", "1@g.us", true},
		{"*a*b*c*", "cab", false},
		{"*ab*ab", "abb", false},
	} {
		if glob(x.pattern, x.text) != x.want {
			t.Errorf("%q of %q: want %v", x.pattern, x.text, x.want)
		}
	}
	for text, want := range map[string]string{
		"+52 1 55 1234 5678": "+525512345678", "+54 9 11 5555 1234": "+541155551234", "+52 55 1234 5678": "+525512345678",
		"521 555": "+521555", "5491": "+5491", "+53 1 55 1234 5678": "+5315512345678",
	} {
		if got := normalisePhone(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// TestEdgesOfAMachinesSigns are one step on either side of what tells a machine from a person.
func TestEdgesOfAMachinesSigns(t *testing.T) {
	at := func(text string, after time.Duration, reply string) exchange {
		return exchange{text: text, at: noon.Add(after), reply: reply}
	}
	for name, x := range map[string]struct{ got, want bool }{
		"again at the limit":            {again(at("hola", loopWithin, "a"), at("hola", 0, "b")), true},
		"again after it":                {again(at("hola", loopWithin+1, "a"), at("hola", 0, "b")), false},
		"another text":                  {again(at("hola", 1, "a"), at("ola", 0, "a")), false},
		"a short word, other replies":   {again(at("sí.", 1, "a"), at("Si", 0, "b")), false},
		"a short word, the same reply":  {again(at("sí", 1, "a"), at("sí", 0, "a")), true},
		"a short word, no reply before": {again(at("sí", 1, "a"), at("sí", 0, "")), true},
		"nothing twice":                 {again(at("?", 1, "a"), at("!", 0, "a")), false},
		"long in no time":               {tooFast(at(strings.Repeat("x", longText), 3*time.Second, ""), at("", 0, "")), true},
		"long enough in four seconds":   {tooFast(at(strings.Repeat("x", longText), 4*time.Second, ""), at("", 0, "")), false},
		"not long enough to be told":    {tooFast(at(strings.Repeat("x", longText-1), time.Second, ""), at("", 0, "")), false},
		"long, and of the same moment":  {tooFast(at(strings.Repeat("x", longText), 0, ""), at("", 0, "")), true},
	} {
		if x.got != x.want {
			t.Errorf("%s: %v", name, x.got)
		}
	}
}

// TestWhatChangesWithoutAnythingBesideItIsStored are news that leave the rest of the state as it was.
func TestWhatChangesWithoutAnythingBesideItIsStored(t *testing.T) {
	known := func() *tania.Conversation {
		c := &tania.Conversation{}
		New(Options{}).Observe(webhook(time.Hour, as), c, ago(time.Hour))
		return c
	}
	c := known()
	if !New(Options{}).Observe(webhook(0, changed(tania.StatusPending)), c, noon) || !c.GivenBack.Equal(noon) {
		t.Errorf("a conversation that came back is not noted: %s", c.GivenBack)
	}
	c = known()
	picture := func(ev *chatwoot.Event) { ev.Message.Content = "" }
	if !New(Options{}).Observe(says(71, 0, picture), c, noon) || c.Takeover == nil || len(c.History) != 0 {
		t.Errorf("a human who sends a picture is not noted: %+v", c)
	}
	c = known()
	if New(Options{}).Observe(says(71, 0, func(ev *chatwoot.Event) {
		picture(ev)
		ev.Message.Sender = chatwoot.Sender{Kind: tania.ActorBot, ID: 5}
	}), c, noon) {
		t.Error("a bot's picture is news")
	}
	// The state was as it is now when the message was written, so that the message itself comes after.
	c = known()
	New(Options{}).Observe(says(71, 0, func(ev *chatwoot.Event) {
		becomes(tania.StatusOpen, tania.StatusPending)(ev)
		ev.Message.Created = ago(time.Minute)
	}), c, noon)
	if !c.GivenBack.Equal(ago(time.Minute)) || c.Takeover == nil {
		t.Errorf("given back at %s, takeover %+v", c.GivenBack, c.Takeover)
	}
	c = known()
	New(Options{BotLabel: ""}).Observe(webhook(0, labelled("", "x")), c, noon)
	if !c.GivenBack.IsZero() {
		t.Error("a label without a name gives conversations back")
	}
}

// TestAClockThatWasSetHidesNothingForLong: what was seen from a clock that was ahead is overtaken by what comes.
func TestAClockThatWasSetHidesNothingForLong(t *testing.T) {
	for name, x := range map[string]struct {
		seenAt, comes time.Duration // before noon
		ahead         time.Duration
		heard         bool
	}{
		"an older webhook":                          {seenAt: time.Minute, comes: 2 * time.Minute},
		"a newer one":                               {seenAt: 2 * time.Minute, comes: time.Minute, heard: true},
		"two seconds older, over a step":            {seenAt: time.Minute, comes: time.Minute + 2*time.Second, ahead: time.Second, heard: true},
		"four seconds older, over a step":           {seenAt: time.Minute, comes: time.Minute + 4*time.Second, ahead: time.Second},
		"seen two seconds in the future":            {seenAt: -2 * time.Second},
		"seen four seconds in the future, by error": {seenAt: -4 * time.Second, heard: true},
	} {
		c := &tania.Conversation{Status: tania.StatusPending, SeenAt: ago(x.seenAt)}
		New(Options{}).Observe(webhook(x.comes, func(ev *chatwoot.Event) {
			is(tania.StatusOpen)(ev)
			ev.Conversation.Ahead = x.ahead
		}), c, noon)
		if (c.Status == tania.StatusOpen) != x.heard {
			t.Errorf("%s: %s, want heard %v", name, c.Status, x.heard)
		}
	}
}

// TestAHandoffIsOverWhenAMessageShowsItPendingAMinuteLater: one from before that may have been on its way when the bot gave it away.
func TestAHandoffIsOverWhenAMessageShowsItPendingAMinuteLater(t *testing.T) {
	for age, want := range map[time.Duration]tania.Reason{
		0: tania.HumanAssigned, handbackGrace: tania.HumanAssigned, handbackGrace + time.Second: tania.Proceed,
		2*handbackGrace - time.Second: tania.Proceed,
	} {
		v := New(pending()).Judge(facts(func(f *Facts) {
			f.Messages[0].Created = noon
			f.Memory.HandedOver = &tania.HandedOver{At: ago(age), Reason: tania.HandoffRequested, Turn: "T0"}
		}))
		if v.Reason != want {
			t.Errorf("handed over %s before: %s (%s), want %s", age, v.Reason, v.Detail, want)
		}
	}
}

// TestWhichInboxesAreServed goes by what a webhook names.
func TestWhichInboxesAreServed(t *testing.T) {
	for name, x := range map[string]struct {
		options        Options
		account, inbox int
		want           tania.Reason
		unchecked      bool
	}{
		"no list":                       {Options{}, 1, 0, tania.Proceed, false},
		"no list and no account":        {Options{}, 0, 0, tania.Proceed, false},
		"account 1 is 1":                {Options{Account: 1}, 1, 0, tania.Proceed, false},
		"account 1 is not 2":            {Options{Account: 1}, 2, 0, tania.InboxNotAllowed, false},
		"an account that is not named":  {Options{Account: 1}, 0, 0, tania.Proceed, true},
		"inbox 1 is listed":             {Options{Inboxes: []tania.InboxID{1}}, 1, 1, tania.Proceed, false},
		"inbox 2 is not":                {Options{Inboxes: []tania.InboxID{1}}, 1, 2, tania.InboxNotAllowed, false},
		"an inbox that is not named":    {Options{Inboxes: []tania.InboxID{1}}, 1, 0, tania.Proceed, true},
		"both, of which one is another": {Options{Account: 1, Inboxes: []tania.InboxID{1}}, 2, 1, tania.InboxNotAllowed, false},
	} {
		g := New(x.options)
		ev := incoming(func(ev *chatwoot.Event) {
			ev.Conversation.Key.Account, ev.Conversation.Inbox = tania.AccountID(x.account), tania.InboxID(x.inbox)
		})
		v := g.Gate(ev, noon)
		if v.Reason != x.want || (len(v.Unchecked) > 0) != x.unchecked {
			t.Errorf("%s: %s (%s), unchecked %v", name, v.Reason, v.Detail, v.Unchecked)
		}
		if heard := g.Observe(says(71, 0, func(e *chatwoot.Event) {
			e.Conversation.Key.Account, e.Conversation.Inbox = ev.Conversation.Key.Account, ev.Conversation.Inbox
		}),
			&tania.Conversation{}, noon); heard != (x.want == tania.Proceed) {
			t.Errorf("%s: heard %v", name, heard)
		}
	}
}
