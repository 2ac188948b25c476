package worker_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/approval"
	"tania/internal/bot"
	"tania/internal/bots"
	"tania/internal/cache"
	"tania/internal/cache/same"
	"tania/internal/cache/store"
	"tania/internal/cache/store/memstore"
	"tania/internal/chatwoot"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/installation"
	"tania/internal/dispatcher"
	"tania/internal/governor"
	"tania/internal/handoff"
	"tania/internal/intake"
	"tania/internal/logtest"
	"tania/internal/outage"
	"tania/internal/outage/guarded"
	"tania/internal/queue"
	"tania/internal/queue/enginetest"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/redistest"
	"tania/internal/tania"
	"tania/internal/web"
	"tania/internal/worker"
	"tania/internal/worker/reading"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// model answers a prompt; it is the one part of the rig that is not the real thing.
type model func(ctx context.Context, p llm.Prompt) (llm.Response, error)

func (m model) Respond(ctx context.Context, p llm.Prompt) (llm.Response, error) { return m(ctx, p) }

// says is a model that always says the same.
func says(text string) model {
	return func(context.Context, llm.Prompt) (llm.Response, error) {
		return llm.Response{Text: text, Known: true, Usage: tania.Usage{Model: "m", Calls: 1, InputTokens: 10, OutputTokens: 5, Cost: 7}}, nil
	}
}

// rig is a simulated Chatwoot, the webhook, the store and a worker, as serve wires them.
type rig struct {
	t      *testing.T
	sim    *installation.Server
	engine queue.Engine
	// queue are the settings of a store like the rig's.
	queue  queue.Options
	worker *worker.Worker
	// options are the worker's, for others like it.
	options worker.Options
	// runtime is the bot that answers at first, made makes one of another.
	runtime *bots.Runtime
	made    func(b *bot.Bot, version int) *bots.Runtime
	bot     *bot.Bot
	log     *logBuffer
	stop    func()
	client  *chatwoot.Client
	// address is where Chatwoot is.
	address string
	// chatwoot and model are what the worker knows of them.
	chatwoot, model *outage.Peer
	// observed is the Chatwoot of the worker that began last, which is told of calls that succeeded.
	observed atomic.Pointer[outage.Peer]
}

// peers are probed as in serve: Chatwoot by whose the token is, the model by a question.
func (r *rig) peers(m llm.Responder, o outage.Options) worker.Peers {
	o.Name, o.Probe = outage.Chatwoot, func(ctx context.Context) error { return r.client.Ping(ctx) }
	peers := worker.Peers{Chatwoot: outage.New(o)}
	r.observed.Store(peers.Chatwoot)
	o.Name, o.Probe = outage.Model, func(ctx context.Context) error {
		if real, ok := m.(*llm.OpenAI); ok {
			_, err := real.Ping(ctx)
			return err
		}
		_, err := m.Respond(ctx, llm.Prompt{Text: "OK?"})
		return err
	}
	o.Most = cmp.Or(o.Most, outage.ModelProbes)
	peers.Model = outage.New(o)
	return peers
}

// inProcess is a transport that calls the handler.
type inProcess struct{ http.Handler }

// RoundTrip implements http.RoundTripper.
func (p inProcess) RoundTrip(q *http.Request) (*http.Response, error) {
	to := q.Clone(q.Context())
	to.RequestURI = q.URL.RequestURI()
	to.RemoteAddr = "127.0.0.1:1"
	if to.Body == nil {
		to.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, to)
	return w.Result(), q.Context().Err()
}

// logBuffer is what the rig's worker logs.
type logBuffer struct{ logtest.Buffer }

func (b *logBuffer) text() string { return b.String() }

type settings struct {
	sim      chatwootsim.Options
	governor governor.Options
	queue    queue.Options
	worker   worker.Options
	user     bool
	// webhookToken is asked of the webhooks of an account, which are not signed.
	webhookToken string
	// cache keeps answers, in memory. scope is that of a cache which the test brings itself.
	cache bool
	scope func(tania.Message, tania.Language) store.Scope
	// bot changes what the bot knows.
	bot func(*bot.Bot)
	// memory has no network: the rig then runs in a synctest bubble, where waiting takes no time.
	memory bool
	// redis has the store on a server of its own instead of in a file.
	redis bool
	// engine is used in place of a file of the rig's own.
	engine queue.Engine
	// translates has the responder count as a model.
	translates bool
	// responder is asked instead of the model, when it is set.
	responder llm.Responder
	// media makes what reads attachments.
	media func(r *rig) reading.Media
	// probes are the settings of the peers' probes.
	probes outage.Options
	// transport is between the worker and Chatwoot's API.
	transport func(r *rig, next http.RoundTripper) http.RoundTripper
}

const userToken = "user-token"

