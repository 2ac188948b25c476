package worker_test

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/tania"
	"tania/internal/worker"
)

// TestTurnsThatTheStoreLost has the store forget all it knew, as a replica does that becomes the master before it had the last writes. The
// webhook of the message comes again, as from the spool, and Chatwoot shows whether its reply was sent.
func TestTurnsThatTheStoreLost(t *testing.T) {
	for name, x := range map[string]struct {
		// interrupted loses the second of the reply's two parts, and all after it.
		interrupted bool
		again       []tania.Message
		want        int
	}{
		"the message alone":                 {again: []tania.Message{{}}, want: 1},
		"the message in other words":        {again: []tania.Message{{Content: "¿y el de zanahoria?"}}, want: 2},
		"the message and another":           {again: []tania.Message{{}, {ID: 9001}}, want: 2},
		"of which a part of the reply went": {interrupted: true, again: []tania.Message{{}}, want: 3},
	} {
		t.Run(name, func(t *testing.T) {
			var sentPart atomic.Bool // the reply's first part is in Chatwoot
			var dying atomic.Bool
			dying.Store(x.interrupted)
			part := strings.Repeat("x ", 130)
			r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
				if x.interrupted {
					return llm.Response{Text: "uno " + part + "\n\ndos " + part, Known: true}, nil
				}
				return llm.Response{Text: "ok", Known: true}, nil
			}, func(s *settings) {
				s.sim.Inboxes = []chatwootsim.Inbox{{ID: 11, Name: "SMS", Channel: tania.ChannelSMS, ActiveBot: true}}
				s.transport = func(_ *rig, next http.RoundTripper) http.RoundTripper {
					return roundTrip(func(q *http.Request) (*http.Response, error) {
						if dying.Load() && posts("/messages")(q) && sentPart.Load() {
							return nil, io.ErrUnexpectedEOF
						}
						if posts("/messages")(q) {
							defer sentPart.Store(true)
						}
						return next.RoundTrip(q)
					})
				}
			})
			c := r.write(0, questions(1))
			if x.interrupted {
				r.until("the first part", func() bool { return len(r.said(c)) == 1 })
			} else {
				r.until("the reply", func() bool { return len(r.said(c)) == 1 })
				r.ended()
			}
			r.stop()
			first := r.sim.Messages(c)[0]
			sent := slices.Clone(r.sim.BotMessages(c))

			dying.Store(false)

			lost := r.lose()
			for n, m := range x.again {
				m.ID, m.Key, m.Inbox, m.Channel = first.ID+m.ID, keyOf(c), 11, tania.ChannelSMS
				m.Content, m.Status, m.CanReply = cmp.Or(m.Content, questions(n+1)), tania.StatusPending, true
				m.Created, m.Received = first.Created, time.Now()
				if _, err := lost.Push(t.Context(), m); err != nil {
					t.Fatal(err)
				}
			}
			defer running(t, r.options)()
			r.ended()
			if got := r.said(c); len(got) != x.want {
				t.Errorf("the bot said %d things, want %d: %q", len(got), x.want, got)
			}
			if len(x.again) > 1 || x.want > 1 {
				return
			}
			if d := r.record(c); d.Reason != tania.Duplicate || d.Outcome != tania.OutcomeSilent ||
				!slices.Equal(d.Replies, []tania.MessageID{sent[0].ID}) {
				t.Errorf("record %+v, want a duplicate with the reply %d", d, sent[0].ID)
			}
			history := r.memory(c).History
			if len(history) != 2 || history[1].From != tania.FromBot || history[1].ID != sent[0].ID || history[1].Text != "ok" {
				t.Errorf("history %+v, want the question and the reply that is in Chatwoot", history)
			}
		})
	}
}

// lose gives the rig a store that knows nothing; what is run with its options uses that.
func (r *rig) lose() *sqlitequeue.Engine {
	r.t.Helper()
	engine, err := sqlitequeue.Open(r.t.Context(), r.t.TempDir()+"/tania.db", r.engine.(*sqlitequeue.Engine).Options)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = engine.Close() })
	r.engine, r.options.Engine = engine, engine
	r.worker = worker.New(r.options)
	return engine
}
