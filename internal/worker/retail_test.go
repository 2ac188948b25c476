package worker_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/bots"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/outage"
	"tania/internal/queue"
	"tania/internal/tania"
	"tania/internal/testsize"
	"tania/internal/tool/call"
	"tania/internal/tool/once"
	"tania/internal/tool/retail"
	"tania/internal/worker"
)

const (
	strangers, visitors = tania.InboxID(11), tania.InboxID(12)
)

// counter is a bot at a shop's counter: its model plays a task's right calls, and its workers come and go.
type counter struct {
	*rig
	task   retail.Task
	server atomic.Pointer[retail.Server]
	now    atomic.Pointer[process]
	// turn is the customer's message that is answered, from 0.
	turn atomic.Int64
}

// shopBot is the bot of the shop, with the limits that its policy declares.
func shopBot(t *testing.T) *bot.Bot {
	t.Helper()
	b, err := bot.Load("../tool/policy/testdata/retail/bot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newCounter(t *testing.T, task retail.Task) *counter {
	s := &counter{task: task}
	shop := shopBot(t)
	s.rig = newRig(t, s.respond, func(o *settings) {
		patiently(o)
		o.bot = func(b *bot.Bot) { *b = *shop }
		o.sim.Inboxes = []chatwootsim.Inbox{
			{ID: strangers, Name: "Web", Channel: tania.ChannelWebWidget, ActiveBot: true},
			{ID: visitors, Name: "Signed in", Channel: tania.ChannelWebWidget, ActiveBot: true, Verified: true},
		}
		o.worker.Concurrency, o.worker.MaxAttempts, o.queue.MaxAttempts = 1, 10, 10
		o.worker.Tools, o.worker.ToolCalls = once.Callers{HTTP: shopCaller{s}}, 40
		o.transport = func(_ *rig, next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(q *http.Request) (*http.Response, error) {
				if p := s.now.Load(); p != nil {
					return p.wire(next, q)
				}
				return next.RoundTrip(q)
			})
		}
	})
	s.stop()
	return s
}

// calls are those of a turn: what the customer agreed to, and what follows up to the next call that they have to agree to.
func (s *counter) calls(turn int) []retail.Action {
	var list []retail.Action
	writes := 0
	for _, a := range s.task.Criteria.Actions {
		if retail.IsWrite(a.Tool) {
			writes++
			if writes == turn || writes == turn+1 {
				list = append(list, a)
			}
			continue
		}
		if writes == turn {
			list = append(list, a)
		}
	}
	return list
}

func (s *counter) turns() int {
	n := 1
	for _, a := range s.task.Criteria.Actions {
		if retail.IsWrite(a.Tool) {
			n++
		}
	}
	return n
}

// respond is the model: it makes the calls of the turn one after the other, and asks or says so when they are made.
func (s *counter) respond(_ context.Context, p llm.Prompt) (llm.Response, error) {
	made, usage := 0, tania.Usage{Model: "m", Calls: 1}
	for _, step := range p.Steps {
		made += len(step.Calls)
	}
	turn := int(s.turn.Load())
	if list := s.calls(turn); made < len(list) {
		return llm.Response{Calls: []llm.Call{{Tool: list[made].Tool, Arguments: list[made].Arguments}}, Usage: usage}, nil
	}
	return llm.Response{Text: "This is what will be done. Do you want it, yes or no?", Known: true, Usage: usage}, nil
}

// shopCaller calls the shop, as the process does that is alive.
type shopCaller struct{ *counter }

// Call implements call.Caller.
func (c shopCaller) Call(_ context.Context, r call.Request) (o call.Outcome, err error) {
	p := c.now.Load()
	err = p.call("tool", io.ErrUnexpectedEOF, func() error {
		body, err := json.Marshal(r.Arguments)
		if err != nil {
			return err
		}
		q := httptest.NewRequest(http.MethodPost, "/"+r.Tool.Name, bytes.NewReader(body))
		q.Header.Set("Idempotency-Key", r.Key)
		w := httptest.NewRecorder()
		c.server.Load().ServeHTTP(w, q)
		o.OK, o.Status = w.Code == http.StatusOK, w.Code
		return json.Unmarshal(w.Body.Bytes(), &o.Result)
	})
	return o, err
}

// journalled is a process whose journal is reached by calls that leave it.
type journalled struct{ *process }

func (p journalled) Intend(ctx context.Context, t *queue.Turn, intent []byte) (n int, err error) {
	harmed := p.store("intend", func() error { n, err = p.Engine.Intend(ctx, t, intent); return err })
	return n, harmed
}