// open opens the store.
func (s *settings) open(t *testing.T) (queue.Engine, error) {
	if s.redis {
		return enginetest.Redis(t, redistest.Start(t), s.queue), nil
	}
	return sqlitequeue.Open(t.Context(), filepath.Join(directory(t, s.memory), "tania.db"), s.queue)
}

func newRig(t *testing.T, m model, change func(*settings)) *rig {
	t.Helper()
	hook := httptest.NewUnstartedServer(nil)
	t.Cleanup(hook.Close)
	s := settings{
		probes: outage.Options{First: 20 * time.Millisecond, Most: 200 * time.Millisecond, ProbeTime: 500 * time.Millisecond},
		sim: chatwootsim.Options{
			Bot: chatwootsim.Bot{
				Token: "bot-token", URL: "http://" + hook.Listener.Addr().String() + "/chatwoot/webhook",
				Secret: "secret",
			},
			RetryInterval: 10 * time.Millisecond,
		},
		governor: governor.Options{HumanTimeout: 5 * time.Minute, BotLabel: "bot", Self: &governor.Self{}},
		queue:    queue.Options{Debounce: 40 * time.Millisecond, DebounceMax: 200 * time.Millisecond},
		worker: worker.Options{
			Concurrency: 4, MaxAttempts: 3, RetryDelay: 20 * time.Millisecond, ProcessingTimeout: 5 * time.Second, RestartOnNew: true,
			TypingInterval: time.Second, Grace: 200 * time.Millisecond,
		},
	}
	if change != nil {
		change(&s)
	}
	if s.responder == nil {
		s.responder = m
	}
	hooked := &inProcess{}
	if s.memory {
		s.sim.Transport = hooked
	}
	sim, err := installation.New(s.sim)
	if err != nil {
		t.Fatal(err)
	}
	engine := s.engine
	if engine == nil {
		engine, err = s.open(t)
	}
	if err != nil {
		t.Fatal(err)
	}
	token := s.sim.Bot.Token
	if s.user {
		token, s.governor.BotUser = userToken, 9
	}
	r := &rig{t: t, sim: sim, engine: engine, queue: s.queue, bot: bot.Default(), log: &logBuffer{}}
	if s.bot != nil {
		s.bot(r.bot)
	}
	r.address = "http://chatwoot.test"
	way, address := http.RoundTripper(inProcess{sim.Handler()}), "http://chatwoot.test"
	if !s.memory {
		api := httptest.NewServer(sim.Handler())
		transport := newTransport()
		way, address = transport, api.URL
		r.address = api.URL
		t.Cleanup(func() { api.Close(); transport.CloseIdleConnections() })
	}
	if s.media != nil {
		s.worker.Media = s.media(r)
	}
	if s.transport != nil {
		way = s.transport(r, way)
	}
	logger := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.probes.Log = logger
	s.worker.Peers = r.peers(s.responder, s.probes)
	r.chatwoot, r.model = s.worker.Peers.Chatwoot, s.worker.Peers.Model
	clock := &chatwoot.Clock{}
	client := chatwoot.NewClient(chatwoot.ClientOptions{
		BaseURL: address, Token: token, Transport: way, Timeout: 2 * time.Second, MaxRetries: -1, Clock: clock,
		Observe: func(c tania.ChatwootCall) {
			if c.Err == nil {
				r.observed.Load().Succeeded(c.Op)
			}
		},
	})
	r.client = client
	gov := governor.New(s.governor)
	o := s.worker
	o.Engine, o.Chatwoot, o.Log = engine, client, logger
	r.made = func(b *bot.Bot, version int) *bots.Runtime {
		return &bots.Runtime{
			Version: version, Bot: b, Governor: gov, Dispatcher: dispatcher.New(dispatcher.Options{}), Scope: s.scope,
			Answerer: answer.New(answer.Options{Bot: b, Responder: guarded.Responder(s.responder, r.model), Translates: s.translates}),
			Handoff: handoff.New(handoff.Options{
				Chatwoot: client, Memory: engine, Teams: map[tania.InboxID]tania.TeamID{11: 5}, Label: "handoff", Bot: b,
			}),
		}
	}
	r.runtime = r.made(r.bot, 0)
	o.Bots = bots.NewRegistry(r.runtime)
	if s.cache {
		o.Cache = newCache(t)
		r.runtime.Scope = func(_ tania.Message, lang tania.Language) store.Scope {
			return store.Scope{Account: 1, Inbox: 11, Language: lang, Version: "v"}
		}
	}
	r.worker, r.options = worker.New(o), o
	door := web.Options{
		Engine: engine, Intake: intake.New(intake.Options{
			Engine: engine, Governor: gov, Clock: clock, Attributes: o.Bots.Attributes, Recalls: o.Bots.Recalls,
			Approves:       func(*chatwoot.Conversation) bool { return len(r.bot.Tools) > 0 },
			ApprovalLabels: approval.Labels{tania.ApprovalGiven: "tania-approve", tania.ApprovalRejected: "tania-reject"},
		}),
		Log: o.Log, Verifier: chatwoot.NewVerifier("secret"), Clock: clock, ReadClock: client.ReadClock,
	}
	if s.sim.Bot.Secret == "" {
		door.Verifier, door.Token = nil, s.webhookToken
	}
	hook.Config.Handler = web.New(door)
	hooked.Handler = hook.Config.Handler
	if !s.memory {
		hook.Start()
	}

	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.worker.Run(ctx) }()
	var once sync.Once
	r.stop = func() {
		once.Do(func() {
			stop()
			if err := <-done; err != nil {
				t.Errorf("the worker ended with %v", err)
			}
		})
	}
	t.Cleanup(func() {
		r.stop()
		sim.Close()
		_ = engine.Close()
		if t.Failed() {
			t.Logf("log:\n%s", r.log.String())
		}
	})
	return r
}

