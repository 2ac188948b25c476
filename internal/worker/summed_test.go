package worker_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/handoff"
	"tania/internal/tania"
)

// briefing is a model that answers customers, and sums conversations up by sum.
func briefing(sum func(ctx context.Context) (llm.Response, error)) model {
	return func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
		if strings.Contains(p.System, "You brief the colleague") {
			return sum(ctx)
		}
		return says("Cuesta 250 pesos.")(ctx, p)
	}
}

// handedOver has a customer ask, be answered, and want a human.
func handedOver(t *testing.T, m model) (r *rig, c tania.ConversationID) {
	t.Helper()
	r = newRig(t, m, func(s *settings) { patiently(s); s.translates = true })
	c = r.write(0, ask)
	r.idle(time.Minute)
	r.write(c, "quiero hablar con una persona")
	r.idle(time.Minute)
	r.stop()
	if s, _ := r.sim.Conversation(c); s.Status != tania.StatusOpen || len(r.notes(c)) != 1 {
		t.Errorf("the conversation is %s with the notes %q", s.Status, r.notes(c))
	}
	return r, c
}

// TestTheNoteOfAHandoffSumsTheConversationUp, and what that cost is in the record.
func TestTheNoteOfAHandoffSumsTheConversationUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, c := handedOver(t, briefing(func(context.Context) (llm.Response, error) {
			return llm.Response{Text: "Pide el precio; se le dijo 250 pesos.", Known: true, Usage: tania.Usage{Model: "m", Calls: 1, Cost: 40}}, nil
		}))
		if note := r.note(c); !strings.Contains(note, "> Pide el precio; se le dijo 250 pesos.") {
			t.Errorf("the note is\n%s", note)
		}
		if d := r.record(c); d.Usage.Cost != 40 || d.Usage.Calls != 1 {
			t.Errorf("usage %+v", d.Usage)
		}
	})
}

// TestNoSummaryHoldsAHandoffUp: a model that is slow, or that says what nobody said, leaves the note without one.
func TestNoSummaryHoldsAHandoffUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var opened tania.Status
		var r *rig
		var c tania.ConversationID
		slow := briefing(func(ctx context.Context) (llm.Response, error) {
			<-ctx.Done()
			s, _ := r.sim.Conversation(c)
			opened = s.Status
			return llm.Response{}, ctx.Err()
		})
		r = newRig(t, slow, func(s *settings) { patiently(s); s.translates = true })
		c = r.write(0, ask)
		r.idle(time.Minute)
		r.write(c, "quiero hablar con una persona")
		wanted := time.Now()
		r.idle(time.Minute)
		r.stop()
		if opened != tania.StatusOpen {
			t.Errorf("the conversation was %q while the summary was waited for", opened)
		}
		told := r.sim.Messages(c)
		last := told[len(told)-1]
		took := last.Created.Sub(wanted)
		if !last.Private || strings.Contains(last.Content, "modelo") || took > handoff.SummaryTime+5*time.Second {
			t.Errorf("after %s: %s", took, last.Content)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		r, c := handedOver(t, briefing(func(context.Context) (llm.Response, error) {
			return llm.Response{Text: "Pide el precio; se le dijo 900 pesos.", Known: true, Usage: tania.Usage{Model: "m", Calls: 1, Cost: 40}}, nil
		}))
		if note := r.note(c); strings.Contains(note, "900") || !strings.Contains(note, "Cuesta 250 pesos") {
			t.Errorf("the note is\n%s", note)
		}
		if d := r.record(c); d.Usage.Cost != 40 {
			t.Errorf("what was paid for it is not in the record: %+v", d.Usage)
		}
	})
}
