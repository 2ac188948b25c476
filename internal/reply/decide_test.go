package reply_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/cache"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/dispatcher"
	"tania/internal/governor"
	"tania/internal/reply"
	"tania/internal/tania"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// model answers a prompt.
type model func(llm.Prompt) (llm.Response, error)

func (m model) Respond(_ context.Context, p llm.Prompt) (llm.Response, error) { return m(p) }

func says(text string) model {
	return func(llm.Prompt) (llm.Response, error) {
		return llm.Response{Text: text, Known: true, Usage: tania.Usage{Model: "m", Calls: 1, Cost: 7}}, nil
	}
}

func deps(m model) reply.Deps {
	bot := bot.Default()
	return reply.Deps{
		Bot: bot, Governor: governor.New(governor.Options{
			Blocklist: true, MaxChars: 500, MaxPerMinute: 3,
			OptOut: []tania.Channel{tania.ChannelSMS},
		}), Dispatcher: dispatcher.New(dispatcher.Options{}),
		Answerer: answer.New(answer.Options{Bot: bot, Responder: m}), MaxAge: time.Hour,
	}
}

func caseOf(text string) reply.Case {
	m := tania.Message{
		ID: 7, Key: tania.ConversationKey{Account: 1, Conversation: 5}, Inbox: 11, Contact: tania.Contact{ID: 3}, Content: text,
		Status: tania.StatusPending, CanReply: true, Created: noon, Received: noon,
	}
	return reply.Case{Turn: "t", Attempt: 1, Messages: []tania.Message{m}, Now: noon}
}

const price = "quiero saber el precio del pastel de tres leches"

func TestDecide(t *testing.T) {
	spanish := func(text bot.Text) string { return text.In(tania.Spanish, tania.Spanish) }
	bot := bot.Default()
	for name, c := range map[string]struct {
		text   string
		change func(*reply.Case)
		model  model
		want   reply.Plan
	}{
		"the model answers": {price, nil, says("150 pesos"), reply.Plan{
			Parts:  []string{"150 pesos"},
			Record: tania.Record{Outcome: tania.OutcomeAnswered, Reason: tania.Proceed, Route: tania.RouteModel},
		}},
		"the model does not know": {
			price, nil, func(llm.Prompt) (llm.Response, error) { return llm.Response{Text: "No sé."}, nil },
			reply.Plan{Parts: []string{"No sé."}, Record: tania.Record{
				Outcome: tania.OutcomeNotKnown, Reason: tania.Proceed,
				Route: tania.RouteModel,
			}},
		},
		"the budget is used up": {
			price, nil, func(llm.Prompt) (llm.Response, error) { return llm.Response{}, llm.ErrBudget },
			reply.Plan{
				Handoff: tania.HandoffModel, HandoffDetail: "the model's monthly budget is used up",
				Record: tania.Record{Outcome: tania.OutcomeHandedOver, Reason: tania.Proceed, Route: tania.RouteModel, Handoff: tania.HandoffModel},
			},
		},
		"a greeting": {"hola", nil, nil, reply.Plan{
			Parts:  []string{spanish(bot.Greeting)},
			Record: tania.Record{Outcome: tania.OutcomeAnswered, Reason: tania.Proceed, Route: tania.RouteGreeting},
		}},
		"a human is asked for": {
			"quiero hablar con una persona", nil, nil,
			reply.Plan{Handoff: tania.HandoffRequested, Record: tania.Record{
				Outcome: tania.OutcomeHandedOver, Reason: tania.Proceed,
				Route: tania.RouteHandoff, Handoff: tania.HandoffRequested,
			}},
		},
		"a blocked contact": {
			price, func(c *reply.Case) { c.Messages[0].Contact.Blocked = true }, nil,
			reply.Plan{Record: tania.Record{Outcome: tania.OutcomeSilent, Reason: tania.BlockedContact}},
		},
		"too long": {
			strings.Repeat("precio ", 100), nil, nil,
			reply.Plan{
				Parts: []string{spanish(bot.TooLong)}, Notice: tania.NoticeTooLong,
				Record: tania.Record{Outcome: tania.OutcomeSilent, Reason: tania.TooLong},
			},
		},
		"too many": {
			price, func(c *reply.Case) {
				c.Memory.Arrivals = []time.Time{noon.Add(-30 * time.Second), noon.Add(-20 * time.Second), noon.Add(-10 * time.Second)}
				c.Memory.Notices = map[tania.Notice]time.Time{tania.NoticeRateLimited: noon}
			}, nil,
			reply.Plan{Wait: 30 * time.Second, Record: tania.Record{Outcome: tania.OutcomeWaiting, Reason: tania.RateLimited}},
		},
		"too late": {
			price, func(c *reply.Case) { c.Age = 90 * time.Minute }, nil,
			reply.Plan{
				Handoff: tania.HandoffLate, HandoffDetail: "1 h 30 min", Message: spanish(bot.Late),
				Record: tania.Record{Outcome: tania.OutcomeHandedOver, Reason: tania.Proceed, Route: tania.RouteModel, Handoff: tania.HandoffLate},
			},
		},
		"late, and retried by an operator": {
			price, func(c *reply.Case) { c.Age, c.Retried = 90*time.Minute, true }, says("150 pesos"),
			reply.Plan{Parts: []string{"150 pesos"}, Record: tania.Record{
				Outcome: tania.OutcomeAnswered, Reason: tania.Proceed,
				Route: tania.RouteModel,
			}},
		},
		"an attachment": {
			"", nil, nil,
			reply.Plan{
				Parts: []string{spanish(bot.Attachment)}, Notice: tania.NoticeAttachment,
				Record: tania.Record{Outcome: tania.OutcomeAnswered, Reason: tania.Proceed},
			},
		},
		"a second attachment": {
			"", func(c *reply.Case) {
				c.Memory.Notices = map[tania.Notice]time.Time{tania.NoticeAttachment: noon.Add(-time.Hour)}
			}, nil,
			reply.Plan{Record: tania.Record{Outcome: tania.OutcomeSilent, Reason: tania.Empty}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			turn := caseOf(c.text)
			if c.change != nil {
				c.change(&turn)
			}
			got, err := reply.Decide(t.Context(), turn, deps(c.model))
			if err != nil {
				t.Fatal(err)
			}
			same(t, got, c.want)
			if r := got.Record; r.Key != turn.Messages[0].Key || r.Turn != "t" || r.Attempt != 1 || len(r.Steps) == 0 {
				t.Errorf("the record %+v does not name its turn", r)
			}
		})
	}
}

