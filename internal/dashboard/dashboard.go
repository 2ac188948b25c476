// Package dashboard is the page for those who run Tania: what goes on now, why a message was answered so, what failed, and
// what the bot would say. Pages are made on the server; what comes in is a browser's requests, from operators alone.
package dashboard

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"tania/internal/access"
	"tania/internal/answer/knowledge"
	"tania/internal/audit"
	"tania/internal/bot"
	"tania/internal/dashboard/approvals"
	"tania/internal/dashboard/assets"
	"tania/internal/dashboard/live"
	"tania/internal/dashboard/session"
	"tania/internal/dashboard/texts"
	"tania/internal/oidc"
	"tania/internal/operator"
	"tania/internal/privacy"
	"tania/internal/pulse"
	"tania/internal/queue"
	"tania/internal/reply"
	"tania/internal/tania"
	"tania/internal/users"
)

// Options are the dashboard's parts and settings.
type Options struct {
	Engine  queue.Engine
	Log     *slog.Logger
	Version string
	// RetryAll has all dead letters put back in the background, and gives their number; nil: they are put back while the page waits.
	RetryAll func(ctx context.Context, by string) (of int, err error)
	// Kept counts the webhooks that this process keeps while the store is away; nil where that cannot be.
	Kept func() int64

	// AdminToken signs operators in. OpenHere opens the pages without a sign-in to what Peers finds to be this machine's own.
	AdminToken string
	OpenHere   bool
	// Peers is that of the process; nil: the dashboard has its own.
	Peers *access.Peers
	// Users are those who sign in by name; nil: New makes those of the Engine.
	Users *users.Users
	// Elsewhere signs in by an OpenID Connect provider; nil: there is none.
	Elsewhere *oidc.SignIn
	// Audit keeps what operators do; nil: New makes that of the Engine.
	Audit *audit.Log
	// Mask hides customers and what they write.
	Mask privacy.Mask
	// Account is taken where a search names none; 0: it must name one. Chatwoot is the address of Chatwoot's own pages, "" where
	// it is not known.
	Account  tania.AccountID
	Chatwoot string

	// Budget is the models' monthly one in micro-USD, 0: none.
	Budget int64
	// Model names what answers: a model, or "offline".
	Model string

	Bot BotOptions
	// Cache is the semantic cache, nil while it is off. Alerts are those that are watched for, nil: none.
	Cache  Cache
	Alerts Alerts
	Now    func() time.Time
}

// BotOptions are what the bot's page shows and tries.
type BotOptions struct {
	// Loaded gives the bot that answers now. It is read from Path; Builtin says that there was no file at the start.
	Loaded  func() *bot.Bot
	Path    string
	Builtin bool
	// Reload reads the file as it is now.
	Reload func() (*bot.Bot, error)
	// Versions are those of the bot; nil: there are none.
	Versions operator.Bots
	// Pauses are where operators have bots silent; nil: nothing can be paused.
	Pauses operator.Pauses
	// Try decides on a text that a customer would write into a conversation, 0: a new one, without sending anything; what it costs is spent.
	// It gives reply.ErrNoConversation for one that is not known. nil: there is no try-out.
	// In a new one the bot that is named answers, in another the one that it is assigned to.
	Try func(ctx context.Context, in tania.ConversationKey, text, bot string) (reply.Rehearsed, error)
	// At names the bot that answers in a conversation now, whose inbox was that; nil: the main one does everywhere.
	At func(ctx context.Context, in tania.ConversationKey, inbox tania.InboxID) (string, error)
	// Explain gives what the bot of a name finds for a text, at most limit entries, and that of a source behind them; vectors reports whether
	// meaning decided too. nil: nothing is searched.
	Explain func(ctx context.Context, name, text string, limit int, also string) (all []knowledge.Explained, vectors bool)
	// Compare answers texts, as customers' of an account who write for the first time, by the bot of a name as it is now and as it is in a
	// draft. Nothing is sent; what it costs is spent. nil: drafts cannot be tried.
	Compare func(ctx context.Context, account tania.AccountID, name string, draft *bot.Bot, texts []string) ([]reply.Compared, error)
}

// Dashboard serves the pages. Register mounts it, Run keeps it up to date.
type Dashboard struct {
	Options
	sampler      *pulse.Sampler
	sessions     *session.Sessions
	limits       *session.Limits
	translations texts.All
	assets       assets.Assets
	live         *live.Hub
	// trying lets one trial run at a time, signing one password be checked: what fails counts before the next is looked at.
	trying, signing chan struct{}
}

// New prepares the pages.
func New(o Options) *Dashboard {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Peers == nil {
		o.Peers = &access.Peers{}
	}
	if o.Users == nil {
		o.Users = users.New(o.Engine, o.Now)
	}
	if o.Audit == nil {
		o.Audit = audit.New(o.Engine, o.Now, nil)
	}
	return &Dashboard{
		Options: o, sampler: pulse.NewSampler(o.Engine, o.Now), sessions: session.New(o.AdminToken, o.Users, o.Engine, o.Now),
		limits: session.NewLimits(o.Now), translations: texts.LoadAll(), assets: assets.Load(), trying: make(chan struct{}, 1),
		signing: make(chan struct{}, 1), live: live.New(),
	}
}

