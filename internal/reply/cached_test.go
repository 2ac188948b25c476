package reply_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/cache"
	"tania/internal/dispatcher"
	"tania/internal/reply"
	"tania/internal/tania"
)

// TestAHitIsTheAnswer: the model is not asked, and the record says where the answer is from.
func TestAHitIsTheAnswer(t *testing.T) {
	s := &seen{look: cache.Look{Hit: true, Tier: "exact", Entry: "e", Score: 0.75, Sources: []string{"prices.md"}, Answer: "150 pesos"}}
	p, err := reply.Decide(t.Context(), caseOf(price), cached(func(llm.Prompt) (llm.Response, error) {
		t.Error("the model was asked")
		return llm.Response{}, nil
	}, s))
	if err != nil || p.Text() != "150 pesos" || len(s.awaited)+len(s.settled) > 0 {
		t.Errorf("%+v (%v), cache %+v; want the answer that is there", p, err, s)
	}
	r := p.Record
	if r.Outcome != tania.OutcomeAnswered || r.Route != tania.RouteCached || r.RouteWhy == "" {
		t.Errorf("the record %+v does not tell that the answer was there", r)
	}
	if r.CacheTier != "exact" || r.CacheEntry != "e" || r.CacheScore != 0.75 || !slices.Equal(r.Sources, []string{"prices.md"}) {
		t.Errorf("the record %+v does not tell the entry", r)
	}
	if !slices.ContainsFunc(r.Steps, func(step tania.Step) bool { return step.Name == "cache" }) {
		t.Errorf("the steps %v do not have the look", r.Steps)
	}
	if hit := p.Hit(caseOf(price).Messages); hit == nil || hit.Entry != "e" || hit.Question != price || !hit.At.Equal(noon) {
		t.Errorf("the hit is remembered as %+v", hit)
	}
}

// TestWhatIsSaidBesideTheTextIsOfTheQuestion: the cache is told of what makes a question its customer's own.
func TestWhatIsSaidBesideTheTextIsOfTheQuestion(t *testing.T) {
	attached := []tania.Attachment{{}}
	for name, x := range map[string]struct {
		change              func(c *reply.Case)
		attachments, quoted bool
	}{
		"a text alone": {change: func(*reply.Case) {}},
		"a picture":    {change: func(c *reply.Case) { c.Messages[0].Attachments = attached }, attachments: true},
		"a quote":      {change: func(c *reply.Case) { c.Messages[0].InReplyTo = 1 }, quoted: true},
		"from a story": {change: func(c *reply.Case) { c.Messages[0].Origin = &tania.Origin{} }, quoted: true},
		"in an earlier": {
			change:      func(c *reply.Case) { c.Messages = append([]tania.Message{earlier(attached, false)}, c.Messages...) },
			attachments: true, quoted: true,
		},
		"in a deleted": {change: func(c *reply.Case) { c.Messages = append([]tania.Message{earlier(attached, true)}, c.Messages...) }},
	} {
		t.Run(name, func(t *testing.T) {
			turn, s := caseOf(price), &seen{}
			x.change(&turn)
			if _, err := reply.Decide(t.Context(), turn, cached(says("150 pesos"), s)); err != nil {
				t.Fatal(err)
			}
			if got := s.asked; got.Attachments != x.attachments || got.Quoted != x.quoted || got.Contact.ID != 3 ||
				got.Text != reply.Text(turn.Messages) {
				t.Errorf("the cache is asked %+v, want attachments %v and a quote %v", got, x.attachments, x.quoted)
			}
		})
	}
}

// earlier is a message with attachments and a quote, before that of caseOf.
func earlier(attached []tania.Attachment, deleted bool) tania.Message {
	m := caseOf("mira").Messages[0]
	m.ID, m.Attachments, m.InReplyTo, m.Deleted = 6, attached, 1, deleted
	return m
}