// same compares what is to be done, and why.
func same(t *testing.T, got, want reply.Plan) {
	t.Helper()
	a, b := got.Record, want.Record
	if got.Text() != want.Text() || got.Notice != want.Notice || got.Handoff != want.Handoff || got.HandoffDetail != want.HandoffDetail ||
		got.Message != want.Message {
		t.Errorf("plan %+v, want %+v", got, want)
	}
	if a.Outcome != b.Outcome || a.Reason != b.Reason || a.Route != b.Route || a.Handoff != b.Handoff || got.Wait != want.Wait {
		t.Errorf("record %+v and a wait of %s, want %+v and %s", a, got.Wait, b, want.Wait)
	}
}

var errAway = &llm.UnavailableError{Causes: []error{errors.New("503")}}

// TestAnErrorLeavesTheRecordAsFarAsItWasMade: a turn that is retried is recorded with its route.
func TestAnErrorLeavesTheRecordAsFarAsItWasMade(t *testing.T) {
	p, err := reply.Decide(t.Context(), caseOf(price), deps(func(llm.Prompt) (llm.Response, error) { return llm.Response{}, errAway }))
	if !errors.Is(err, errAway) || !p.Quiet() || p.Record.Route != tania.RouteModel || p.Record.Reason != tania.Proceed {
		t.Errorf("%+v (%v), want nothing to do, the route and the error", p, err)
	}
}

