package dashboard_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tania/examples"
	"tania/internal/answer"
	"tania/internal/answer/knowledge"
	"tania/internal/answer/offline"
	"tania/internal/bot"
	"tania/internal/bots"
	"tania/internal/bots/versions"
	"tania/internal/chatwoot"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/installation"
	"tania/internal/dashboard"
	"tania/internal/dispatcher"
	"tania/internal/governor"
	"tania/internal/handoff"
	"tania/internal/intake"
	"tania/internal/logtest"
	"tania/internal/operator"
	"tania/internal/pulse"
	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/reply"
	"tania/internal/tania"
	"tania/internal/web"
	"tania/internal/worker"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const adminToken = "a-token-of-more-than-16"

// site is Tania as serve wires it, behind a simulated Chatwoot: store, webhook, worker, meter, dashboard.
type site struct {
	*httptest.Server
	t         testing.TB
	engine    *sqlitequeue.Engine
	sim       *installation.Server
	dashboard *dashboard.Dashboard
	worker    *worker.Worker
	meter     *pulse.Meter
	log       *logtest.Buffer
	now       *clock
}

// clock is the system's time, moved on by what a test says.
type clock struct {
	mu sync.Mutex
	by time.Duration
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.by)
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by += d
}

func newSite(t testing.TB, change func(*dashboard.Options)) *site {
	t.Helper()
	return newSiteWith(t, change, true)
}

// newIdleSite has no worker: what is stored waits.
func newIdleSite(t testing.TB, change func(*dashboard.Options)) *site {
	t.Helper()
	return newSiteWith(t, change, false)
}

