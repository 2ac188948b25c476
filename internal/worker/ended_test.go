package worker_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// TestEachMessagesRecordIsToldOnce: of a burst that is answered together, too.
func TestEachMessagesRecordIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var told []tania.MessageID
		r := newRig(t, says("ok"), func(s *settings) {
			patiently(s)
			s.worker.Finished = func(d tania.Record) {
				mu.Lock()
				defer mu.Unlock()
				told = append(told, d.Message)
			}
		})
		defer r.stop()
		var wrote []tania.MessageID
		var c tania.ConversationID
		for n := range 3 {
			m, err := r.sim.CustomerWrites(chatwootsim.CustomerMessage{Conversation: c, Text: questions(n)})
			if err != nil {
				t.Fatal(err)
			}
			c, wrote = m.Conversation, append(wrote, m.ID)
		}
		r.idle(time.Hour)
		mu.Lock()
		defer mu.Unlock()
		if slices.Sort(told); !slices.Equal(told, wrote) {
			t.Errorf("told of the messages %v, want %v", told, wrote)
		}
	})
}

// TestNoDotsAreShownWhereNoneAreWanted: not even to who waits for a model.
func TestNoDotsAreShownWhereNoneAreWanted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		r := newRig(t, answering(func() bool { return time.Since(began) < 20*time.Second }), patiently)
		defer r.stop()
		c := r.write(0, "quiero saber el precio del pastel q1-1")
		r.idle(time.Hour)
		r.wantSaid(c, "respuesta a q1-1")
		for _, call := range r.sim.Calls() {
			if strings.HasSuffix(call.Path, "/toggle_typing_status") {
				t.Fatalf("%s %s", call.Method, call.Path)
			}
		}
	})
}

// TestAStepOfAHandoffThatFailedIsInTheRecord has Chatwoot refuse the label.
func TestAStepOfAHandoffThatFailedIsInTheRecord(t *testing.T) {
	r := newRig(t, says("ok"), nil)
	r.inject(chatwootsim.Fault{Kind: chatwootsim.FaultStatus, Method: http.MethodPost, Path: "/labels", Status: http.StatusForbidden})
	c := r.write(0, "quiero hablar con una persona")
	r.ended()
	d := r.record(c)
	if d.Outcome != tania.OutcomeHandedOver || !slices.ContainsFunc(d.Unchecked, func(s string) bool {
		return strings.HasPrefix(s, "handoff label: ") && strings.Contains(s, "403")
	}) {
		t.Errorf("%s, unchecked %q; want a handoff whose label failed", d.Outcome, d.Unchecked)
	}
	if s := r.worker.Stats(); s.HandedOver != 1 || s.Answered+s.Silent+s.NotKnown+s.AskedBack != 0 {
		t.Errorf("counted %+v, want one handoff", s)
	}
}

// TestATurnThatDidWithoutAModelLeavesNoTrouble: the trouble of an attempt ends with the turn that the same attempt completes.
func TestATurnThatDidWithoutAModelLeavesNoTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, answering(func() bool { return true }), func(s *settings) {
			patiently(s)
			s.worker.ModelPatience = -1
		})
		defer r.stop()
		c := r.write(0, "quiero saber el precio del pastel q1-1")
		r.idle(time.Hour)
		if d, m := r.record(c), r.memory(c); d.Handoff != tania.HandoffModelAway || m.Trouble != nil {
			t.Errorf("handed over for %q, and remembered is %+v", d.Handoff, m.Trouble)
		}
		if n := r.worker.Stats().Deferred; n != 0 {
			t.Errorf("%d waits for the model, want none without patience", n)
		}
	})
}

// TestACallThatWasGivenUpIsNoOutage: the model is not probed because a newer message ended a call that would have failed.
func TestACallThatWasGivenUpIsNoOutage(t *testing.T) {
	asked := make(chan struct{})
	var first sync.Once
	var probes atomic.Int64
	r := newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
		if p.Text == "OK?" {
			probes.Add(1)
			return llm.Response{Text: "OK", Known: true}, nil
		}
		waits := false
		first.Do(func() { waits = true })
		if waits {
			close(asked)
			<-ctx.Done()
			return llm.Response{}, errLoading
		}
		return llm.Response{Text: "todo junto", Known: true}, nil
	}, nil)
	c := r.write(0, questions(1))
	<-asked
	r.write(c, questions(2))
	r.until("the answer", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	if n := probes.Load(); n != 0 {
		t.Errorf("the model was probed %d times", n)
	}
}
