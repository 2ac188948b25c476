package worker_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/governor"
	"tania/internal/ledger"
	"tania/internal/reply"
	"tania/internal/tania"
	"tania/internal/tool/tryout"
)

// rehearsal decides by what the rig's worker decides by.
func (r *rig) rehearsal() reply.Rehearsal {
	o, by := r.options, r.runtime
	return reply.Rehearsal{
		Deps: reply.Deps{
			Bot: by.Bot, Governor: by.Governor, Dispatcher: by.Dispatcher, Scope: by.Scope, MaxAge: o.ReplyMaxAge, Log: o.Log,
			Answerer: reply.Paid{Answerer: by.Answerer, Pay: func(ctx context.Context, u tania.Usage) {
				if err := ledger.Pay(ctx, r.engine, by.Name, u); err != nil {
					r.t.Error(err)
				}
			}},
		},
		Timeout: o.ProcessingTimeout, Cached: o.Cache, Memory: r.engine, Chatwoot: r.client, Inbox: func() tania.InboxID { return 11 },
	}
}

// traces are what a turn leaves behind: in the store, in the cache, and in Chatwoot.
func (r *rig) traces(conversation tania.ConversationID) string {
	r.t.Helper()
	if err := r.options.Cache.Settle(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	key := tania.ConversationKey{Account: 1, Conversation: conversation}
	memory, err := r.engine.Conversation(r.t.Context(), key)
	records, err2 := r.engine.RecentRecords(r.t.Context(), 100)
	counters, err3 := r.engine.Counters(r.t.Context())
	if err != nil || err2 != nil || err3 != nil {
		r.t.Fatal(err, err2, err3)
	}
	for name := range counters {
		if strings.HasPrefix(name, "llm/") {
			delete(counters, name)
		}
	}
	counted, entries := r.options.Cache.Counted()
	listed := r.options.Cache.List(r.t.Context(), 0)
	written := 0
	for _, call := range r.sim.Calls() {
		if call.Method != http.MethodGet && !strings.HasSuffix(call.Path, "/toggle_typing_status") {
			written++
		}
	}
	text, err := json.MarshalIndent(map[string]any{
		"memory": memory, "records": records, "counters": counters, "cache": counted, "entries": entries, "listed": listed, "calls": written,
	}, "", " ")
	if err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}

// told is what a customer is told, and why, without the times.
func told(d tania.Record, text string) string {
	return fmt.Sprintf("%q %s %s route %s (%s) in %s, handoff %q, cache %s %s %.3f %q, sources %v, usage %+v",
		text, d.Outcome, d.Reason, d.Route, d.RouteWhy, d.Language, d.Handoff, d.CacheTier, d.CacheEntry, d.CacheScore, d.CacheWhy, d.Sources,
		d.Usage)
}

// TestATrialShowsWhatACustomerWouldGet: the try-out and then a customer say the same thing into the same conversation. The trial leaves no
// trace, and the customer is told what it showed.
func TestATrialShowsWhatACustomerWouldGet(t *testing.T) {
	begun := func(r *rig) tania.ConversationID {
		id, _ := r.asks(0, "¿Cuál es la garantía de los zapatos?")
		return id
	}
	status := func(s tania.Status) func(*rig) tania.ConversationID {
		return func(r *rig) tania.ConversationID {
			id := begun(r)
			if err := r.sim.SetStatus(id, 7, s, time.Now().Add(time.Hour)); err != nil {
				r.t.Fatal(err)
			}
			r.until("the webhook", r.sim.Settled)
			return id
		}
	}
	for name, c := range map[string]struct {
		text   string
		before func(*rig) tania.ConversationID
		change func(*settings)
		want   tania.Record // Outcome, Reason, Route and CacheWhy
	}{
		"a greeting": {text: "hola", want: tania.Record{
			Outcome: tania.OutcomeAnswered, Reason: tania.Proceed,
			Route: tania.RouteGreeting,
		}},
		"the model": {text: asksCost, want: tania.Record{
			Outcome: tania.OutcomeAnswered, Reason: tania.Proceed,
			Route: tania.RouteModel,
		}},
		"the model in a chat": {text: asksCost, before: begun, want: tania.Record{
			Outcome: tania.OutcomeAnswered, Reason: tania.Proceed,
			Route: tania.RouteModel,
		}},
		"nobody knows": {
			text: "¿Venden bicicletas usadas para niños pequeños?",
			want: tania.Record{Outcome: tania.OutcomeNotKnown, Reason: tania.Proceed, Route: tania.RouteModel, CacheWhy: "answer_unknown"},
		},
		"a human is asked for": {
			text: "quiero hablar con una persona",
			want: tania.Record{Outcome: tania.OutcomeHandedOver, Reason: tania.Proceed, Route: tania.RouteHandoff},
		},
		"from the cache": {text: asksCost, before: func(r *rig) tania.ConversationID {
			r.asks(0, asksCost)
			return 0
		}, want: tania.Record{Outcome: tania.OutcomeAnswered, Reason: tania.Proceed, Route: tania.RouteCached}},
		"what a colleague said before": {text: asksCost, before: func(r *rig) tania.ConversationID {
			r.asks(0, asksCost)
			id := begun(r)
			if _, err := r.sim.AgentReplies(id, 7, "Para ti el envío es gratis.", chatwootsim.ViaAPI); err != nil {
				r.t.Fatal(err)
			}
			r.ended()
			return id
		}, want: tania.Record{Outcome: tania.OutcomeAnswered, Reason: tania.Proceed, Route: tania.RouteModel, CacheWhy: "colleague"}},
		"a human is at work": {
			text: asksCost, before: func(r *rig) tania.ConversationID {
				id := begun(r)
				if _, err := r.sim.AgentReplies(id, 7, "Yo le atiendo.", chatwootsim.ViaAPI); err != nil {
					r.t.Fatal(err)
				}
				r.ended()
				return id
			}, change: func(s *settings) { s.governor.HumanTimeout = time.Hour },
			want: tania.Record{Outcome: tania.OutcomeSilent, Reason: tania.HumanActive},
		},
		"handed over": {text: asksCost, before: func(r *rig) tania.ConversationID {
			id := begun(r)
			r.write(id, "quiero hablar con una persona")
			r.ended()
			return id
		}, want: tania.Record{Outcome: tania.OutcomeSilent, Reason: tania.HumanAssigned}},
		"resolved": {
			text: asksCost, before: status(tania.StatusResolved),
			want: tania.Record{Outcome: tania.OutcomeAnswered, Reason: tania.Proceed, Route: tania.RouteModel},
		},
		"snoozed": {
			text: asksCost, before: status(tania.StatusSnoozed),
			want: tania.Record{Outcome: tania.OutcomeSilent, Reason: tania.NotPending},
		},
		"a blocked contact": {
			text: asksCost, before: func(r *rig) tania.ConversationID {
				who := r.sim.AddContact(tania.Contact{Name: "Ana"})
				m := r.writeIn(11, who.ID, "¿Cuál es la garantía de los zapatos?")
				r.ended()
				if err := r.sim.EditContact(who.ID, func(c *tania.Contact) { c.Blocked = true }); err != nil {
					r.t.Fatal(err)
				}
				r.until("the webhooks", r.sim.Settled)
				return m.Conversation
			}, change: func(s *settings) { s.governor.Blocklist = true },
			want: tania.Record{Outcome: tania.OutcomeSilent, Reason: tania.BlockedContact},
		},
		"out of hours": {text: asksCost, change: func(s *settings) {
			s.governor.Hours = &governor.ServiceHours{Location: time.UTC, Start: time.Hour, End: 2 * time.Hour}
			s.governor.Hours.Days[(time.Now().UTC().Weekday()+3)%7] = true
		}, want: tania.Record{Outcome: tania.OutcomeSilent, Reason: tania.OutsideHours}},
		"too long": {
			text: strings.Repeat(asksCost, 9), change: func(s *settings) { s.governor.MaxChars = 100 },
			want: tania.Record{Outcome: tania.OutcomeSilent, Reason: tania.TooLong},
		},
		"no model": {text: asksCost, change: func(s *settings) {
			s.worker.ModelPatience = -1
			s.responder = model(func(context.Context, llm.Prompt) (llm.Response, error) { return llm.Response{}, errLoading })
		}, want: tania.Record{Outcome: tania.OutcomeHandedOver, Reason: tania.Proceed, Route: tania.RouteModel}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, (&gullible{}).respond, func(s *settings) {
				s.cache, s.governor.HumanTimeout = true, 0
				if c.change != nil {
					c.change(s)
				}
			})
			var id tania.ConversationID
			if c.before != nil {
				id = c.before(r)
			}
			before := r.traces(id)
			shown, err := r.rehearsal().Try(t.Context(), tania.ConversationKey{Account: 1, Conversation: id}, c.text)
			if err != nil {
				t.Fatal(err)
			}
			if after := r.traces(id); after != before {
				t.Errorf("the trial left traces:\n%s", cmp.Diff(before, after))
			}
			got := shown.Record
			if got.Outcome != c.want.Outcome || got.Reason != c.want.Reason || got.Route != c.want.Route || got.CacheWhy != c.want.CacheWhy {
				t.Errorf("the trial shows %s, want %+v", told(got, shown.Text()), c.want)
			}
			d := r.settled(r.writes(id, c.text))
			if d.Turn == "" {
				got = tania.Record{Outcome: got.Outcome, Reason: got.Reason} // refused at the gate, without a turn
			}
			if shows, tells := told(got, shown.Text()), told(d, d.Reply); shows != tells {
				t.Errorf("the trial showed\n%s, and the customer got\n%s", shows, tells)
			}
		})
	}
}

