package worker_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// TestATurnStartsOverTwiceAtMost has the customer write while each answer is made. The third answer is the turn's, whatever comes.
func TestATurnStartsOverTwiceAtMost(t *testing.T) {
	asked, release := make(chan string, 10), make(chan struct{})
	r := newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
		asked <- p.Text
		select {
		case <-ctx.Done():
			return llm.Response{}, ctx.Err()
		case <-release:
			return llm.Response{Text: fmt.Sprintf("a %d", strings.Count(p.Text, "número")), Known: true}, nil
		}
	}, nil)
	c := r.write(0, questions(1))
	for n := 2; n <= 4; n++ {
		<-asked
		r.write(c, questions(n))
	}
	r.until("the fourth message's webhook", r.sim.Settled)
	close(release)
	r.until("two answers", func() bool { return len(r.said(c)) == 2 })
	r.ended()
	r.wantSaid(c, "a 3", "a 1")
	records, err := r.engine.Records(t.Context(), tania.ConversationKey{Account: 1, Conversation: c})
	if err != nil || len(records) != 4 {
		t.Fatalf("%d records (%v), want 4", len(records), err)
	}
	for i, want := range []int{2, 2, 2, 0} {
		if records[i].Restarts != want {
			t.Errorf("message %d: %d restarts, want %d", i+1, records[i].Restarts, want)
		}
	}
	if s := r.worker.Stats(); s.Restarted != 2 {
		t.Errorf("%d restarts counted, want 2", s.Restarted)
	}
}

// TestAUsedUpBudgetBringsAHumanIn: it is no fault of the turn that another attempt could cure.
func TestAUsedUpBudgetBringsAHumanIn(t *testing.T) {
	calls := 0
	r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
		calls++
		return llm.Response{}, llm.ErrBudget
	}, nil)
	c := r.write(0, questions(1))
	r.until("the handoff", func() bool { s, _ := r.sim.Conversation(c); return s.Status == tania.StatusOpen })
	r.ended()
	r.wantSaid(c, r.spanish(r.bot.Handoff))
	if d := r.record(c); d.Outcome != tania.OutcomeHandedOver || d.Handoff != tania.HandoffModel || d.Attempt != 1 || calls != 1 {
		t.Errorf("record %+v after %d calls, want a handoff at the first attempt", d, calls)
	}
	if note := r.note(c); !strings.Contains(note, "budget is used up") {
		t.Errorf("the note %q does not say why", note)
	}
}

// TestWhatComesWithAttachmentsIsNotLookedUp: the answer to the words alone need not be the answer to the words and the picture.
func TestWhatComesWithAttachmentsIsNotLookedUp(t *testing.T) {
	m, calls := counted("De nueve a seis.")
	r := newRig(t, m, func(s *settings) { s.cache = true })
	first := r.write(0, hours)
	r.until("an answer", func() bool { return len(r.said(first)) == 1 })
	r.ended()
	id := r.sends(chatwootsim.CustomerMessage{Text: hours, Attachments: []chatwootsim.Attachment{{
		Type: "image",
		URL:  "http://127.0.0.1/x.png",
	}}})
	r.until("an answer to the picture", func() bool { return calls.Load() == 2 })
	r.ended()
	c := r.sim.Conversations()[1].ID
	if d := r.recordOf(c, id); d.Route != tania.RouteModel || d.CacheWhy != "attachment" {
		t.Errorf("route %s, of the cache the record says %q; want the model and attachment", d.Route, d.CacheWhy)
	}
	third := r.write(0, hours)
	r.until("an answer from the cache", func() bool { return len(r.said(third)) == 1 })
	r.ended()
	if d := r.record(third); d.Route != tania.RouteCached || calls.Load() != 2 {
		t.Errorf("the words alone: route %s after %d calls, want the cache", d.Route, calls.Load())
	}
}