func newCache(t *testing.T) *cache.Cache {
	t.Helper()
	model, err := same.ShippedModel()
	if err != nil {
		t.Fatal(err)
	}
	store := memstore.New(memstore.Options{})
	cache := cache.New(cache.Options{Store: store, Model: model, Verify: -1})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- cache.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		_ = store.Close()
	})
	if err := cache.Started(t.Context()); err != nil {
		t.Fatal(err)
	}
	return cache
}

// directory is one of the test's own; in memory where the machine has such, for a disk's time is not the bubble's.
func directory(t *testing.T, memory bool) string {
	t.Helper()
	const inMemory = "/dev/shm"
	if _, err := os.Stat(inMemory); err != nil || !memory {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(inMemory, "tania-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// write is a customer's message; conversation 0 begins one.
func (r *rig) write(conversation tania.ConversationID, text string) tania.ConversationID {
	r.t.Helper()
	m, err := r.sim.CustomerWrites(chatwootsim.CustomerMessage{Conversation: conversation, Text: text})
	if err != nil {
		r.t.Fatal(err)
	}
	return m.Conversation
}

// until waits for a condition that a change in Chatwoot brings about.
func (r *rig) until(what string, condition func() bool) {
	r.t.Helper()
	ctx, done := context.WithTimeout(r.t.Context(), 20*time.Second)
	defer done()
	if err := r.sim.WaitFor(ctx, condition); err != nil {
		r.t.Fatalf("%s: %v", what, err)
	}
}

// ended waits until nothing is left to do and every webhook has been delivered.
func (r *rig) ended() {
	r.t.Helper()
	ctx, done := context.WithTimeout(r.t.Context(), 20*time.Second)
	defer done()
	// The store gives no signal of its own to the outside.
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		// In this order: a webhook delivered after the look at the store would be overlooked.
		settled := r.sim.Settled()
		s, err := r.engine.Stats(ctx)
		if err != nil {
			r.t.Fatal(err)
		}
		// The worker counts and reports a turn after the store has ended it.
		if settled && s.Messages > 0 && s.Waiting+s.Active+s.Delayed == 0 && r.worker.Stats().Active == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			r.t.Fatalf("work is left: %+v", s)
		}
	}
}

// said gives the bot's public messages.
func (r *rig) said(conversation tania.ConversationID) []string {
	var texts []string
	for _, m := range r.sim.BotMessages(conversation) {
		texts = append(texts, m.Content)
	}
	return texts
}

// note is the private messages as one text.
func (r *rig) note(conversation tania.ConversationID) string {
	return strings.Join(r.notes(conversation), "\n")
}

// notes are the private messages.
func (r *rig) notes(conversation tania.ConversationID) []string {
	var texts []string
	for _, m := range r.sim.Messages(conversation) {
		if m.Private {
			texts = append(texts, m.Content)
		}
	}
	return texts
}

func (r *rig) record(conversation tania.ConversationID) tania.Record {
	r.t.Helper()
	records, err := r.engine.Records(r.t.Context(), tania.ConversationKey{Account: 1, Conversation: conversation})
	if err != nil || len(records) == 0 {
		r.t.Fatalf("no decision record (%v)", err)
	}
	return records[len(records)-1]
}

func (r *rig) inject(faults ...chatwootsim.Fault) {
	r.t.Helper()
	if err := r.sim.Inject(faults...); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) wantSaid(conversation tania.ConversationID, want ...string) {
	r.t.Helper()
	if got := r.said(conversation); !slices.Equal(got, want) {
		r.t.Errorf("the bot said %q, want %q", got, want)
	}
}

func (r *rig) spanish(text bot.Text) string { return text.In(tania.Spanish, tania.Spanish) }

const ask = "quiero saber el precio del pastel de tres leches"

func questions(n int) string { return fmt.Sprintf("%s número %d", ask, n) }

func contains(list []string, part string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.Contains(s, part) })
}