// writes is a customer's message.
func (r *rig) writes(conversation tania.ConversationID, text string) chatwootsim.Message {
	r.t.Helper()
	m, err := r.sim.CustomerWrites(chatwootsim.CustomerMessage{Conversation: conversation, Text: text})
	if err != nil {
		r.t.Fatal(err)
	}
	return m
}

func TestATrialInAConversationThatIsNotThere(t *testing.T) {
	r := newRig(t, says("ok"), func(s *settings) { s.cache = true })
	if p, err := r.rehearsal().Try(t.Context(), tania.ConversationKey{Account: 1, Conversation: 999}, asksCost); err == nil ||
		!strings.Contains(err.Error(), reply.ErrNoConversation.Error()) {
		t.Errorf("%+v (%v), want that there is none", p, err)
	}
}

// TestATrialCallsWhatReads, and nothing that changes something, which it shows with its arguments.
func TestATrialCallsWhatReads(t *testing.T) {
	var shop *shopServer
	r := newRig(t, wants("look", "break"), func(o *settings) { shop = withTools(t, o) })
	rehearse := r.rehearsal()
	rehearse.TryTools = func(_ context.Context, c *reply.Case) reply.TrialTools {
		facts := tryout.FactsOf(&c.Messages[0], c.Memory.Acts, c.Now)
		b := r.runtime.Bot
		return tryout.New(tryout.Options{Tools: b.Tools, Policy: b.Policy, Callers: r.options.Tools, Facts: facts, Calls: 8})
	}
	p, err := rehearse.Try(t.Context(), tania.ConversationKey{Account: 1}, "¿Puede hacer algo con mi pedido 7?")
	if err != nil || shop.seen() != "GET /7/look" {
		t.Errorf("%v; the shop saw %q", err, shop.seen())
	}
	acts := p.Record.Acts
	if len(acts) != 2 || acts[0].Tool != "look" || acts[1].Tool != "break" || string(acts[1].Arguments) != `{"id":"7"}` {
		t.Fatalf("%+v", acts)
	}
	if !acts[1].OK || !strings.Contains(string(acts[1].Result), tryout.NotMade) {
		t.Errorf("%+v", acts[1])
	}
}
