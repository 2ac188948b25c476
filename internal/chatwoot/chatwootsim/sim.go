package chatwootsim

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"tania/internal/tania"
)

// page holds the demo's inbox.
//
//go:embed page
var page embed.FS

// routes are all that the server answers: the API, the simulator's own routes and the page.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	s.apiRoutes(mux)
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
		"POST /sim/webhook":      func(c *command) (any, error) { return nil, s.SetWebhookURL(c.URL) },
		"POST /sim/faults":       s.simFaults,
		"DELETE /sim/faults":     func(*command) (any, error) { s.Heal(); return nil, nil },
		"GET /sim/faults":        func(*command) (any, error) { return s.Faults(), nil },
		"GET /sim/log":           s.simLog,
		"GET /sim/conversations": func(*command) (any, error) { return s.Conversations(), nil },
		"GET /sim/messages/{id}": func(c *command) (any, error) { return s.Messages(c.id()), nil },
		"GET /sim/state":         s.simState,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.command(w, r, do) })
	}
	mux.HandleFunc("GET /sim/decisions/{id}", s.simDecisions)
	mux.HandleFunc("GET /sim/events", s.simEvents)
	mux.HandleFunc("GET "+filesAt+"{file}/{name}", s.file)
	files, _ := fs.Sub(page, "page") // the directory is embedded
	static := http.FileServerFS(files)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'")
		w.Header().Set("Cache-Control", "no-cache")
		static.ServeHTTP(w, r)
	})
	return mux
}

// command is the body of a /sim route; each reads the fields it needs.
type command struct {
	CustomerMessage
	User    tania.UserID    `json:"user"`
	Via     Via             `json:"via"`
	Private bool            `json:"private"`
	Status  string          `json:"status"`
	Until   time.Time       `json:"until"`
	Labels  []string        `json:"labels"`
	Team    *tania.TeamID   `json:"team"`
	Message tania.MessageID `json:"message"`
	On      bool            `json:"on"`
	Bot     bool            `json:"bot"`
	Faults  []Fault         `json:"faults"`
	URL     string          `json:"url"`

	r *http.Request
}

func (c *command) id() tania.ConversationID {
	n, _ := strconv.ParseInt(c.r.PathValue("id"), 10, 64)
	return tania.ConversationID(n)
}

// command runs one of the simulator's own routes: 200 with what it gives, 404 or 422 with {error}.
func (s *Server) command(w http.ResponseWriter, r *http.Request, do func(*command) (any, error)) {
	c := &command{r: r}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil && len(body) > 0 {
		err = json.Unmarshal(body, c)
	}
	if err != nil {
		write(w, http.StatusBadRequest, object{"error": err.Error()})
		return
	}
	answer, err := do(c)
	switch {
	case errors.Is(err, ErrNotFound):
		write(w, http.StatusNotFound, object{"error": err.Error()})
	case err != nil:
		write(w, http.StatusUnprocessableEntity, object{"error": err.Error()})
	case answer == nil:
		write(w, http.StatusOK, object{"ok": true})
	default:
		write(w, http.StatusOK, answer)
	}
}

func (s *Server) simCustomer(c *command) (any, error) { return s.CustomerWrites(c.CustomerMessage) }

func (s *Server) simAgent(c *command) (any, error) {
	if c.Private {
		return s.AgentNote(c.Conversation, c.User, c.Text)
	}
	return s.AgentReplies(c.Conversation, c.User, c.Text, c.Via)
}

func (s *Server) simStatus(c *command) (any, error) {
	return nil, s.SetStatus(c.Conversation, c.User, tania.Status(c.Status), c.Until)
}

// simAssign assigns the team if one is named, else the bot if asked for, else user, 0 being nobody.
func (s *Server) simAssign(c *command) (any, error) {
	switch {
	case c.Team != nil:
		return nil, s.AssignTeam(c.Conversation, *c.Team, c.User)
	case c.Bot:
		return nil, s.AssignBot(c.Conversation, 0)
	}
	return nil, s.AssignAgent(c.Conversation, c.User, 0)
}

