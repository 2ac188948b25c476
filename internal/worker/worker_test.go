package worker_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

func TestBurstIsAnsweredOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // outside, a busy machine may take longer than the debounce for three messages
		var prompts atomic.Int32
		r := newRig(t, func(_ context.Context, p llm.Prompt) (llm.Response, error) {
			prompts.Add(1)
			return llm.Response{Text: "A las tres preguntas: sí.", Known: true}, nil
		}, heldBack)
		defer r.stop()
		c := r.write(0, questions(1))
		for n := 2; n <= 3; n++ {
			time.Sleep(time.Second) // the bubble's clock
			r.write(c, questions(n))
		}
		r.idle(time.Hour)
		r.wantSaid(c, "A las tres preguntas: sí.")
		if n := prompts.Load(); n != 1 {
			t.Errorf("the model was asked %d times", n)
		}
		if d := r.record(c); len(d.Messages) != 3 || d.Outcome != tania.OutcomeAnswered || d.Reason != tania.Proceed ||
			d.Route != tania.RouteModel {
			t.Errorf("record %+v, want three messages answered by the model", d)
		}
	})
}

func TestNewerMessageStartsTheTurnOver(t *testing.T) {
	asked := make(chan string, 10)
	r := newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
		asked <- p.Text
		if !strings.Contains(p.Text, "número 2") {
			<-ctx.Done()
			return llm.Response{}, ctx.Err()
		}
		return llm.Response{Text: "A las dos.", Known: true}, nil
	}, nil)
	c := r.write(0, questions(1))
	<-asked
	r.write(c, questions(2))
	if second := <-asked; !strings.Contains(second, "número 1") {
		t.Errorf("the model was asked %q the second time, want both messages", second)
	}
	r.until("an answer", func() bool { return len(r.said(c)) > 0 })
	r.ended()
	r.wantSaid(c, "A las dos.")
	if d := r.record(c); d.Restarts != 1 || len(d.Messages) != 2 {
		t.Errorf("record %+v, want one restart and two messages", d)
	}
}

func TestFinishAnswersTheFirstThenTheSecond(t *testing.T) {
	first := make(chan struct{})
	release := make(chan struct{})
	r := newRig(t, func(_ context.Context, p llm.Prompt) (llm.Response, error) {
		if strings.Contains(p.Text, "número 1") {
			close(first)
			<-release
			return llm.Response{Text: "uno", Known: true}, nil
		}
		return llm.Response{Text: "dos", Known: true}, nil
	}, func(s *settings) { s.worker.RestartOnNew = false })
	c := r.write(0, questions(1))
	<-first
	r.write(c, questions(2))
	r.until("the webhook", r.sim.Settled)
	close(release)
	r.until("two answers", func() bool { return len(r.said(c)) == 2 })
	r.ended()
	r.wantSaid(c, "uno", "dos")
}

func TestHumanSilencesTheBotUntilTheConversationComesBack(t *testing.T) {
	for name, via := range map[string]chatwootsim.Via{
		"from the dashboard": chatwootsim.ViaDashboard, "by the API": chatwootsim.ViaAPI,
		"from the phone": chatwootsim.ViaPhone,
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, says("ok"), nil)
			c := r.write(0, questions(1))
			r.until("an answer", func() bool { return len(r.said(c)) == 1 })
			if _, err := r.sim.AgentReplies(c, 7, "Hola, soy Jane.", via); err != nil {
				t.Fatal(err)
			}
			r.until("the webhook", r.sim.Settled)
			r.write(c, questions(2))
			r.ended()
			r.wantSaid(c, "ok")
			if d := r.record(c); d.Outcome != tania.OutcomeSilent || d.Reason != tania.HumanActive {
				t.Errorf("record %+v, want silence because of a human", d)
			}
			for _, status := range []tania.Status{tania.StatusOpen, tania.StatusPending} {
				if err := r.sim.SetStatus(c, 7, status, time.Time{}); err != nil {
					t.Fatal(err)
				}
			}
			r.until("the webhooks", r.sim.Settled)
			r.write(c, questions(3))
			r.until("the bot's return", func() bool { return len(r.said(c)) == 2 })
			r.ended()
		})
	}
}

