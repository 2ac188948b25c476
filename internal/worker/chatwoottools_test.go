package worker_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/policy"
)

// withChatwootTools gives a bot tools of Chatwoot, of which the label "handoff" is Tania's.
func withChatwootTools(t *testing.T, o *settings) {
	t.Helper()
	one := func(name string) tool.Tool {
		return tool.Tool{
			Name: name, Description: name, Risk: tool.Write, Chatwoot: name,
			Parameters: json.RawMessage(`{"type":"object","properties":{"label":{"type":"string"},"id":{"type":"string"}}}`),
		}
	}
	tools := []tool.Tool{one("resolve"), one("set_label")}
	rules, problems := policy.New(tools, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	o.bot = func(b *bot.Bot) { b.Tools, b.Policy = tools, rules }
	o.worker.ToolCalls, o.translates = 8, true
	o.worker.Steers = func(l string) bool { return l == "handoff" }
}

// calls is a model that makes calls one after the other, and then says bye.
func calls(made ...llm.Call) model {
	return func(_ context.Context, p llm.Prompt) (llm.Response, error) {
		usage := tania.Usage{Model: "m", Calls: 1, InputTokens: 10, OutputTokens: 5}
		if len(p.Steps) < len(made) && len(p.Tools) > 0 {
			return llm.Response{Calls: made[len(p.Steps) : len(p.Steps)+1], Usage: usage}, nil
		}
		return llm.Response{Text: "Queda anotado.", Known: true, Usage: usage}, nil
	}
}

func labelled(label string) llm.Call {
	return llm.Call{Tool: "set_label", Arguments: map[string]any{"label": label}}
}

var resolving = llm.Call{Tool: "resolve", Arguments: map[string]any{}}

func (r *rig) live(c tania.ConversationID) chatwootsim.Conversation {
	seen, _ := r.sim.Conversation(c)
	return seen
}

// TestAToolOfChatwootActs: the label is put on, Tania's own is not, and the conversation is resolved once the answer is out.
func TestAToolOfChatwootActs(t *testing.T) {
	r := newRig(t, calls(labelled("vip"), labelled("handoff"), resolving), func(o *settings) { withChatwootTools(t, o) })
	c := r.write(0, "Gracias, eso era todo por el pedido 7")
	r.until("the end", func() bool { return r.live(c).Status == tania.StatusResolved })
	r.wantSaid(c, "Queda anotado.")
	r.ended()
	d := r.record(c)
	if live := r.live(c); !slices.Equal(live.Labels, []string{"vip"}) {
		t.Errorf("labels are %q", live.Labels)
	}
	if len(d.Acts) != 3 || !d.Acts[0].OK || d.Acts[1].OK || !d.Acts[2].OK || d.Outcome != tania.OutcomeAnswered {
		t.Errorf("%s with %+v", d.Outcome, d.Acts)
	}
}

// TestALabelIsSetThroughAnOutage: the turn waits, and its next attempt sets what was not set, or was without an answer.
func TestALabelIsSetThroughAnOutage(t *testing.T) {
	for name, fault := range map[string]chatwootsim.Fault{
		"not carried out": {Kind: chatwootsim.FaultStatus, Status: 502, Method: "POST", Path: "/labels", Count: 1},
		"carried out":     {Kind: chatwootsim.FaultStatus, Status: 502, Method: "POST", Path: "/labels", Count: 1, Saved: true},
		"cut off":         {Kind: chatwootsim.FaultDrop, Method: "POST", Path: "/labels", Count: 1, Saved: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, calls(labelled("vip")), func(o *settings) { withChatwootTools(t, o) })
			r.inject(fault)
			c := r.write(0, "¿Me apunta como cliente preferente?")
			r.until("the answer", func() bool { return len(r.said(c)) > 0 })
			r.ended()
			r.wantSaid(c, "Queda anotado.")
			d := r.record(c)
			if !slices.Equal(r.live(c).Labels, []string{"vip"}) || len(d.Acts) != 1 || !d.Acts[0].OK || d.Outcome != tania.OutcomeAnswered {
				t.Errorf("labels %q; %s with %+v", r.live(c).Labels, d.Outcome, d.Acts)
			}
		})
	}
}

// TestNothingIsChangedOverAHuman who came while the model thought, and nothing is resolved over a customer who writes on.
func TestNothingIsChangedOverAHuman(t *testing.T) {
	var r *rig
	var c tania.ConversationID
	taken := false
	act := calls(labelled("vip"), resolving)
	r = newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
		if !taken {
			taken = true
			if err := r.sim.TakeOver(r.sim.Conversations()[0].ID, 7); err != nil {
				t.Error(err)
			}
		}
		return act(ctx, p)
	}, func(o *settings) { withChatwootTools(t, o) })
	c = r.write(0, "¿Me apunta como cliente preferente?")
	r.until("the human", func() bool { return r.live(c).Status == tania.StatusOpen })
	r.ended()
	r.wantSaid(c)
	if live := r.live(c); len(live.Labels) > 0 || live.Status != tania.StatusOpen {
		t.Errorf("labels %q, %s", live.Labels, live.Status)
	}
}

// TestNothingIsResolvedOverWhatTheCustomerWritesOn: the second message comes while the first one's answer is on its way, and is answered.
func TestNothingIsResolvedOverWhatTheCustomerWritesOn(t *testing.T) {
	var r *rig
	first := calls(resolving)
	r = newRig(t, first, func(o *settings) { withChatwootTools(t, o); o.worker.RestartOnNew = false })
	wrote := false
	r.sim.Watch(func(e chatwootsim.Event) {
		if e.Message == nil || e.Message.Type != chatwootsim.Outgoing || wrote {
			return
		}
		wrote = true
		conversation := e.Message.Conversation
		go func() {
			if _, err := r.sim.CustomerWrites(chatwootsim.CustomerMessage{Conversation: conversation, Text: "¿Y el pedido 8?"}); err != nil {
				t.Error(err)
			}
		}()
	})
	c := r.write(0, "Gracias por el pedido 7")
	r.until("both answers", func() bool { return len(r.said(c)) == 2 })
	r.ended()
	r.wantSaid(c, "Queda anotado.", "Queda anotado.")
}

// TestWhoWritesOnTakesTheResolvingBack: the call was made for what they wrote before.
func TestWhoWritesOnTakesTheResolvingBack(t *testing.T) {
	var r *rig
	wrote := false
	closes := calls(resolving)
	r = newRig(t, func(ctx context.Context, p llm.Prompt) (llm.Response, error) {
		if len(p.Steps) == 1 && !wrote {
			wrote = true
			r.write(r.sim.Conversations()[0].ID, "Ah, ¿y el pedido 8?")
			<-ctx.Done() // the answer is given up for it
		}
		return closes(ctx, p)
	}, func(o *settings) { withChatwootTools(t, o) })
	c := r.write(0, "Gracias por el pedido 7")
	r.until("the answer", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	if live := r.live(c); live.Status != tania.StatusPending || len(r.said(c)) != 1 {
		t.Errorf("%s, and %q", live.Status, r.said(c))
	}
}
