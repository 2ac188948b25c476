// Package web is Tania's HTTP side: the webhook, health, and the operators' routes. It stores and shows; it answers no customer.
package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"tania/internal/access"
	"tania/internal/audit"
	"tania/internal/chatwoot"
	"tania/internal/dashboard"
	"tania/internal/dashboard/session"
	"tania/internal/intake"
	"tania/internal/operator"
	"tania/internal/outage"
	"tania/internal/privacy"
	"tania/internal/queue"
	"tania/internal/tania"
)

// Options are the server's parts and settings.
type Options struct {
	Engine queue.Engine
	// Intake takes the webhooks; it is of the same Engine. A server that takes none has none.
	Intake  *intake.Intake
	Log     *slog.Logger
	Version string

	// Verifier checks signatures, nil without a CHATWOOT_WEBHOOK_SECRET. Token is CHATWOOT_WEBHOOK_TOKEN.
	// With neither, only what Peers finds to be this machine's own may post.
	Verifier *chatwoot.Verifier
	Token    string
	// Clock knows Chatwoot's time, nil: it is this machine's. ReadClock asks Chatwoot for it, when a webhook's timestamp is not believed.
	Clock     *chatwoot.Clock
	ReadClock func(ctx context.Context) error
	// AdminToken opens the operators' routes from anywhere. OpenHere opens them without it to what Peers finds to be this machine's own.
	AdminToken string
	OpenHere   bool
	// Peers is that of the process; nil: the server has its own.
	Peers *access.Peers

	// Cache is what operators do to the semantic cache, nil where it is off.
	Cache operator.Cache
	// Bots is what operators do to the versions of the bot; nil: nothing.
	Bots operator.Bots
	// Users is what operators do to those who sign in by name; nil: nothing.
	Users operator.Users
	// Pauses are where bots are silent; nil: this process knows of none.
	Pauses operator.Pauses
	// Audit keeps what operators do; nil: nothing is kept.
	Audit *audit.Log
	// Retries retries all dead letters in the background, while Serve runs; nil: New makes one.
	Retries *operator.Retrier
	// Mask hides customers and what they write in the operators' routes.
	Mask privacy.Mask
	// Dashboard is the page at /; nil: the routes are named there.
	Dashboard *dashboard.Dashboard
	// Took is told how long each webhook took; nil: nobody listens.
	Took func(time.Duration)

	// WorkerStats and LLMStats fill /chatwoot/stats.
	WorkerStats func() any
	LLMStats    func(ctx context.Context) (any, error)
	// Outages are the servers that are away now, Chatwoot or the model; nil: that is not known.
	Outages func() []outage.State
	// Stopping names the alerts that keep customers from their answers; nil: that is not known.
	Stopping func() []string
	// Answers makes the webhook wait for the answer (USE_ASYNC_WEBHOOK=false); nil: answer 200 as soon as it is stored.
	Answers *Answers
	// AnswerTimeout bounds that wait.
	AnswerTimeout time.Duration
	Now           func() time.Time

	// Observe is told of every webhook that was answered, Tracer follows them; nil: nobody is, nothing does.
	Observe func(tania.Delivery)
	Tracer  tania.Tracer
	// Metrics answers /metrics; nil: there is no such route.
	Metrics http.Handler
}

// Server routes requests.
type Server struct {
	Options
	mux *http.ServeMux
	// routes are those of mux, but those of the dashboard's pages.
	routes      []access.Route
	connections connections
	// large lets through so many long bodies at once; strange are the webhooks that the log has named.
	large   gate
	strange strange
	clock   clockReader
}

// NewWatched gives the server of a process that takes no webhooks: it has health and metrics alone.
func NewWatched(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Observe == nil {
		o.Observe = func(tania.Delivery) {}
	}
	if o.Tracer == nil {
		o.Tracer = tania.Untraced{}
	}
	if o.Peers == nil {
		o.Peers = &access.Peers{}
	}
	s := &Server{Options: o, mux: http.NewServeMux(), large: make(gate, largeBodies)}
	s.handle("GET /healthz", tania.Anyone, s.live)
	s.handle("GET /readyz", tania.Anyone, s.health)
	if o.Metrics != nil {
		s.handle("GET /metrics", tania.Viewer, o.Metrics.ServeHTTP)
	}
	return s
}

// handle adds a route for those who have the role that it needs, and the index then names it.
func (s *Server) handle(pattern string, needs tania.Role, handler http.HandlerFunc) {
	s.routes = append(s.routes, access.Route{Pattern: pattern, Needs: needs, Handler: handler})
	s.mux.HandleFunc(pattern, s.only(needs, s.Audit.Request(pattern, session.Actor, s.Log, handler)))
}