func TestHumanWhoStepsInWhileTheModelThinksIsNotTalkedOver(t *testing.T) {
	asked, release := make(chan struct{}), make(chan struct{})
	r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
		close(asked)
		<-release
		return llm.Response{Text: "too late", Known: true}, nil
	}, nil)
	c := r.write(0, questions(1))
	<-asked
	if _, err := r.sim.AgentReplies(c, 7, "Yo le atiendo.", chatwootsim.ViaAPI); err != nil {
		t.Fatal(err)
	}
	r.until("the webhook", r.sim.Settled)
	close(release)
	r.ended()
	r.wantSaid(c)
	if d := r.record(c); d.Reason != tania.HumanActive {
		t.Errorf("record %+v, want human_active", d)
	}
}

func TestHandoffBringsAHumanInOnce(t *testing.T) {
	r := newRig(t, says("never"), nil)
	c := r.write(0, "quiero hablar con una persona")
	r.until("the handoff", func() bool {
		s, _ := r.sim.Conversation(c)
		return s.Status == tania.StatusOpen && len(s.Labels) > 0 && s.Team != 0
	})
	r.ended()
	s, _ := r.sim.Conversation(c)
	if s.Team != 5 || s.Labels[0] != "handoff" || len(s.CustomAttributes) == 0 {
		t.Errorf("conversation %+v, want team 5, the label and attributes", s)
	}
	notes := 0
	for _, m := range r.sim.Messages(c) {
		if m.Private {
			notes++
		}
	}
	if notes != 1 || len(r.said(c)) != 1 {
		t.Errorf("%d notes and %q, want one of each", notes, r.said(c))
	}
	if d := r.record(c); d.Outcome != tania.OutcomeHandedOver || d.Handoff != tania.HandoffRequested || d.Route != tania.RouteHandoff {
		t.Errorf("record %+v", d)
	}
	r.write(c, questions(2))
	r.ended()
	if d := r.record(c); d.Outcome != tania.OutcomeSilent || d.Reason != tania.HumanAssigned {
		t.Errorf("after the handoff: %+v, want silence", d)
	}
}

func TestModelMayAskForAHuman(t *testing.T) {
	r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
		return llm.Response{Handoff: &llm.Handoff{Reason: "wants a discount I cannot give"}, Known: true}, nil
	}, nil)
	c := r.write(0, questions(1))
	r.until("the handoff", func() bool { s, _ := r.sim.Conversation(c); return s.Status == tania.StatusOpen })
	r.ended()
	if d := r.record(c); d.Handoff != tania.HandoffModel {
		t.Errorf("record %+v, want a handoff by the model", d)
	}
}

// accountMode is the second way to be connected: an account webhook and a user's token, conversations open all the time.
func accountMode(s *settings) {
	s.user = true
	s.webhookToken = "webhook-token"
	url := s.sim.Bot.URL + "?token=" + s.webhookToken
	s.sim.Bot = chatwootsim.Bot{}
	s.sim.Hooks = []chatwootsim.Hook{{URL: url}}
	s.sim.Users = []chatwootsim.User{{ID: 7, Name: "Jane Cooper"}, {ID: 9, Name: "Tania", Token: userToken}}
	s.governor.ReplyStatuses = []tania.Status{tania.StatusPending, tania.StatusOpen}
}