// TestTheSecondAnswerThatIsNotKnownBringsAHuman, in one episode; the same turn, tried again, counts once.
func TestTheSecondAnswerThatIsNotKnownBringsAHuman(t *testing.T) {
	for name, c := range map[string]struct {
		before []tania.TurnID
		limit  int
		known  bool
		want   tania.Outcome
	}{
		"the first":               {nil, 2, false, tania.OutcomeNotKnown},
		"the second":              {[]tania.TurnID{"earlier"}, 2, false, tania.OutcomeHandedOver},
		"the same, tried again":   {[]tania.TurnID{"t"}, 2, false, tania.OutcomeNotKnown},
		"the first, of one":       {nil, 1, false, tania.OutcomeHandedOver},
		"the second, of three":    {[]tania.TurnID{"earlier"}, 3, false, tania.OutcomeNotKnown},
		"the third, of any":       {[]tania.TurnID{"earlier", "later"}, 0, false, tania.OutcomeNotKnown},
		"an answer that is known": {[]tania.TurnID{"earlier"}, 2, true, tania.OutcomeAnswered},
	} {
		d := deps(nil)
		own := *d.Bot
		own.UnknownLimit, d.Bot = c.limit, &own
		d.Answerer = &answerer{made: answer.Answer{Text: "No lo sé. ¿Le comunico con una persona?", Known: c.known}}
		turn := caseOf(price)
		turn.Memory.NotKnown = c.before
		p, err := reply.Decide(t.Context(), turn, d)
		if err != nil || p.Record.Outcome != c.want {
			t.Errorf("%s: %s (%v), want %s", name, p.Record.Outcome, err, c.want)
		}
		// The offer of a human is no longer a question then.
		if p.Handoff != "" && (p.Handoff != tania.HandoffNotKnown || len(p.Parts) > 0) {
			t.Errorf("%s: %+v, want the handoff's own words alone", name, p)
		}
	}
}

// impatient is an Answerer that waits for no model.
type impatient struct{ reply.Answerer }

func (i impatient) Answer(ctx context.Context, q answer.Question) (answer.Answer, error) {
	a, err := i.Answerer.Answer(ctx, q)
	if err != nil {
		err = &reply.NoModelError{Cause: err}
	}
	return a, err
}

func TestWithoutAModelAHumanApologises(t *testing.T) {
	d := deps(func(llm.Prompt) (llm.Response, error) { return llm.Response{}, errAway })
	d.Answerer = impatient{d.Answerer}
	p, err := reply.Decide(t.Context(), caseOf(price), d)
	if err != nil || p.Handoff != tania.HandoffModelAway || p.Message != d.Bot.Apology.In(tania.Spanish, tania.Spanish) {
		t.Errorf("%+v (%v), want the apology and a human", p, err)
	}
}

// seen is a Cache that finds what it is told, and notes what it is asked.
type seen struct {
	look    cache.Look
	looked  int
	asked   shareable.Request
	awaited []time.Duration
	// awaiting is called within a wait, where it is set.
	awaiting func()
	waited   bool
	settled  []*shareable.Candidate
	doubts   []cache.Signal
}

func (s *seen) Doubt(_ string, _ tania.ConversationKey, signal cache.Signal) {
	s.doubts = append(s.doubts, signal)
}

func (s *seen) Look(_ context.Context, r shareable.Request) cache.Look {
	s.looked, s.asked = s.looked+1, r
	return s.look
}

func (s *seen) Await(_ context.Context, _ shareable.Request, l cache.Look, most time.Duration) cache.Look {
	s.awaited = append(s.awaited, most)
	if s.awaiting != nil {
		s.awaiting()
	}
	l.Waited = s.waited
	return l
}

func (s *seen) Settle(_ context.Context, _ shareable.Request, _ cache.Look, m *shareable.Candidate) shareable.Refusal {
	s.settled = append(s.settled, m)
	return ""
}

func cached(m model, s *seen) reply.Deps {
	d := deps(m)
	d.Cache, d.Flight = s, time.Second
	d.Scope = func(m tania.Message, lang tania.Language) store.Scope {
		return store.Scope{Inbox: m.Inbox, Language: lang}
	}
	return d
}

func TestEveryMissIsSettled(t *testing.T) {
	for name, m := range map[string]model{
		"answered": says("150 pesos"),
		"failed":   func(llm.Prompt) (llm.Response, error) { return llm.Response{}, errAway },
	} {
		s := &seen{}
		_, _ = reply.Decide(t.Context(), caseOf(price), cached(m, s))
		if len(s.settled) != 1 || (s.settled[0] != nil) != (name == "answered") {
			t.Errorf("%s: settled with %v", name, s.settled)
		}
		again := caseOf(price)
		again.Attempt = 2
		_, _ = reply.Decide(t.Context(), again, cached(m, s))
		if len(s.awaited) != 2 || s.awaited[0] != time.Second || s.awaited[1] != 0 {
			t.Errorf("%s: waited %v, want a second, and nothing after a crash", name, s.awaited)
		}
	}
}