// Routes are all ways in, the dashboard's included.
func (s *Server) Routes() []access.Route {
	routes := slices.Clone(s.routes)
	if s.Dashboard != nil {
		routes = append(routes, s.Dashboard.Routes()...)
	}
	return routes
}

// New gives a server; serve it with NewHTTPServer.
func New(o Options) *Server {
	s := NewWatched(o)
	if s.Retries == nil {
		s.Retries = operator.NewRetrier(s.Engine, s.Log)
	}
	s.handle("POST /chatwoot/webhook", tania.Anyone, s.timed(s.webhook)) // which looks itself whether Chatwoot sent it
	s.mountDashboard()
	s.handle("GET /chatwoot/health", tania.Anyone, s.health)
	s.handleOperators()
	return s
}

// handleOperators adds the routes of operators.
func (s *Server) handleOperators() {
	for _, route := range []access.Route{
		access.For("GET /chatwoot/stats", tania.Viewer, s.stats),
		access.For("POST /chatwoot/queue/pause", tania.Operator, s.pause),
		access.For("POST /chatwoot/queue/resume", tania.Operator, s.resume),
		access.For("POST /chatwoot/cache/clear", tania.Operator, s.clearCache),
		access.For("GET /admin/cache", tania.Viewer, s.listCache),
		access.For("GET /admin/cache/entries/{id}", tania.Viewer, s.showCache),
		access.For("POST /admin/cache/explain", tania.Viewer, s.explainCache),
		access.For("POST /admin/cache/invalidate", tania.Operator, s.invalidateCache),
		access.For("POST /admin/cache/warm", tania.Operator, s.warmCache),
		access.For("GET /admin/bot/versions", tania.Viewer, s.withBots(s.listBotVersions)),
		access.For("GET /admin/bot/versions/{number}", tania.Viewer, s.withBots(s.showBotVersion)),
		access.For("POST /admin/bot/versions/{number}/rollback", tania.Editor, s.withBots(s.rollBackBot)),
		access.For("POST /admin/bot/reload", tania.Editor, s.withBots(s.reloadBot)),
		access.For("GET /admin/bot/pauses", tania.Viewer, s.withPauses(s.listPauses)),
		access.For("POST /admin/bot/pause", tania.Operator, s.withPauses(s.pauseBot)),
		access.For("POST /admin/bot/resume", tania.Operator, s.withPauses(s.resumeBot)),
		access.For("GET /admin/bot/sources", tania.Viewer, s.withBots(s.listBotSources)),
		access.For("GET /admin/bot/taught", tania.Viewer, s.withBots(s.listTaught)),
		access.For("POST /admin/bot/taught", tania.Editor, s.withBots(s.teachBot)),
		access.For("DELETE /admin/bot/taught/{bot}/{id}", tania.Editor, s.withBots(s.unteachBot)),
		access.For("GET /admin/approvals", tania.Viewer, s.listApprovals),
		access.For("POST /admin/approvals", tania.Operator, s.decideApproval),
		access.For("GET /admin/dead", tania.Viewer, s.listDead),
		access.For("GET /admin/dead/{id}", tania.Viewer, s.showDead),
		access.For("POST /admin/dead/{id}/retry", tania.Operator, s.retryDead),
		access.For("POST /admin/dead/retry-all", tania.Operator, s.retryAllDead),
		access.For("GET /admin/dead/retry-all", tania.Viewer, s.retryProgress),
		access.For("DELETE /admin/dead/{id}", tania.Operator, s.discardDead),
		access.For("GET /admin/conversations", tania.Viewer, s.findConversations),
		access.For("GET /admin/conversations/{account}/{id}", tania.Viewer, s.conversation),
		access.For("POST /admin/forget", tania.Operator, s.forget),
		access.For("GET /admin/users", tania.Operator, s.withUsers(s.listUsers)),
		access.For("POST /admin/users", tania.Operator, s.withUsers(s.addUser)),
		access.For("POST /admin/users/{name}", tania.Operator, s.withUsers(s.changeUser)),
		access.For("DELETE /admin/users/{name}", tania.Operator, s.withUsers(s.removeUser)),
		access.For("GET /admin/audit", tania.Operator, s.listAudit),
		access.For("POST /admin/audit", tania.Operator, s.noteCommand),
		access.For("GET /admin/records", tania.Viewer, s.recentRecords),
		access.For("GET /admin/questions", tania.Viewer, s.questions),
	} {
		if route.Reads() {
			route.Handler = readWithin(readPatience, route.Handler)
		}
		s.handle(route.Pattern, route.Needs, route.Handler)
	}
}

// readPatience is how long a route that only reads waits for the store: an operator in an incident wants to know within seconds
// that it is away.
const readPatience = 2 * time.Second

