package worker_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/tania"
)

// ignorant is a model that never knows, and the prompts that it was given.
type ignorant struct {
	mu      sync.Mutex
	prompts []llm.Prompt
}

func (i *ignorant) respond(_ context.Context, p llm.Prompt) (llm.Response, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.prompts = append(i.prompts, p)
	return llm.Response{Text: "No lo sé.", Usage: tania.Usage{Model: "m", Calls: 1}}, nil
}

// TestWhoIsToldTwiceThatTheBotDoesNotKnowGetsAHuman. When the humans have resolved it, a new episode begins: its first unknown answer is
// one again, and the model no longer reads the old ones.
func TestWhoIsToldTwiceThatTheBotDoesNotKnowGetsAHuman(t *testing.T) {
	m := &ignorant{}
	r := newRig(t, m.respond, nil)
	c := r.write(0, questions(1))
	r.until("the first answer", func() bool { return len(r.said(c)) > 0 })
	r.ended()
	r.write(c, questions(2))
	r.until("a human", func() bool { s, _ := r.sim.Conversation(c); return s.Status == tania.StatusOpen })
	r.ended()
	r.wantSaid(c, "No lo sé.", r.spanish(r.bot.Handoff))
	if d := r.record(c); d.Outcome != tania.OutcomeHandedOver || d.Handoff != tania.HandoffNotKnown {
		t.Errorf("record %+v", d)
	}

	if err := r.sim.SetStatus(c, 7, tania.StatusResolved, time.Time{}); err != nil {
		t.Fatal(err)
	}
	r.until("the webhook", r.sim.Settled)
	r.write(c, questions(3))
	r.until("an answer", func() bool { return len(r.said(c)) > 2 })
	r.ended()
	if d := r.record(c); d.Outcome != tania.OutcomeNotKnown {
		t.Errorf("record %+v of the new episode", d)
	}
	if last := m.prompts[len(m.prompts)-1]; len(last.History) > 0 {
		t.Errorf("the model read %+v of the old episode", last.History)
	}
}