func TestOwnMessagesUnderAUsersTokenAreNotAHumans(t *testing.T) {
	r := newRig(t, says("ok"), accountMode)
	c := r.write(0, questions(1))
	r.until("the first answer", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	r.write(c, questions(2))
	r.until("the second answer", func() bool { return len(r.said(c)) == 2 })
	r.ended()
	r.write(c, "quiero hablar con un humano")
	r.ended()
	before := len(r.said(c))
	r.write(c, questions(4))
	r.ended()
	if d := r.record(c); d.Reason != tania.HumanAssigned || len(r.said(c)) != before {
		t.Errorf("after the handoff: %+v, want silence although the conversation is open as ever", d)
	}
}

func TestConversationThatIsGoneEndsTheTurnQuietly(t *testing.T) {
	r := newRig(t, says("nobody reads this"), nil)
	r.inject(chatwootsim.Fault{Kind: chatwootsim.FaultStatus, Status: 404})
	c := r.write(0, questions(1))
	r.ended()
	if d := r.record(c); d.Reason != tania.Deleted || d.Outcome != tania.OutcomeSilent || d.Attempt != 1 {
		t.Errorf("record %+v, want deleted and silent at the first attempt", d)
	}
	if s := r.worker.Stats(); s.Answered != 0 || s.Silent != 1 {
		t.Errorf("%+v, want no answer counted", s)
	}
	if s, _ := r.engine.Stats(t.Context()); s.Failed != 0 {
		t.Errorf("%d dead turns, want none", s.Failed)
	}
}

// TestChatwootThatRefusesLeavesADeadTurnThatCanBeRetried: what it refuses is no outage. No human was there, so a retry answers.
func TestChatwootThatRefusesLeavesADeadTurnThatCanBeRetried(t *testing.T) {
	for name, fault := range map[string]chatwootsim.Fault{
		"wrong token":           {Kind: chatwootsim.FaultStatus, Status: 401},
		"forbidden":             {Kind: chatwootsim.FaultStatus, Status: 403},
		"messages unacceptable": {Kind: chatwootsim.FaultStatus, Status: 422, Method: "POST", Path: "/messages"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, says("al fin"), nil)
			r.inject(fault)
			c := r.write(0, questions(1))
			r.ended()
			dead, err := r.engine.Dead(t.Context(), 0)
			if err != nil || len(dead) != 1 || len(dead[0].History) != 3 {
				t.Fatalf("dead turns %+v (%v), want one with three failures", dead, err)
			}
			r.sim.Heal()
			if err := r.engine.RetryDead(t.Context(), dead[0].ID); err != nil {
				t.Fatal(err)
			}
			r.ended()
			r.wantSaid(c, "al fin")
			if d := r.record(c); d.Outcome != tania.OutcomeAnswered {
				t.Errorf("record %+v, want answered", d)
			}
		})
	}
}

// TestModelThatIsAway hands over when the customer's patience is over, and tells the team what the server said.
func TestModelThatIsAway(t *testing.T) {
	for name, m := range map[string]model{
		"down": func(context.Context, llm.Prompt) (llm.Response, error) { return llm.Response{}, errLoading },
		"slow": func(ctx context.Context, _ llm.Prompt) (llm.Response, error) {
			<-ctx.Done()
			return llm.Response{}, ctx.Err()
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, m, func(s *settings) {
				s.worker.ProcessingTimeout, s.worker.ModelPatience = 50*time.Millisecond, 200*time.Millisecond
			})
			c := r.write(0, questions(1))
			r.until("the apology", func() bool { return len(r.said(c)) > 0 })
			r.ended()
			r.wantSaid(c, r.spanish(r.bot.Apology))
			s, _ := r.sim.Conversation(c)
			stats, _ := r.engine.Stats(t.Context())
			d := r.record(c)
			if s.Status != tania.StatusOpen || stats.Failed != 0 || d.Outcome != tania.OutcomeHandedOver || d.Handoff != tania.HandoffModelAway {
				t.Errorf("status %s, %d dead turns, record %+v; want a handoff", s.Status, stats.Failed, d)
			}
			if note := r.note(c); name == "down" && !strings.Contains(note, "503 Service Unavailable: Loading model") {
				t.Errorf("the note %q does not say what the server said", note)
			}
			r.write(c, "gracias")
			r.ended()
		})
	}
}

// TestModelThatIsClosedToUs has a key that was revoked: what can be had without a model is said at once, and no turn dies of it.
func TestModelThatIsClosedToUs(t *testing.T) {
	refused := &llm.UnavailableError{Causes: []error{fmt.Errorf("m: 401 Unauthorized: %w", llm.ErrUnauthorized)}}
	r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) { return llm.Response{}, refused },
		func(s *settings) { s.worker.ModelPatience = time.Hour })
	c := r.write(0, questions(1))
	r.until("the apology", func() bool { return len(r.said(c)) > 0 })
	r.ended()
	r.wantSaid(c, r.spanish(r.bot.Apology))
	stats, _ := r.engine.Stats(t.Context())
	if d := r.record(c); stats.Failed != 0 || d.Handoff != tania.HandoffModelAway {
		t.Errorf("%d dead turns, record %+v; want a handoff", stats.Failed, d)
	}
	if note := r.note(c); !strings.Contains(note, "401 Unauthorized") {
		t.Errorf("the note %q does not say what the server said", note)
	}
}