// TestWhatKnowledgeAloneDoesNotAnswerTheConversationMay: it is asked a second time, with what was said before, and both calls are paid for.
func TestWhatKnowledgeAloneDoesNotAnswerTheConversationMay(t *testing.T) {
	said := []tania.Entry{{ID: 1, From: tania.FromCustomer, Text: "me interesa el de tres leches", At: noon.Add(-time.Hour)}}
	const unknown, known, handed = "unknown", "known", "handed over"
	for name, x := range map[string]struct {
		first   string
		history []tania.Entry
		calls   int
	}{
		"nothing was said before": {unknown, nil, 1},
		"something was":           {unknown, said, 2},
		"it is known":             {known, said, 1},
		"a human is needed":       {handed, said, 1},
	} {
		t.Run(name, func(t *testing.T) {
			calls, s := 0, &seen{}
			turn := caseOf(price)
			turn.Memory.History = x.history
			p, err := reply.Decide(t.Context(), turn, cached(func(llm.Prompt) (llm.Response, error) {
				calls++
				r := llm.Response{Text: "150 pesos", Known: true, Usage: tania.Usage{Model: "m", Calls: 1, Cost: 7}}
				if calls == 1 {
					r.Known = x.first == known
					if x.first == handed {
						r.Handoff = &llm.Handoff{Reason: "for the test"}
					}
				}
				return r, nil
			}, s))
			if err != nil || calls != x.calls || p.Record.Usage.Calls != x.calls || p.Record.Usage.Cost != int64(7*x.calls) {
				t.Errorf("%d calls, %+v are recorded (%v), want %d", calls, p.Record.Usage, err, x.calls)
			}
			if len(s.settled) != 1 || s.settled[0].Known != (x.first == known) || s.settled[0].Handoff != (x.first == handed) {
				t.Errorf("settled with %+v, want what was made for all", s.settled)
			}
		})
	}
}

// TestAWaitForAnotherTurnsAnswerIsAStep, and no other time that the cache takes.
func TestAWaitForAnotherTurnsAnswerIsAStep(t *testing.T) {
	const took = 11 * time.Millisecond
	for _, waited := range []bool{false, true} {
		now := noon
		s := &seen{waited: waited, awaiting: func() { now = now.Add(took) }}
		d := cached(says("150 pesos"), s)
		d.Clock = func() time.Time { return now }
		observed := map[string]time.Duration{}
		d.Observe = func(step string, took time.Duration) { observed[step] = took }
		p, err := reply.Decide(t.Context(), caseOf(price), d)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := observed["cache_wait"]; ok != waited || waited && got != took {
			t.Errorf("waited %v: observed %v as %s", waited, ok, got)
		}
		recorded := slices.ContainsFunc(p.Record.Steps, func(step tania.Step) bool { return step.Name == "cache_wait" && step.Millis == 11 })
		if recorded != waited {
			t.Errorf("waited %v: recorded %v", waited, recorded)
		}
	}
}

// TestAnOfferOfAHumanIsMadeToOneCustomer: what the bot offers beside its answer is no answer for all.
func TestAnOfferOfAHumanIsMadeToOneCustomer(t *testing.T) {
	const upset = "no entendiste, te pregunté el horario"
	d := dispatcher.New(dispatcher.Options{})
	if c := d.Dispatch(upset); c.Route != tania.RouteModel || !c.OfferHuman {
		t.Fatalf("%q is dispatched as %+v: this tests nothing", upset, c)
	}
	s := &seen{}
	if _, err := reply.Decide(t.Context(), caseOf(upset), cached(says("150 pesos"), s)); err != nil || s.looked > 0 {
		t.Errorf("%d looks into the cache (%v), want none", s.looked, err)
	}
}