// Routes are the pages and what they ask for, with the role that each needs.
func (d *Dashboard) Routes() []access.Route {
	desk := &approvals.Desk{Engine: d.Engine, Mask: d.Mask, Chatwoot: d.Chatwoot, Log: d.Log, Render: d.render, Failed: d.failed}
	return []access.Route{
		access.For(firstPage, tania.Viewer, d.now),
		access.For("GET /live", tania.Viewer, d.stream),
		access.For("GET /series", tania.Viewer, d.series),
		access.For("POST /pause", tania.Operator, d.pause),
		access.For("POST /resume", tania.Operator, d.resume),
		access.For("GET /conversations", tania.Viewer, d.findConversation),
		access.For("GET /conversations/{account}/{id}", tania.Viewer, d.conversation),
		access.For("GET /questions", tania.Viewer, d.questions),
		access.For("GET /questions/{account}/{id}/{message}", tania.Viewer, d.question),
		access.For("POST /questions/{account}/{id}/{message}", tania.Editor, d.teach),
		access.For("GET /knowledge", tania.Viewer, d.knowledge),
		access.For("GET /teach", tania.Viewer, d.lessons),
		access.For("GET /teach/new", tania.Viewer, d.showLesson),
		access.For("POST /teach/new", tania.Editor, d.changeLesson),
		access.For("GET /teach/{bot}/{id}", tania.Viewer, d.showLesson),
		access.For("POST /teach/{bot}/{id}", tania.Editor, d.changeLesson),
		access.For("GET /dead", tania.Viewer, d.deadTurns),
		access.For("POST /dead", tania.Operator, d.changeDead),
		access.For("GET /dead/{id}", tania.Viewer, d.deadTurn),
		access.For("GET "+approvals.Path, tania.Viewer, desk.List),
		access.For("POST "+approvals.Path, tania.Operator, desk.Decide),
		access.For("GET /cache", tania.Viewer, d.cache),
		access.For("POST /cache/invalidate", tania.Operator, d.invalidate),
		access.For("POST /cache/clear", tania.Operator, d.clearCache),
		access.For("GET /bot", tania.Viewer, d.bot),
		access.For("POST /bot/try", tania.Editor, d.try),
		access.For("GET /bot/versions/{number}", tania.Viewer, d.botVersion),
		access.For("POST /bot/versions/{number}", tania.Editor, d.rollBack),
		access.For("POST /pauses", tania.Operator, d.changePauses),
		access.For("GET /alerts", tania.Viewer, d.alerts),
		access.For("GET /users", tania.Operator, d.users),
		access.For("POST /users", tania.Operator, d.changeUsers),
		access.For("GET /audit", tania.Operator, d.audit),
		access.For("GET /password", tania.Viewer, d.password),
		access.For("POST /password", tania.Viewer, d.changePassword),
		access.For("GET /sign-in", tania.Anyone, d.showSignIn),
		access.For("POST /sign-in", tania.Anyone, d.signIn),
		access.For(toProvider, tania.Anyone, d.leaveToSignIn),
		access.For(fromProvider, tania.Anyone, d.signInElsewhere),
		access.For("POST /sign-out", tania.Anyone, d.signOut),
		access.For("GET /assets/{name}", tania.Anyone, d.assets.Serve),
	}
}

// Register mounts the pages. A client that asks for JSON at / gets the index.
func (d *Dashboard) Register(mux *http.ServeMux, index http.HandlerFunc) {
	for _, route := range d.Routes() {
		if route.Reads() && !slices.Contains(patient, route.Pattern) {
			route.Handler = readWithin(readPatience, route.Handler)
		}
		handler := d.only(route.Needs, d.Audit.Request(route.Pattern, session.Actor, d.Log, route.Handler))
		if route.Pattern == firstPage {
			handler = unlessJSON(handler, index)
		}
		mux.Handle(route.Pattern, handler)
	}
}

const firstPage = "GET /{$}"

// patient are the routes that may take longer than the store: a stream lasts as long as its page, and another server is asked.
var patient = []string{"GET /live", toProvider, fromProvider}

// unlessJSON serves a page, and the index to a client that asks for JSON.
func unlessJSON(page http.Handler, index http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept")
		if asksForJSON(r) {
			index(w, r)
			return
		}
		page.ServeHTTP(w, r)
	})
}

// readPatience is how long a page waits for the store before it says that this does not answer.
const readPatience = 2 * time.Second

func readWithin(patience time.Duration, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, done := context.WithTimeout(r.Context(), patience)
		defer done()
		next(w, r.WithContext(ctx))
	}
}

// Run samples once a second and tells those who watch, until ctx ends; it then closes their streams.
func (d *Dashboard) Run(ctx context.Context) {
	defer d.live.Close()
	d.sampler.Run(ctx, d.tell)
}

// Sample takes one sample now and tells it to those who watch, beside those that Run takes.
func (d *Dashboard) Sample(ctx context.Context) { d.tell(ctx, d.sampler.Take(ctx)) }