// TestTurnThatFails panics, which no waiting mends.
func TestTurnThatFails(t *testing.T) {
	r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) { panic("model") }, nil)
	c := r.write(0, questions(1))
	r.until("the apology", func() bool { return len(r.said(c)) > 0 })
	r.ended()
	r.wantSaid(c, r.spanish(r.bot.Apology))
	s, _ := r.sim.Conversation(c)
	stats, _ := r.engine.Stats(t.Context())
	if d := r.record(c); s.Status != tania.StatusOpen || stats.Failed != 1 || d.Outcome != tania.OutcomeFailed {
		t.Errorf("status %s, %d dead turns, record %+v; want a handoff and a dead turn", s.Status, stats.Failed, d)
	}
	r.write(c, "gracias")
	r.ended()
}

func TestModelThatRefusesIsAnsweredHonestly(t *testing.T) {
	r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) { return llm.Response{}, llm.ErrRefused }, nil)
	c := r.write(0, questions(1))
	r.until("an answer", func() bool { return len(r.said(c)) > 0 })
	r.ended()
	r.wantSaid(c, r.spanish(r.bot.Unknown))
}

func TestModelThatRecoversIsAnsweredOnce(t *testing.T) {
	var calls atomic.Int32
	r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
		if calls.Add(1) < 3 {
			return llm.Response{}, errors.New("overloaded")
		}
		return llm.Response{Text: "ya", Known: true}, nil
	}, nil)
	c := r.write(0, questions(1))
	r.until("an answer", func() bool { return len(r.said(c)) > 0 })
	r.ended()
	r.wantSaid(c, "ya")
	if d := r.record(c); d.Attempt != 3 || d.Error != "" {
		t.Errorf("record %+v, want the third attempt without an error", d)
	}
}