// TestFrustrationIsADoubt of the cached answer that the customer was just given, as late as a quarter of an hour after it.
func TestFrustrationIsADoubt(t *testing.T) {
	for ago, doubted := range map[time.Duration]bool{time.Minute: true, cache.FeedbackWithin: true, cache.FeedbackWithin +
		time.Second: false} {
		turn, s := caseOf("no entiendes nada, eres un inútil"), &seen{}
		turn.Memory.LastHit = &tania.CacheHit{Entry: "e", Question: price, At: noon.Add(-ago)}
		p, err := reply.Decide(t.Context(), turn, cached(says("150 pesos"), s))
		if err != nil || p.Record.Route != tania.RouteFrustration {
			t.Fatalf("%+v (%v), want frustration", p.Record, err)
		}
		if got := slices.Equal(s.doubts, []cache.Signal{cache.SignalHuman}); got != doubted {
			t.Errorf("%s after the answer: doubts %v, want %v", ago, s.doubts, doubted)
		}
		if !p.Doubts {
			t.Errorf("%s after the answer: the plan does not say that the customer doubts", ago)
		}
	}
}

// TestWithoutACacheNoEntryIsDoubted although a hit is remembered, of when there was one. That the customer is not content is known all the
// same, and who only asks, or corrected a message, is content.
func TestWithoutACacheNoEntryIsDoubted(t *testing.T) {
	turn := caseOf("quiero hablar con una persona")
	turn.Memory.LastHit = &tania.CacheHit{Entry: "e", Question: price, At: noon.Add(-time.Minute)}
	if p, err := reply.Decide(t.Context(), turn, deps(nil)); err != nil || p.Handoff != tania.HandoffRequested || !p.Doubts {
		t.Errorf("%+v (%v)", p, err)
	}
	turn.Messages[0].Revision = 1
	if p, err := reply.Decide(t.Context(), turn, deps(nil)); err != nil || p.Doubts {
		t.Errorf("a corrected message: %+v (%v)", p, err)
	}
	if p, err := reply.Decide(t.Context(), caseOf(price), deps(says("150 pesos"))); err != nil || p.Doubts {
		t.Errorf("a question: %+v (%v)", p, err)
	}
}

// answerer gives one answer, and without a model another.
type answerer struct {
	made    answer.Answer
	err     error
	without *answer.Answer
	asked   []answer.Question
}

func (a *answerer) Answer(_ context.Context, q answer.Question) (answer.Answer, error) {
	a.asked = append(a.asked, q)
	return a.made, a.err
}

func (a *answerer) WithoutModel(context.Context, answer.Question) (answer.Answer, bool) {
	if a.without == nil {
		return answer.Answer{}, false
	}
	return *a.without, true
}

// TestWhatIsCertainIsSaidWithoutAModel and the record tells why.
func TestWhatIsCertainIsSaidWithoutAModel(t *testing.T) {
	d := deps(nil)
	d.Answerer = &answerer{err: &reply.NoModelError{Cause: errAway}, without: &answer.Answer{Text: "Tardan tres días.", Known: true}}
	p, err := reply.Decide(t.Context(), caseOf(price), d)
	if err != nil || p.Text() != "Tardan tres días." || p.Record.Outcome != tania.OutcomeAnswered ||
		p.Record.Detail != "no model answers: "+llm.Cause(errAway) {
		t.Errorf("%+v (%v)", p, err)
	}
}

// TestTheAnswerersLanguageIsTheRecords and what it noted stands in the detail.
func TestTheAnswerersLanguageIsTheRecords(t *testing.T) {
	d := deps(nil)
	d.Answerer = &answerer{made: answer.Answer{Text: "150", Known: true, Language: tania.Portuguese, Notes: []string{"one", "two"}}}
	p, err := reply.Decide(t.Context(), caseOf(price), d)
	if err != nil || p.Record.Language != tania.Portuguese || p.Record.Detail != "one; two" {
		t.Errorf("%+v (%v)", p.Record, err)
	}
}

