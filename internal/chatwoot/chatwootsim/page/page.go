// Package page is the page that plays the customer and the agents, and the routes under /sim/ with which it and tests move the world.
package page

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/calls"
	"tania/internal/chatwoot/chatwootsim/faults"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/chatwoot/chatwootsim/webhooks"
	"tania/internal/tania"
)

// page holds the demo's inbox.
//
//go:embed *.html *.js *.css *.svg
var files embed.FS

// Parts are what the page shows and moves.
type Parts struct {
	World    *chatwootsim.World
	Calls    *calls.Calls
	Webhooks *webhooks.Webhooks
	Faults   *faults.Set
	// Client asks Tania for its decisions.
	Client *http.Client
}

// pageServer answers the routes.
type pageServer struct {
	*chatwootsim.World
	Parts
}

// Routes puts the page and the simulator's own routes into a mux.
func Routes(mux *http.ServeMux, parts Parts) {
	s := &pageServer{World: parts.World, Parts: parts}
	for pattern, do := range map[string]func(*command) (any, error){
		"POST /sim/customer":     s.simCustomer,
		"POST /sim/typing":       func(c *command) (any, error) { return nil, s.CustomerTypes(c.Conversation, c.On) },
		"POST /sim/agent":        s.simAgent,
		"POST /sim/status":       s.simStatus,
		"POST /sim/takeover":     func(c *command) (any, error) { return nil, s.TakeOver(c.Conversation, c.User) },
		"POST /sim/labels":       func(c *command) (any, error) { return nil, s.SetLabels(c.Conversation, c.Labels) },
		"POST /sim/assign":       s.simAssign,
		"POST /sim/delete":       func(c *command) (any, error) { return s.DeleteMessage(c.Message) },
		"POST /sim/transcribe":   func(c *command) (any, error) { return s.Transcribe(c.Message, c.Text) },
		"POST /sim/select":       func(c *command) (any, error) { return s.SubmitInputSelect(c.Message, c.Text) },
		"POST /sim/delivery":     func(c *command) (any, error) { return s.SetDelivery(c.Message, c.Status, c.Text) },
		"POST /sim/block":        s.simBlock,
		"POST /sim/webhook":      func(c *command) (any, error) { return nil, s.Webhooks.SetURL(c.URL) },
		"POST /sim/faults":       s.simFaults,
		"DELETE /sim/faults":     func(*command) (any, error) { s.Faults.Heal(); return nil, nil },
		"GET /sim/faults":        func(*command) (any, error) { return s.Faults.Happened(), nil },
		"GET /sim/log":           s.simLog,
		"GET /sim/conversations": func(*command) (any, error) { return s.Conversations(), nil },
		"GET /sim/messages/{id}": func(c *command) (any, error) { return s.Messages(c.id()), nil },
		"GET /sim/state":         s.simState,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.command(w, r, do) })
	}
	mux.HandleFunc("GET /sim/decisions/{id}", s.simDecisions)
	mux.HandleFunc("GET /sim/events", s.simEvents)
	static := http.FileServerFS(files)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'")
		w.Header().Set("Cache-Control", "no-cache")
		static.ServeHTTP(w, r)
	})
}

// command is the body of a /sim route; each reads the fields it needs.
type command struct {
	chatwootsim.CustomerMessage
	User    tania.UserID        `json:"user"`
	Via     chatwootsim.Via     `json:"via"`
	Private bool                `json:"private"`
	Status  string              `json:"status"`
	Until   time.Time           `json:"until"`
	Labels  []string            `json:"labels"`
	Team    *tania.TeamID       `json:"team"`
	Message tania.MessageID     `json:"message"`
	On      bool                `json:"on"`
	Bot     bool                `json:"bot"`
	Faults  []chatwootsim.Fault `json:"faults"`
	URL     string              `json:"url"`

	r *http.Request
}

func (c *command) id() tania.ConversationID {
	n, _ := strconv.ParseInt(c.r.PathValue("id"), 10, 64)
	return tania.ConversationID(n)
}

// command runs one of the simulator's own routes: 200 with what it gives, 404 or 422 with {error}.
func (s *pageServer) command(w http.ResponseWriter, r *http.Request, do func(*command) (any, error)) {
	c := &command{r: r}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, calls.MaxBody))
	if err == nil && len(body) > 0 {
		err = json.Unmarshal(body, c)
	}
	if err != nil {
		calls.Write(w, http.StatusBadRequest, rails.Object{"error": err.Error()})
		return
	}
	answer, err := do(c)
	switch {
	case errors.Is(err, chatwootsim.ErrNotFound):
		calls.Write(w, http.StatusNotFound, rails.Object{"error": err.Error()})
	case err != nil:
		calls.Write(w, http.StatusUnprocessableEntity, rails.Object{"error": err.Error()})
	case answer == nil:
		calls.Write(w, http.StatusOK, rails.Object{"ok": true})
	default:
		calls.Write(w, http.StatusOK, answer)
	}
}

func (s *pageServer) simCustomer(c *command) (any, error) { return s.CustomerWrites(c.CustomerMessage) }