func TestAttachmentsWithoutTextAreAnsweredOnce(t *testing.T) {
	r := newRig(t, says("never"), nil)
	image := []chatwootsim.Attachment{{Type: "image", URL: "http://127.0.0.1/x.png"}}
	m, err := r.sim.CustomerWrites(chatwootsim.CustomerMessage{Attachments: image})
	if err != nil {
		t.Fatal(err)
	}
	c := m.Conversation
	r.until("the notice", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	if _, err := r.sim.CustomerWrites(chatwootsim.CustomerMessage{Conversation: c, Attachments: image}); err != nil {
		t.Fatal(err)
	}
	r.ended()
	if got := r.said(c); len(got) != 1 {
		t.Errorf("the bot said %q, want the notice once", got)
	}
	if d := r.record(c); d.Reason != tania.Empty || d.Detail == "" {
		t.Errorf("record %+v, want why the second one was met with silence", d)
	}
}

func TestRateLimitedConversationWaitsAndIsToldOnce(t *testing.T) {
	r := newRig(t, says("todo junto"), func(s *settings) { s.governor.MaxPerMinute = 2; s.queue.Debounce, s.queue.DebounceMax = -1, -1 })
	c := r.write(0, questions(1))
	for n := 2; n <= 5; n++ {
		r.write(c, questions(n))
	}
	r.until("the notice", func() bool { return contains(r.said(c), r.notice()) })
	s, err := r.engine.Stats(t.Context())
	if err != nil || s.Messages == 0 {
		t.Fatal(s, err)
	}
	r.until("all webhooks", r.sim.Settled)
	told := 0
	for _, text := range r.said(c) {
		if text == r.notice() {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %d times: %q", told, r.said(c))
	}
}

func (r *rig) notice() string { return r.spanish(r.bot.RateLimited) }

func TestTypingIsAlwaysSwitchedOff(t *testing.T) {
	r := newRig(t, says("ok"), nil)
	c := r.write(0, questions(1))
	r.until("an answer", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	r.until("typing off", func() bool {
		last := ""
		for _, call := range r.sim.Calls() {
			if strings.HasSuffix(call.Path, "/toggle_typing_status") {
				last = string(call.Body)
			}
		}
		return strings.Contains(last, "off")
	})
}

func TestGracefulStopGivesTurnsBack(t *testing.T) {
	asked := make(chan struct{}, 1)
	r := newRig(t, func(ctx context.Context, _ llm.Prompt) (llm.Response, error) {
		asked <- struct{}{}
		<-ctx.Done()
		return llm.Response{}, ctx.Err()
	}, nil)
	r.write(0, questions(1))
	<-asked
	began := time.Now()
	r.stop()
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("the stop took %s", took)
	}
	s, err := r.engine.Stats(t.Context())
	if err != nil || s.Waiting != 1 || s.Active != 0 {
		t.Errorf("stats %+v (%v), want the turn waiting again", s, err)
	}
	turn, err := r.engine.Claim(t.Context())
	if err != nil || turn.Attempt != 1 {
		t.Errorf("claimed %+v (%v), want the attempt not counted", turn, err)
	}
}

func TestCostsAreCounted(t *testing.T) {
	r := newRig(t, says("ok"), nil)
	c := r.write(0, questions(1))
	r.until("an answer", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	counters, err := r.engine.Counters(t.Context())
	if err != nil || counters["llm/calls"] != 1 || counters["llm/cost_micro_usd"] != 7 {
		t.Errorf("counters %v (%v), want one call of 7 micro-USD", counters, err)
	}
}

// TestHistoryHasTheAnswerThatOvertookTheNextMessage has the customer write on while the first answer is made.
func TestHistoryHasTheAnswerThatOvertookTheNextMessage(t *testing.T) {
	asked, release := make(chan struct{}), make(chan struct{})
	history := make(chan []tania.Entry, 1)
	r := newRig(t, func(_ context.Context, p llm.Prompt) (llm.Response, error) {
		if strings.Contains(p.Text, "número 1") {
			close(asked)
			<-release
			return llm.Response{Text: "respuesta uno", Known: true}, nil
		}
		history <- p.History
		return llm.Response{Text: "respuesta dos", Known: true}, nil
	}, func(s *settings) { s.worker.RestartOnNew = false })
	c := r.write(0, questions(1))
	<-asked
	r.write(c, questions(2))
	close(release)
	got := <-history
	if len(got) != 2 || got[0].From != tania.FromCustomer || got[1].Text != "respuesta uno" {
		t.Errorf("the model read %+v, want the first question and its answer", got)
	}
	r.ended()
}

// TestNotKnownIsNotAnswered: a customer who was told that the bot does not know is counted apart, in the record, in this process and for
// all.
func TestNotKnownIsNotAnswered(t *testing.T) {
	r := newRig(t, func(_ context.Context, p llm.Prompt) (llm.Response, error) {
		return llm.Response{Text: "Eso no lo sé.", Known: strings.Contains(p.Text, "número 2")}, nil
	}, nil)
	unknown, known := r.write(0, questions(1)), r.write(0, questions(2))
	r.until("both replies", func() bool { return len(r.said(unknown)) > 0 && len(r.said(known)) > 0 })
	r.ended()
	if d := r.record(unknown); d.Outcome != tania.OutcomeNotKnown || d.Reason != tania.Proceed || d.Reply == "" {
		t.Errorf("record %+v, want that it was not known", d)
	}
	if d := r.record(known); d.Outcome != tania.OutcomeAnswered {
		t.Errorf("record %+v, want that it was answered", d)
	}
	r.stop() // the turn is counted after it has ended, also by a worker that stops
	if s := r.worker.Stats(); s.Answered != 1 || s.NotKnown != 1 {
		t.Errorf("%d answered and %d not known, want one of each", s.Answered, s.NotKnown)
	}
	if s, err := r.engine.Stats(t.Context()); err != nil || s.NotKnown != 1 || s.Completed != 2 {
		t.Errorf("the store counts %d of %d turns (%v), want one of two", s.NotKnown, s.Completed, err)
	}
}