func TestARefusedQuestionIsAnsweredForItsCustomerAlone(t *testing.T) {
	s := &seen{look: cache.Look{Refusal: shareable.RefusalColleague}}
	p, err := reply.Decide(t.Context(), caseOf(price), cached(says("150 pesos"), s))
	if err != nil || p.Text() != "150 pesos" || p.Record.CacheWhy != string(shareable.RefusalColleague) || len(s.settled)+len(s.awaited) > 0 {
		t.Errorf("%+v (%v), cache %+v", p, err, s)
	}
}

func TestDoubts(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		change func(*reply.Case)
		want   cache.Signal
	}{
		"a human is asked for": {"quiero hablar con una persona", nil, cache.SignalHuman},
		"asked in other words": {"quiero saber el precio del pastel", nil, cache.SignalRephrased},
		"another question":     {"¿a qué hora abren los domingos?", nil, ""},
		"a second attempt":     {"quiero hablar con una persona", func(c *reply.Case) { c.Attempt = 2 }, ""},
		"a correction":         {"quiero hablar con una persona", func(c *reply.Case) { c.Messages[0].Revision = 1 }, ""},
		"after a wait":         {"quiero hablar con una persona", func(c *reply.Case) { c.Memory.Trouble = &tania.Trouble{Turn: "t"} }, ""},
		"another turn's wait": {
			"quiero hablar con una persona", func(c *reply.Case) { c.Memory.Trouble = &tania.Trouble{Turn: "u"} },
			cache.SignalHuman,
		},
		"the next day":       {"quiero hablar con una persona", func(c *reply.Case) { c.Memory.LastHit.At = noon.Add(-24 * time.Hour) }, ""},
		"nothing was cached": {"quiero hablar con una persona", func(c *reply.Case) { c.Memory.LastHit = nil }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			turn, s := caseOf(c.text), &seen{}
			turn.Memory.LastHit = &tania.CacheHit{Entry: "e", Question: price, At: noon.Add(-time.Minute)}
			if c.change != nil {
				c.change(&turn)
			}
			if _, err := reply.Decide(t.Context(), turn, cached(says("150 pesos"), s)); err != nil {
				t.Fatal(err)
			}
			if got := len(s.doubts) > 0; got != (c.want != "") || got && s.doubts[0] != c.want {
				t.Errorf("doubts %v, want %q", s.doubts, c.want)
			}
		})
	}
}

// TestAnewIsMadeForAll: without the conversation, as a turn's answer is that is kept; a question that no turn would have answered by the
// model has none.
func TestAnewIsMadeForAll(t *testing.T) {
	var paid tania.Usage
	d := deps(says("150 pesos"))
	d.Answerer = reply.Paid{Answerer: d.Answerer, Pay: func(_ context.Context, u tania.Usage) { paid = paid.Add(u) }}
	r := shareable.Request{Scope: store.Scope{Account: 1, Inbox: 11, Language: tania.Spanish}, Text: price}
	made, err := reply.Anew(t.Context(), r, d)
	if err != nil || made.Text != "150 pesos" || !made.Alone || made.Cost != 7 || paid.Calls != 1 {
		t.Errorf("made %+v (%v) for %+v", made, err, paid)
	}
	r.Text = "hola"
	if made, err := reply.Anew(t.Context(), r, d); err == nil {
		t.Errorf("a greeting is answered with %+v for all", made)
	}
}

// TestTheLanguageOfAReply: the text's, else the remembered one, where the bot speaks it, else the bot's.
func TestTheLanguageOfAReply(t *testing.T) {
	const es, en, pt = tania.Spanish, tania.English, tania.Portuguese
	for _, x := range []struct {
		spoken                 []tania.Language
		own, text, before, say tania.Language
	}{
		{nil, pt, en, es, en},
		{nil, pt, "", en, en},
		{nil, pt, "", "", pt},
		{nil, "", "", "", es},
		{[]tania.Language{pt, en}, pt, es, en, en},
		{[]tania.Language{pt, en}, pt, es, es, pt},
		{[]tania.Language{pt, en}, pt, en, pt, en},
	} {
		if got := reply.Language(&bot.Bot{Language: x.own, Languages: x.spoken}, x.text, x.before); got != x.say {
			t.Errorf("%+v: %q, want %q", x, got, x.say)
		}
	}
}