// TestWhoIsAdmittedIsToldBeforeTheModelIsAsked: who waits for the turn hears that it was admitted, before the model is asked.
func TestWhoIsAdmittedIsToldBeforeTheModelIsAsked(t *testing.T) {
	for blocked, want := range map[bool][]string{false: {"admitted", "asked"}, true: nil} {
		var order []string
		d := deps(func(llm.Prompt) (llm.Response, error) {
			order = append(order, "asked")
			return llm.Response{Text: "150", Known: true}, nil
		})
		d.Admitted = func() { order = append(order, "admitted") }
		turn := caseOf(price)
		turn.Messages[0].Contact.Blocked = blocked
		if _, err := reply.Decide(t.Context(), turn, d); err != nil || !slices.Equal(order, want) {
			t.Errorf("blocked %v: %v (%v), want %v", blocked, order, err, want)
		}
	}
}

// TestTheStepsOfADecision are recorded and observed alike.
func TestTheStepsOfADecision(t *testing.T) {
	d := cached(says("150 pesos"), &seen{})
	var observed []string
	d.Observe = func(step string, _ time.Duration) { observed = append(observed, step) }
	p, err := reply.Decide(t.Context(), caseOf(price), d)
	if err != nil {
		t.Fatal(err)
	}
	var recorded []string
	for _, step := range p.Record.Steps {
		recorded = append(recorded, step.Name)
	}
	if want := []string{"govern", "dispatch", "cache", "answer"}; !slices.Equal(recorded, want) || !slices.Equal(observed, want) {
		t.Errorf("recorded %v, observed %v, want %v", recorded, observed, want)
	}
}

// TestAgeDecidesWhatIsTooLate: what is as old as answers may be is answered; without a bound anything is.
func TestAgeDecidesWhatIsTooLate(t *testing.T) {
	for _, x := range []struct {
		age, most time.Duration
		detail    string
	}{
		{time.Hour, time.Hour, ""},
		{time.Hour + time.Minute, time.Hour, "1 h 1 min"},
		{50 * time.Hour, time.Hour, "2 d 2 h"},
		{24 * time.Hour, time.Hour, "1 d 0 h"},
		{5 * time.Minute, time.Minute, "5 min"},
		{50 * time.Hour, 0, ""},
	} {
		d := deps(says("150 pesos"))
		d.MaxAge = x.most
		turn := caseOf(price)
		turn.Age = x.age
		p, err := reply.Decide(t.Context(), turn, d)
		if err != nil || p.HandoffDetail != x.detail || (p.Handoff == tania.HandoffLate) != (x.detail != "") {
			t.Errorf("%s old, %s allowed: %+v (%v), want %q", x.age, x.most, p, err, x.detail)
		}
	}
}

// TestSoManyMessagesOfOneAnswer: the customer is sent ten, and the record says of how many.
func TestSoManyMessagesOfOneAnswer(t *testing.T) {
	long := ""
	for range 40 {
		long += "palabra tras palabra, hasta que no caben más en un solo mensaje de texto de los que se mandan por SMS a un teléfono.\n\n"
	}
	turn := caseOf(price)
	turn.Messages[0].Channel = tania.ChannelSMS
	p, err := reply.Decide(t.Context(), turn, deps(says(long)))
	if err != nil || len(p.Parts) != 10 || p.Record.Detail == "" {
		t.Errorf("%d messages, detail %q (%v), want ten and the number", len(p.Parts), p.Record.Detail, err)
	}
}

// TestAPlanIsQuietWhereTheCustomerReadsNothing of the bot, nor is given to a human.
func TestAPlanIsQuietWhereTheCustomerReadsNothing(t *testing.T) {
	for want, plans := range map[bool][]reply.Plan{
		true:  {{}, {Notice: tania.NoticeTooLong}},
		false: {{Parts: []string{"a"}}, {Handoff: tania.HandoffModel}, {Parts: []string{"a"}, Handoff: tania.HandoffModel}},
	} {
		for _, p := range plans {
			if p.Quiet() != want {
				t.Errorf("%+v is quiet: %v, want %v", p, !want, want)
			}
		}
	}
}