func (s *Server) simBlock(c *command) (any, error) {
	return nil, s.EditContact(c.Contact, func(k *tania.Contact) { k.Blocked = c.On })
}

// simFaults puts faults in force and answers with all there are.
func (s *Server) simFaults(c *command) (any, error) {
	if err := s.Inject(c.Faults...); err != nil {
		return nil, err
	}
	return s.Faults(), nil
}

// simLog is every message by conversation, every call and every webhook so far; the webhooks' bodies are left out without
// ?bodies=true.
func (s *Server) simLog(c *command) (any, error) {
	deliveries := s.Deliveries()
	if c.r.URL.Query().Get("bodies") != "true" {
		for i := range deliveries {
			deliveries[i].Body = nil
		}
	}
	messages := map[tania.ConversationID][]Message{}
	for _, one := range s.Conversations() {
		messages[one.ID] = s.Messages(one.ID)
	}
	return object{"messages": messages, "calls": s.Calls(), "deliveries": deliveries, "settled": s.Settled()}, nil
}

// simState is what the page shows: the conversations in brief and one of them whole.
func (s *Server) simState(c *command) (any, error) {
	version, list := s.briefs()
	state := object{
		"version": version, "account": s.o.Account, "bot": object{"name": s.o.Bot.Name}, "inboxes": s.o.Inboxes,
		"users": s.humans(), "teams": s.o.Teams, "conversations": list, "samples": s.o.Samples,
		"decisions": s.o.Decisions != nil || s.o.TaniaURL != "",
	}
	if n, _ := strconv.ParseInt(c.r.URL.Query().Get("conversation"), 10, 64); n > 0 {
		state["messages"] = s.Messages(tania.ConversationID(n))
	}
	return state, nil
}

// brief is a conversation in the page's list, with the last thing that was said.
type brief struct {
	Conversation
	Preview string `json:"preview"`
}

// briefs gives all conversations by id, and the server's version they are of.
func (s *Server) briefs() (version int64, list []brief) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list = []brief{}
	for _, id := range slices.Sorted(maps.Keys(s.conversations)) {
		c := s.conversations[id]
		b := brief{Conversation: s.show(c)}
		if m := c.last(func(m *Message) bool { return public(m) && m.Content != "" }); m != nil {
			b.Preview = m.Content
		}
		list = append(list, b)
	}
	return s.changes, list
}

// humans are the agents of the page: those whose token no integration has, or all when there is no other.
func (s *Server) humans() []User {
	list := []User{}
	for _, u := range s.o.Users {
		if u.Token == "" {
			list = append(list, u)
		}
	}
	if len(list) == 0 {
		return s.o.Users
	}
	return list
}

// simDecisions passes on what Tania says of a conversation, so that the page need not ask another origin. Nothing known
// yet is an empty list.
func (s *Server) simDecisions(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	body, err := s.decisions(r.Context(), tania.ConversationKey{Account: s.o.Account.ID, Conversation: tania.ConversationID(n)})
	switch {
	case errors.Is(err, ErrNoDecisions), errors.Is(err, errNotAsked):
		write(w, http.StatusOK, object{"records": []any{}})
	case err != nil:
		s.log.Warn("decisions not read", "conversation", n, "error", err)
		write(w, http.StatusBadGateway, object{"error": err.Error()})
	default:
		write(w, http.StatusOK, json.RawMessage(body))
	}
}

// simEvents is a stream of the server's version, one event for each change, so that the page asks for the state again.
func (s *Server) simEvents(w http.ResponseWriter, r *http.Request) {
	stream := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	for {
		s.mu.Lock()
		version, wake := s.changes, s.wake
		s.mu.Unlock()
		if _, err := fmt.Fprintf(w, "data: %d\n\n", version); err != nil || stream.Flush() != nil {
			return
		}
		select {
		case <-wake:
		case <-r.Context().Done():
			return
		case <-s.ctx.Done():
			return
		}
	}
}