// TestWhoKnowsThatAttachmentsCannotBeReadIsNotToldAgain for twelve hours.
func TestWhoKnowsThatAttachmentsCannotBeReadIsNotToldAgain(t *testing.T) {
	for ago, told := range map[time.Duration]bool{12 * time.Hour: false, 12*time.Hour + time.Second: true} {
		turn := caseOf("")
		turn.Memory.Notices = map[tania.Notice]time.Time{tania.NoticeAttachment: noon.Add(-ago)}
		if p, err := reply.Decide(t.Context(), turn, deps(nil)); err != nil || p.Quiet() == told {
			t.Errorf("after %s: %+v (%v), want the notice: %v", ago, p, err, told)
		}
	}
}

// TestAnAnswerByWordsAloneSaysThatTheFileIsUnread: it was made as if there were none. A model was told of it.
func TestAnAnswerByWordsAloneSaysThatTheFileIsUnread(t *testing.T) {
	const price = "350 pesos."
	notice := bot.Default().Attachment.In(tania.Spanish, tania.Spanish)
	picture := tania.Attachment{Type: "image", URL: "https://chat.example/1.jpg"}
	heard := tania.Attachment{Type: "audio", URL: "https://chat.example/1.ogg", Transcript: "hola"}
	for name, x := range map[string]struct {
		attached  tania.Attachment
		calls     int
		told      time.Duration
		want      []string
		wasNotice tania.Notice
	}{
		"by words alone":   {picture, 0, 0, []string{notice, price}, tania.NoticeAttachment},
		"told lately":      {picture, 0, time.Hour, []string{price}, ""},
		"told long ago":    {picture, 0, 13 * time.Hour, []string{notice, price}, tania.NoticeAttachment},
		"by a model":       {picture, 1, 0, []string{price}, ""},
		"what was heard":   {heard, 0, 0, []string{price}, ""},
		"a place on a map": {tania.Attachment{Type: "location"}, 0, 0, []string{price}, ""},
	} {
		d := deps(nil)
		d.Answerer = &answerer{made: answer.Answer{Text: price, Known: true, Usage: tania.Usage{Calls: x.calls}}}
		turn := caseOf("cuánto cuesta")
		turn.Messages[0].Attachments = []tania.Attachment{x.attached}
		if x.told > 0 {
			turn.Memory.Notices = map[tania.Notice]time.Time{tania.NoticeAttachment: noon.Add(-x.told)}
		}
		p, err := reply.Decide(t.Context(), turn, d)
		if err != nil || !slices.Equal(p.Parts, x.want) || p.Notice != x.wasNotice {
			t.Errorf("%s: says %q with the notice %q (%v)", name, p.Parts, p.Notice, err)
		}
	}
}

// TestWhatTheFilesSayIsDecidedOnAnew: nothing is made of the messages as they read before.
func TestWhatTheFilesSayIsDecidedOnAnew(t *testing.T) {
	d, anew := deps(says("350 pesos.")), errors.New("read anew")
	d.Read = func(context.Context) ([]string, error) { return nil, anew }
	turn := caseOf(price)
	if p, err := reply.Decide(t.Context(), turn, d); err != nil || len(p.Parts) != 1 {
		t.Errorf("without a file: %+v, %v", p, err)
	}
	turn.Messages[0].Attachments = []tania.Attachment{{Type: "audio"}}
	if p, err := reply.Decide(t.Context(), turn, d); !errors.Is(err, anew) || len(p.Parts) != 0 {
		t.Errorf("%+v, %v", p, err)
	}
	d.Read = func(context.Context) ([]string, error) { return []string{"why not"}, nil }
	if p, err := reply.Decide(t.Context(), turn, d); err != nil || !slices.Contains(p.Record.Unchecked, "why not") {
		t.Errorf("%+v, %v", p, err)
	}
	d.Read = func(context.Context) ([]string, error) { return nil, anew }
	turn.Messages[0].Contact.Blocked = true
	if p, err := reply.Decide(t.Context(), turn, d); err != nil || p.Record.Reason != tania.BlockedContact {
		t.Errorf("read for a contact who is blocked: %+v, %v", p, err)
	}
}

// TestARecitedPromptIsWithheld and the record says so.
func TestARecitedPromptIsWithheld(t *testing.T) {
	d := deps(nil)
	d.Answerer = &answerer{made: answer.Answer{Text: "No sé.", Withheld: true}}
	if p, err := reply.Decide(t.Context(), caseOf(price), d); err != nil || !strings.Contains(p.Record.Detail, "withheld") {
		t.Errorf("the record says %q (%v)", p.Record.Detail, err)
	}
}