func (p journalled) Settle(ctx context.Context, t *queue.Turn, number int, result []byte) error {
	return p.store("settle", func() error { return p.Engine.Settle(ctx, t, number, result) })
}

// begin starts a worker in a process of its own; end stops it.
func (s *counter) begin(p *process) (end func()) {
	s.now.Store(p)
	o := s.options
	o.Engine, o.Peers = journalled{p}, s.peers(model(s.respond), outage.Options{})
	runtime := *s.runtime
	o.Bots = bots.NewRegistry(&runtime)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- worker.New(o).Run(ctx) }()
	return func() {
		s.t.Helper()
		stop()
		if err := <-done; err != nil {
			s.t.Errorf("the worker ended with %v", err)
		}
	}
}

// serve has a customer of a new conversation served to the end, by a process that dies at a point and by another from there on. It gives
// the calls that the first one made.
func (s *counter) serve(at point) []string {
	s.t.Helper()
	s.server.Store(&retail.Server{Shop: retail.Open()})
	inbox, identifier := strangers, ""
	if !slices.ContainsFunc(s.task.Criteria.Actions, retail.Action.Finds) {
		inbox, identifier = visitors, s.task.Customer()
	}
	contact := s.sim.AddContact(tania.Contact{Name: "Ana", Identifier: identifier})
	victim := newProcess(s.engine, killed, at)
	end := s.begin(victim)
	defer func() { end() }()
	var c tania.ConversationID
	for turn := range s.turns() {
		s.turn.Store(int64(turn))
		text := "yes"
		if turn == 0 {
			text = "I have a matter for you, it is about what I bought."
		}
		m, err := s.sim.CustomerWrites(chatwootsim.CustomerMessage{Conversation: c, Inbox: inbox, Contact: contact.ID, Text: text})
		if err != nil {
			s.t.Fatal(err)
		}
		c = m.Conversation
		for !s.isIdle() {
			select {
			case <-victim.struck:
				if s.now.Load() == victim {
					end()
					end = s.begin(newProcess(s.engine, killed, point{call: "none"}))
				}
			case <-time.After(time.Second): // the bubble's clock
			}
		}
	}
	if at.call != "none" && s.now.Load() == victim {
		s.t.Fatalf("task %s: %s was not reached", s.task.ID, at)
	}
	return victim.calls
}

// isIdle waits a moment of the bubble's and reports whether nothing is left to do.
func (s *counter) isIdle() bool {
	s.t.Helper()
	time.Sleep(time.Second)
	synctest.Wait()
	settled := s.sim.Settled()
	stats, err := s.engine.Stats(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return settled && stats.Messages > 0 && stats.Waiting+stats.Active+stats.Delayed == 0
}

// right compares the shop with one in which the task's calls were made directly.
func (s *counter) right(at point) {
	s.t.Helper()
	direct := retail.Open()
	for _, a := range s.task.Criteria.Actions {
		_, _ = direct.Call(a.Tool, a.Arguments) // a look-up may find nothing
	}
	shop := s.server.Load().Shop
	if shop.State() != direct.State() || !slices.Equal(shop.Writes(), direct.Writes()) {
		s.t.Errorf("task %s, killed %s: %v was written, and %v is right", s.task.ID, at, shop.Writes(), direct.Writes())
	}
}

// TestTheShopsTasksAreDoneThroughAnyCrash plays each task in whole turns, from the webhook to the reply: once undisturbed, and once for
// each call of a tool with the process killed when the call was made and when its result was noted (testsize). The shop ends as the task
// wants it.
func TestTheShopsTasksAreDoneThroughAnyCrash(t *testing.T) {
	tasks, err := retail.Tasks()
	if err != nil {
		t.Fatal(err)
	}
	var runs, kills atomic.Int64
	t.Run("tasks", func(t *testing.T) {
		for n, task := range tasks {
			t.Run("task "+task.ID, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					s := newCounter(t, task)
					none := point{call: "none"}
					calls := s.serve(none)
					s.right(none)
					runs.Add(1)
					every, i := testsize.Of(1, 11), n
					for _, name := range calls {
						if !strings.HasPrefix(name, "tool ") && !strings.HasPrefix(name, "settle ") {
							continue
						}
						if i++; i%every != 0 || t.Failed() {
							continue
						}
						at := point{name, true}
						s.serve(at)
						s.right(at)
						runs.Add(1)
						kills.Add(1)
					}
				})
			})
		}
	})
	t.Logf("%d tasks, %d times played, %d times with the process killed: each ends as it should", len(tasks), runs.Load(), kills.Load())
	if kills.Load() == 0 {
		t.Error("nothing was killed")
	}
}
