// Package dashboard is the page for those who run Tania: what goes on now, why a message was answered so, what failed, and
// what the bot would say. Pages are made on the server; what comes in is a browser's requests, from operators alone.
package dashboard

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"tania/internal/access"
	"tania/internal/bot"
	"tania/internal/dashboard/assets"
	"tania/internal/dashboard/live"
	"tania/internal/dashboard/session"
	"tania/internal/dashboard/texts"
	"tania/internal/operator"
	"tania/internal/privacy"
	"tania/internal/pulse"
	"tania/internal/queue"
	"tania/internal/reply"
	"tania/internal/tania"
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
	// Try decides on a text that a customer would write into a conversation, 0: a new one, without sending anything; what it costs is spent.
	// It gives reply.ErrNoConversation for one that is not known. nil: there is no try-out.
	Try func(ctx context.Context, in tania.ConversationKey, text string) (reply.Rehearsed, error)
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
	// trying lets one trial run at a time.
	trying chan struct{}
}

// New prepares the pages.
func New(o Options) *Dashboard {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Peers == nil {
		o.Peers = &access.Peers{}
	}
	return &Dashboard{
		Options: o, sampler: pulse.NewSampler(o.Engine, o.Now), sessions: session.New(o.AdminToken, o.Engine, o.Now),
		limits: session.NewLimits(o.Now), translations: texts.LoadAll(), assets: assets.Load(), trying: make(chan struct{}, 1),
		live: live.New(),
	}
}

// Register mounts the pages. A client that asks for JSON at / gets the index.
func (d *Dashboard) Register(mux *http.ServeMux, index http.HandlerFunc) {
	now := d.guarded(readWithin(readPatience, d.now))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept")
		if asksForJSON(r) {
			index(w, r)
			return
		}
		now.ServeHTTP(w, r)
	})
	for pattern, handler := range map[string]http.HandlerFunc{
		"GET /live":                         d.stream,
		"GET /series":                       d.series,
		"POST /pause":                       d.pause,
		"POST /resume":                      d.resume,
		"GET /conversations":                d.findConversation,
		"GET /conversations/{account}/{id}": d.conversation,
		"GET /dead":                         d.deadTurns,
		"POST /dead":                        d.changeDead,
		"GET /dead/{id}":                    d.deadTurn,
		"GET /parked":                       d.parkedTurns,
		"GET /cache":                        d.cache,
		"POST /cache/invalidate":            d.invalidate,
		"POST /cache/clear":                 d.clearCache,
		"GET /bot":                          d.bot,
		"POST /bot/try":                     d.try,
		"GET /bot/versions/{number}":        d.botVersion,
		"POST /bot/versions/{number}":       d.rollBack,
		"GET /alerts":                       d.alerts,
	} {
		if strings.HasPrefix(pattern, "GET ") && pattern != "GET /live" { // whose stream lasts as long as its page
			handler = readWithin(readPatience, handler)
		}
		mux.Handle(pattern, d.guarded(handler))
	}
	mux.Handle("GET /sign-in", d.open(d.showSignIn))
	mux.Handle("POST /sign-in", d.open(d.signIn))
	mux.Handle("POST /sign-out", d.open(d.signOut))
	mux.Handle("GET /assets/{name}", d.open(d.assets.Serve))
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