func (s *pageServer) simAgent(c *command) (any, error) {
	if c.Private {
		return s.AgentNote(c.Conversation, c.User, c.Text)
	}
	return s.AgentReplies(c.Conversation, c.User, c.Text, c.Via)
}

func (s *pageServer) simStatus(c *command) (any, error) {
	return nil, s.SetStatus(c.Conversation, c.User, tania.Status(c.Status), c.Until)
}

// simAssign assigns the team if one is named, else the bot if asked for, else user, 0 being nobody.
func (s *pageServer) simAssign(c *command) (any, error) {
	switch {
	case c.Team != nil:
		return nil, s.AssignTeam(c.Conversation, *c.Team, c.User)
	case c.Bot:
		return nil, s.AssignBot(c.Conversation, 0)
	}
	return nil, s.AssignAgent(c.Conversation, c.User, 0)
}

func (s *pageServer) simBlock(c *command) (any, error) {
	return nil, s.EditContact(c.Contact, func(k *tania.Contact) { k.Blocked = c.On })
}

// simFaults puts faults in force and answers with all there are.
func (s *pageServer) simFaults(c *command) (any, error) {
	if err := s.Faults.Inject(c.Faults...); err != nil {
		return nil, err
	}
	return s.Faults.Happened(), nil
}

// simLog is every message by conversation, every call and every webhook so far; the webhooks' bodies are left out without
// ?bodies=true.
func (s *pageServer) simLog(c *command) (any, error) {
	deliveries := s.Webhooks.Deliveries()
	if c.r.URL.Query().Get("bodies") != "true" {
		for i := range deliveries {
			deliveries[i].Body = nil
		}
	}
	messages := map[tania.ConversationID][]chatwootsim.Message{}
	for _, one := range s.Conversations() {
		messages[one.ID] = s.Messages(one.ID)
	}
	return rails.Object{"messages": messages, "calls": s.Calls.All(), "deliveries": deliveries, "settled": s.Webhooks.Settled()}, nil
}

// simState is what the page shows: the conversations in brief and one of them whole.
func (s *pageServer) simState(c *command) (any, error) {
	version, list := s.briefs()
	state := rails.Object{
		"version": version, "account": s.Options.Account, "bot": rails.Object{"name": s.Options.Bot.Name}, "inboxes": s.Options.Inboxes,
		"users": s.humans(), "teams": s.Options.Teams, "conversations": list, "samples": s.Options.Samples,
		"decisions": s.Options.Decisions != nil || s.Options.TaniaURL != "",
	}
	if n, _ := strconv.ParseInt(c.r.URL.Query().Get("conversation"), 10, 64); n > 0 {
		state["messages"] = s.Messages(tania.ConversationID(n))
	}
	return state, nil
}

// brief is a conversation in the page's list, with the last thing that was said.
type brief struct {
	chatwootsim.Conversation
	Preview string `json:"preview"`
}

// briefs gives all conversations by id, and the server's version they are of.
func (s *pageServer) briefs() (version int64, list []brief) {
	s.Lock()
	defer s.Unlock()
	list = []brief{}
	for _, id := range slices.Sorted(maps.Keys(s.Threads)) {
		c := s.Threads[id]
		b := brief{Conversation: s.Show(c)}
		if m := c.Last(func(m *chatwootsim.Message) bool { return chatwootsim.Public(m) && m.Content != "" }); m != nil {
			b.Preview = m.Content
		}
		list = append(list, b)
	}
	return s.Changes, list
}

// humans are the agents of the page: those whose token no integration has, or all when there is no other.
func (s *pageServer) humans() []chatwootsim.User {
	list := []chatwootsim.User{}
	for _, u := range s.Options.Users {
		if u.Token == "" {
			list = append(list, u)
		}
	}
	if len(list) == 0 {
		return s.Options.Users
	}
	return list
}

// simDecisions passes on what Tania says of a conversation, so that the page need not ask another origin. Nothing known
// yet is an empty list.
func (s *pageServer) simDecisions(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	body, err := s.decisions(r.Context(), tania.ConversationKey{Account: s.Options.Account.ID, Conversation: tania.ConversationID(n)})
	switch {
	case errors.Is(err, chatwootsim.ErrNoDecisions), errors.Is(err, errNotAsked):
		calls.Write(w, http.StatusOK, rails.Object{"records": []any{}})
	case err != nil:
		s.Options.Log.Warn("decisions not read", "conversation", n, "error", err)
		calls.Write(w, http.StatusBadGateway, rails.Object{"error": err.Error()})
	default:
		calls.Write(w, http.StatusOK, json.RawMessage(body))
	}
}

// simEvents is a stream of the server's version, one event for each change, so that the page asks for the state again.
func (s *pageServer) simEvents(w http.ResponseWriter, r *http.Request) {
	stream := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	for {
		version, next := s.Changed()
		if _, err := fmt.Fprintf(w, "data: %d\n\n", version); err != nil || stream.Flush() != nil {
			return
		}
		select {
		case <-next:
		case <-r.Context().Done():
			return
		case <-s.Context().Done():
			return
		}
	}
}
