// Package installation is the whole simulator: a world with all its ways in and out.
package installation

import (
	"net/http"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/api"
	"tania/internal/chatwoot/chatwootsim/calls"
	"tania/internal/chatwoot/chatwootsim/clientapi"
	"tania/internal/chatwoot/chatwootsim/faults"
	"tania/internal/chatwoot/chatwootsim/helpcentre"
	"tania/internal/chatwoot/chatwootsim/page"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/chatwoot/chatwootsim/webhooks"
)

// maxConnections are kept to each address that gets webhooks.
const maxConnections = 64

// Server is one Chatwoot installation. Its methods are safe for concurrent use.
type Server struct {
	*chatwootsim.World
	faults   *faults.Set
	calls    *calls.Calls
	webhooks *webhooks.Webhooks
	client   *http.Client
	handler  http.Handler
}

// New gives an installation. It is served by Handler and must be closed.
func New(o chatwootsim.Options) (*Server, error) {
	w, err := chatwootsim.New(o)
	if err != nil {
		return nil, err
	}
	o = w.Options
	if o.Transport == nil {
		o.Transport = &http.Transport{MaxIdleConnsPerHost: maxConnections, IdleConnTimeout: time.Minute}
	}
	s := &Server{World: w, faults: faults.New(o.Seed), client: &http.Client{Transport: o.Transport, Timeout: o.WebhookTimeout}}
	s.webhooks = webhooks.New(w, s.faults, s.client)
	s.calls = calls.New(w, s.faults)
	mux := http.NewServeMux()
	api.Routes(mux, s.calls)
	clientapi.Routes(mux, s.calls)
	helpcentre.Routes(mux, s.calls)
	s.calls.ServeFiles(mux)
	page.Routes(mux, page.Parts{World: w, Calls: s.calls, Webhooks: s.webhooks, Faults: s.faults, Client: s.client})
	s.handler = rails.Forgiving(mux)
	return s, nil
}

// Handler serves the REST API under /api/, the public client API under /public/api/, help centres under /hc/, the page under / and the
// simulator's own routes under /sim/.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", s.Options.Clock().UTC().Format(http.TimeFormat))
		s.handler.ServeHTTP(w, r)
	})
}

// Close stops sending webhooks, ends the page's event streams and waits for what was under way.
func (s *Server) Close() {
	s.World.Close()
	s.webhooks.Close()
	s.client.CloseIdleConnections()
}

// Inject puts faults in force beside those there are.
func (s *Server) Inject(faults ...chatwootsim.Fault) error { return s.faults.Inject(faults...) }

// Heal ends all faults.
func (s *Server) Heal() { s.faults.Heal() }

// Faults gives those in force, with how often each happened.
func (s *Server) Faults() map[string]int { return s.faults.Happened() }

// Upload stores a file that a customer is to send, and gives the attachment that it makes. base is how Chatwoot calls
// itself.
func (s *Server) Upload(base, name, kind string, data []byte) chatwootsim.Attachment {
	return s.calls.Upload(base, name, kind, data)
}

// Calls gives every call of the API so far, in the order of arrival.
func (s *Server) Calls() []calls.Call { return s.calls.All() }

// Deliveries gives every webhook so far, in the order in which Chatwoot made them.
func (s *Server) Deliveries() []webhooks.Delivery { return s.webhooks.Deliveries() }

// Settled reports whether no webhook is under way or waits for its turn or its retry.
func (s *Server) Settled() bool { return s.webhooks.Settled() }

// Underway is how many webhooks are under way or wait for their turn or their retry.
func (s *Server) Underway() int { return s.webhooks.Underway() }

// Overtaking reports whether a webhook that a fault sends out of order is under way or waits for its turn.
func (s *Server) Overtaking() bool { return s.webhooks.Overtaking() }

// SetWebhookURL moves the agent bot's webhooks to another address.
func (s *Server) SetWebhookURL(url string) error { return s.webhooks.SetURL(url) }
