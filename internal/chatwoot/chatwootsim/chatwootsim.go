// Package chatwootsim is a small Chatwoot in memory: its REST API, its webhooks with signatures and retries, the life of
// its conversations, and a page to play the customer and the agent. It is the other side of the wire, for the demo and for
// tests in process or as a process of its own, and knows nothing of Tania's own client.
package chatwootsim

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"tania/internal/tania"
)

// Server is one Chatwoot installation with one account. Its methods are safe for concurrent use.
type Server struct {
	o       Options
	version version
	targets []target
	handler http.Handler
	client  *http.Client
	log     *slog.Logger

	ctx  context.Context
	stop context.CancelFunc
	// senders waits for the goroutines that send webhooks; sending holds a place for each request under way.
	senders sync.WaitGroup
	sending chan struct{}

	mu            sync.Mutex
	closed        bool
	changes       int64
	wake          chan struct{}
	random        *rand.Rand
	contacts      map[tania.ContactID]*contact
	conversations map[tania.ConversationID]*conversation
	lastContact   tania.ContactID
	lastConv      tania.ConversationID
	lastMessage   tania.MessageID
	lastFile      int64
	files         []*upload
	labels        []*label
	lastLabel     int64
	portals       []Portal
	calls         []Call
	deliveries    []*Delivery
	underway      int
	lanes         map[laneKey]*lane
	faults        []*fault
	lastFault     int
}

// New gives a server. It is served by Handler and must be closed.
func New(o Options) (*Server, error) {
	o = o.withDefaults()
	v, err := parseVersion(o.Version)
	if err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Transport == nil {
		o.Transport = &http.Transport{MaxIdleConnsPerHost: maxSending, IdleConnTimeout: time.Minute}
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Server{
		o: o, version: v, log: o.Log, ctx: ctx, stop: stop,
		client:        &http.Client{Transport: o.Transport, Timeout: o.WebhookTimeout},
		sending:       make(chan struct{}, maxSending),
		wake:          make(chan struct{}),
		random:        rand.New(rand.NewPCG(o.Seed, 1)), //nolint:gosec // repeatable on purpose
		contacts:      map[tania.ContactID]*contact{},
		conversations: map[tania.ConversationID]*conversation{},
		lastContact:   500, lastConv: o.FirstConversation - 1, lastMessage: o.FirstMessage - 1, lastFile: 300,
		lanes: map[laneKey]*lane{},
	}
	s.portals = filledPortals(o.Portals, s.now())
	s.targets = s.newTargets()
	s.handler = s.routes()
	return s, nil
}

// Handler serves the REST API under /api/, the public client API under /public/api/, help centres under /hc/, the page under / and the
// simulator's own routes under /sim/.
func (s *Server) Handler() http.Handler {
	handler := forgiving(s.handler)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat))
		handler.ServeHTTP(w, r)
	})
}

// Close stops sending webhooks, ends the page's event streams and waits for what was under way.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stop()
	s.senders.Wait()
	s.client.CloseIdleConnections()
}

// WaitFor waits until the condition holds. It is looked at once now, and again after every change in the server: a call
// answered, a message, a status, a webhook delivered. The condition may call the server's methods.
func (s *Server) WaitFor(ctx context.Context, condition func() bool) error {
	for {
		s.mu.Lock()
		wake := s.wake
		s.mu.Unlock()
		if condition() {
			return nil
		}
		select {
		case <-wake:
		case <-ctx.Done():
			return fmt.Errorf("chatwootsim: the condition did not come to hold: %w", context.Cause(ctx))
		case <-s.ctx.Done():
			return fmt.Errorf("chatwootsim: closed before the condition held")
		}
	}
}

// touch wakes those who wait for a change. Callers hold mu.
func (s *Server) touch() {
	s.changes++
	close(s.wake)
	s.wake = make(chan struct{})
}

func (s *Server) now() time.Time { return s.o.Clock().UTC() }