func readWithin(patience time.Duration, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, done := context.WithTimeout(r.Context(), patience)
		defer done()
		next(w, r.WithContext(ctx))
	}
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// NewHTTPServer wraps the handler with limits on slow and hostile clients.
func (s *Server) NewHTTPServer() *http.Server {
	return &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      max(15*time.Second, s.AnswerTimeout+5*time.Second),
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
		ConnState:         s.connections.follow,
	}
}

// Connections counts those that clients hold open.
func (s *Server) Connections() int64 {
	all, _ := s.connections.count()
	return int64(all)
}

// Serve answers on l until ctx ends, then lets running requests finish for up to grace.
func (s *Server) Serve(ctx context.Context, l net.Listener, grace time.Duration) error {
	server := s.NewHTTPServer()
	stopped := make(chan error, 1)
	if s.Retries != nil {
		var retrying sync.WaitGroup
		retrying.Go(func() { _ = s.Retries.Run(ctx) }) // it gives none
		defer retrying.Wait()
	}
	if s.Dashboard != nil {
		var watching sync.WaitGroup
		watching.Go(func() { s.Dashboard.Run(ctx) })
		defer watching.Wait()
	}
	go func() {
		<-ctx.Done()
		closing, done := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer done()
		stopped <- s.connections.shutDown(closing, server)
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// mountDashboard puts the pages at /. A client that asks for JSON there gets the routes.
func (s *Server) mountDashboard() {
	if s.Dashboard == nil {
		s.mux.HandleFunc("GET /{$}", s.index)
		return
	}
	s.Dashboard.Register(s.mux, s.index)
}

// timed measures a route.
func (s *Server) timed(next http.HandlerFunc) http.HandlerFunc {
	if s.Took == nil {
		return next
	}
	return func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		next(w, r)
		s.Took(time.Since(began))
	}
}

// index names the routes.
func (s *Server) index(w http.ResponseWriter, _ *http.Request) {
	names := make([]string, len(s.routes))
	for i, route := range s.routes {
		names[i] = route.Pattern
	}
	reply(w, http.StatusOK, map[string]any{"name": "tania", "version": s.Version, "routes": names})
}

func (s *Server) live(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]any{"ok": true, "status": "live"})
}

// health is 200 while webhooks can be stored.
func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	ctx, done := context.WithTimeout(r.Context(), storePatience)
	defer done()
	err, status := s.Engine.Ready(ctx), "healthy"
	if err != nil && s.Intake.Spools() {
		err, status = s.Intake.SpoolReady(r.Context()), "degraded: "+s.Intake.Spool.StoreName()+" is down, webhooks are spooled until it is back"
	}
	if err != nil {
		s.Log.Error("store not ready", "error", err)
		reply(w, http.StatusServiceUnavailable, failure{Error: "the store cannot be written; the log says why"})
		return
	}
	body := map[string]any{"ok": true, "status": status, "version": s.Version}
	if s.Stopping != nil {
		// 200 all the same: a process that is taken out of service takes no webhooks, and Chatwoot does not keep them for long.
		if stopped := s.Stopping(); len(stopped) > 0 {
			body["status"], body["alerts"] = "degraded: customers are not answered", stopped
		}
	}
	var away []string
	for _, server := range s.away() {
		away = append(away, server.Name)
	}
	if len(away) > 0 {
		// Webhooks are taken all the same: what they bring waits.
		body["away"] = away
	}
	reply(w, http.StatusOK, body)
}

// away are the servers that are away, never nil.
func (s *Server) away() []outage.State {
	if s.Outages == nil {
		return []outage.State{}
	}
	return append([]outage.State{}, s.Outages()...)
}

// storePatience is how long the store may take to say how it is: those who ask wait a second or two.
const storePatience = 700 * time.Millisecond

// failure is the body of every error.
type failure struct {
	OK    bool   `json:"ok"`
	Error string `json:"error"`
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// An error here is the client's going away.
	_ = json.NewEncoder(w).Encode(body)
}

// fail answers an error of the engine.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, queue.ErrNotFound) {
		reply(w, http.StatusNotFound, failure{Error: "not found"})
		return
	}
	s.Log.Error("request failed", "method", r.Method, "route", r.Pattern, "error", err)
	if errors.Is(err, queue.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
		reply(w, http.StatusServiceUnavailable, failure{Error: "the store does not answer now; what it holds is there when it is back"})
		return
	}
	reply(w, http.StatusInternalServerError, failure{Error: "the store failed; the log says why"})
}

// Answers lets a webhook wait for the worker's decision on its message.
type Answers struct{ waiting waiters }

// Finished tells who waits for a message's record. It is the worker's Options.Finished.
func (a *Answers) Finished(record tania.Record) { a.waiting.tell(record) }