func newSiteWith(t testing.TB, change func(*dashboard.Options), working bool) *site {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	s := &site{Server: server, t: t, meter: &pulse.Meter{}, log: &logtest.Buffer{}, now: &clock{}}
	var err error
	s.sim, err = installation.New(chatwootsim.Options{
		Bot: chatwootsim.Bot{
			Token: "bot-token", URL: "http://" + server.Listener.Addr().String() + "/chatwoot/webhook",
			Secret: "secret",
		},
		RetryInterval: 10 * time.Millisecond, NoFloodLimit: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(s.sim.Handler())
	s.engine, err = sqlitequeue.Open(t.Context(), filepath.Join(t.TempDir(), "tania.db"),
		queue.Options{Debounce: 5 * time.Millisecond, DebounceMax: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := bot.LoadFS(examples.FS, examples.Bot)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(s.log, nil))
	transport := http.DefaultTransport.(*http.Transport).Clone()
	client := chatwoot.NewClient(chatwoot.ClientOptions{
		BaseURL: api.URL, Token: "bot-token", Transport: transport, Timeout: 2 * time.Second,
		MaxRetries: -1,
	})
	gov := governor.New(governor.Options{HumanTimeout: 5 * time.Minute, BotLabel: "bot"})
	by := func(b *bot.Bot) reply.Deps {
		var faq []dispatcher.FAQ
		for _, f := range b.FAQ {
			faq = append(faq, dispatcher.FAQ{ID: f.ID, Keywords: f.Keywords, About: f.Texts()})
		}
		return reply.Deps{
			Bot: b, Governor: gov, Log: log, Dispatcher: dispatcher.New(dispatcher.Options{
				FAQ: faq, Sensitive: b.Sensitive, Handoff: b.HandoffWords, Frustration: b.FrustrationWords,
			}),
			Answerer: answer.New(answer.Options{Bot: b, Responder: offline.New(offline.Options{Bot: b})}),
		}
	}
	deps := by(loaded)
	rehearsal := func(d reply.Deps) reply.Rehearsal {
		return reply.Rehearsal{Deps: d, Timeout: 10 * time.Second, Memory: s.engine, Chatwoot: client}
	}
	published := operator.LocalBots(s.engine, &versions.Follower{
		Store: s.engine, Source: versions.Source{FS: examples.FS, Name: examples.Bot}, Adopt: func(*bot.Bot, int) {}, Log: log,
	})
	if _, err := published.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	options := dashboard.Options{
		Engine: s.engine, Log: log, Version: "test", Account: 1, Model: "offline", Now: s.now.Now,
		Bot: dashboard.BotOptions{
			Loaded: func() *bot.Bot { return loaded }, Versions: published, Path: "bot.yaml", Reload: func() (*bot.Bot, error) { return bot.LoadFS(examples.FS, examples.Bot) },
			Try: trying(rehearsal(deps)),
			Explain: func(ctx context.Context, _, text string, limit int, also string) ([]knowledge.Explained, bool) {
				return deps.Answerer.(*answer.Answerer).Explain(ctx, text, limit, also)
			},
			Compare: func(ctx context.Context, account tania.AccountID, name string, draft *bot.Bot, texts []string) ([]reply.Compared, error) {
				_, live := loaded.Named(name)
				_, then := draft.Named(name)
				return reply.Compare(ctx, rehearsal(by(live)), rehearsal(by(then)), account, texts), nil
			},
		},
	}
	if change != nil {
		change(&options)
	}
	options.OpenHere = options.AdminToken == ""
	s.dashboard = dashboard.New(options)
	s.worker = worker.New(worker.Options{
		Engine: s.engine, Chatwoot: client, Log: log,
		Bots: bots.NewRegistry(&bots.Runtime{
			Bot: loaded, Governor: gov, Dispatcher: deps.Dispatcher, Answerer: deps.Answerer.(*answer.Answerer),
			Handoff: handoff.New(handoff.Options{Chatwoot: client, Memory: s.engine, Label: "handoff", Bot: loaded}),
		}),
		Concurrency: 4, MaxAttempts: 2, RetryDelay: 5 * time.Millisecond, ProcessingTimeout: 5 * time.Second, Grace: 200 * time.Millisecond,
		Finished: func(r tania.Record) { s.meter.Turn.Observe(r.At.Sub(r.Received)) },
	})
	handler := web.New(web.Options{
		Engine: s.engine, Intake: intake.New(intake.Options{Engine: s.engine, Governor: gov}), Log: log, Verifier: chatwoot.NewVerifier("secret"),
		AdminToken: options.AdminToken, OpenHere: options.OpenHere, Version: "test",
		Mask: options.Mask, Dashboard: s.dashboard, Users: s.dashboard.Users, Audit: s.dashboard.Audit,
		WorkerStats: func() any { return nil }, LLMStats: func(context.Context) (any, error) { return nil, nil }, Took: s.meter.Webhook.Observe,
	})
	server.Config.Handler = handler
	server.Config.WriteTimeout = 15 * time.Second // as serve has it: streams must outlast it
	server.Start()
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { s.dashboard.Run(ctx) })
	running.Go(func() {
		if !working {
			return
		}
		if err := s.worker.Run(ctx); err != nil {
			t.Errorf("the worker ended with %v", err)
		}
	})
	running.Go(func() { _ = s.meter.Run(ctx, s.engine, log) })
	t.Cleanup(func() {
		stop()
		running.Wait()
		s.sim.Close()
		server.Close()
		api.Close()
		transport.CloseIdleConnections()
		http.DefaultClient.CloseIdleConnections()
		_ = s.engine.Close()
		if t.Failed() {
			text := s.log.String()
			t.Logf("log, its end:\n%s", text[max(0, len(text)-4000):])
		}
	})
	return s
}

// write is a customer's message; conversation 0 begins one.
func (s *site) write(m chatwootsim.CustomerMessage) tania.ConversationID {
	s.t.Helper()
	written, err := s.sim.CustomerWrites(m)
	if err != nil {
		s.t.Fatal(err)
	}
	return written.Conversation
}

// ended waits until nothing is left to do and every webhook has been delivered.
func (s *site) ended() {
	s.t.Helper()
	ctx, done := context.WithTimeout(s.t.Context(), 90*time.Second)
	defer done()
	// The store gives no signal of its own to the outside.
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		settled := s.sim.Settled()
		stats, err := s.engine.Stats(ctx)
		if err != nil {
			s.t.Fatal(err)
		}
		// The worker counts and reports a turn after the store has ended it.
		if settled && stats.Messages > 0 && stats.Waiting+stats.Active+stats.Delayed == 0 && s.worker.Stats().Active == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			s.t.Fatalf("work is left: %+v", stats)
		}
	}
}

// die makes turns fail for good: what the bot sends to these conversations is refused until the fault is over.
func (s *site) die(texts ...string) (ids []tania.ConversationID) {
	s.t.Helper()
	if err := s.sim.Inject(chatwootsim.Fault{
		Kind: chatwootsim.FaultStatus, Method: http.MethodPost, Path: "/messages",
		Status: 422,
	}); err != nil {
		s.t.Fatal(err)
	}
	for _, text := range texts {
		ids = append(ids, s.write(chatwootsim.CustomerMessage{Name: "Ana Torres", Text: text}))
	}
	s.ended()
	s.sim.Heal()
	dead, err := s.engine.Dead(s.t.Context(), 0)
	if err != nil || len(dead) != len(texts) {
		s.t.Fatalf("%d dead letters, want %d (%v)", len(dead), len(texts), err)
	}
	return ids
}

// newPlainServer serves with one handler, and gives its address.
func newPlainServer(t testing.TB, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// trying is a try-out of an installation with one bot.
func trying(r reply.Rehearsal) func(context.Context, tania.ConversationKey, string, string) (reply.Rehearsed, error) {
	return func(ctx context.Context, in tania.ConversationKey, text, _ string) (reply.Rehearsed, error) {
		return r.Try(ctx, in, text)
	}
}
