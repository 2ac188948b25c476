// Package calls carries out calls over HTTP: who may make them, what goes wrong with them, how they are answered, and a log of them.
package calls

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/faults"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/tania"
)

// MaxBody bounds a request, in bytes.
const MaxBody = 8 << 20

// Call is one request to the API, as it came and as it ended.
type Call struct {
	// Seq numbers the calls in the order of arrival, from 1.
	Seq      int             `json:"seq"`
	At       time.Time       `json:"at"`
	Answered time.Time       `json:"answered,omitzero"`
	Method   string          `json:"method"`
	Path     string          `json:"path"`
	Body     json.RawMessage `json:"body,omitempty"`
	// By is whose the token is: bot, user, or empty for nobody's.
	By           string               `json:"by"`
	Conversation tania.ConversationID `json:"conversation,omitempty"`
	// Status is what was answered, 0 while there is no answer and when the connection was dropped.
	Status int `json:"status"`
	// Saved reports whether the call was carried out with success, whatever was answered; Message is what it made.
	Saved   bool            `json:"saved"`
	Message tania.MessageID `json:"message,omitempty"`
	// Fault names what went wrong on purpose.
	Fault string `json:"fault,omitempty"`
}

// Calls carries out the calls of all HTTP routes, and keeps a log of them.
type Calls struct {
	*chatwootsim.World
	faults *faults.Set
	calls  []Call
	files  []*rails.Upload
}

// New gives an empty log of calls to a world, with which the faults have their way.
func New(w *chatwootsim.World, f *faults.Set) *Calls { return &Calls{World: w, faults: f} }

// Right says who may call a route.
type Right int

const (
	// UsersOnly are routes that no bot may call.
	UsersOnly Right = iota
	// Anybody may call the public routes, without a token.
	Anybody
	// BotsToo are the routes of AccessTokenAuthHelper::BOT_ACCESSIBLE_ENDPOINTS.
	BotsToo
	// BotsSince4142 joined them in 4.14.2.
	BotsSince4142
	// BotsSince4112 joined them in 4.11.2.
	BotsSince4112
)

// Request is a call being carried out, under the server's lock.
type Request struct {
	*http.Request
	Params rails.Object
	// User is who calls; its ID is 0 for the bot.
	User   chatwootsim.User
	Bot    bool
	Thread *chatwootsim.Thread
	// Customer is the one of the path; Inbox is that of a call of the public API.
	Customer *chatwootsim.Customer
	Inbox    chatwootsim.Inbox
	// JSON reports whether the path ends in ".json".
	JSON bool
	// Made is the message that the call made.
	Made tania.MessageID
}

// Sender is the caller, who writes or types.
func (r *Request) Sender(w *chatwootsim.World) chatwootsim.Sender {
	if r.Bot {
		return chatwootsim.Sender{Kind: tania.ActorBot, ID: w.Options.Bot.ID, Name: w.Options.Bot.Name}
	}
	return chatwootsim.Sender{Kind: tania.ActorUser, ID: int64(r.User.ID), Name: r.User.Name}
}

// Answers that are no JSON.
type (
	// Empty is an answer without a body.
	Empty struct{}
	// Plain is a text.
	Plain string
	// Markup is a page.
	Markup string
)

// Handle puts a route into a mux.
func (s *Calls) Handle(mux *http.ServeMux, pattern string, need Right, answer func(*Request) (int, any)) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, need, answer) })
}

// serve logs a call, lets the faults have their way with it, carries it out and answers.
func (s *Calls) serve(w http.ResponseWriter, r *http.Request, need Right, answer func(*Request) (int, any)) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	params, wrong := rails.Parameters(r, body)
	s.Lock()
	m := s.faults.OfCall(r)
	seq := s.arrived(r, params, m.Name)
	s.Unlock()
	if err != nil || !s.Sleep(m.Delay) {
		// The caller is gone, or the server closes.
		panic(http.ErrAbortHandler)
	}
	status, reply := 0, any(Empty{})
	if (m.Status == 0 && !m.Drop) || m.Saved {
		status, reply = s.carryOut(r, params, wrong, seq, need, answer)
	}
	switch {
	case m.Drop:
		s.answered(seq, 0)
		panic(http.ErrAbortHandler)
	case m.Status != 0:
		status, reply = m.Status, faultBody(m.Status)
		if m.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(m.RetryAfter))
		}
	}
	s.answered(seq, status)
	Write(w, status, reply)
}

// carryOut authenticates a call and does what it asks, under the lock.
func (s *Calls) carryOut(
	r *http.Request, params rails.Object, wrong error, seq int, need Right, answer func(*Request) (int, any),
) (int, any) {
	s.Lock()
	defer s.Unlock()
	q := &Request{Request: r, Params: params, JSON: rails.AskedForJSON(r)}
	status, reply := s.admit(q, need)
	if status == 0 && wrong != nil {
		status, reply = http.StatusBadRequest, rails.Object{"status": 400, "error": "Bad Request"}
	}
	if status == 0 {
		status, reply = answer(q)
	}
	call := &s.calls[seq-1]
	call.By, call.Message = q.who(), q.Made
	call.Saved = status >= 200 && status <= 299 && r.Method != http.MethodGet
	return status, reply
}

func (r *Request) who() string {
	switch {
	case r.Bot:
		return "bot"
	case r.User.ID != 0:
		return "user"
	}
	return ""
}

// admit checks the token, what it may do, the account and the conversation, in Chatwoot's order. It answers 0 when all is
// well.
func (s *Calls) admit(q *Request, need Right) (int, any) {
	if need == Anybody {
		return s.findTarget(q)
	}
	given := q.Header.Get("Api-Access-Token")
	if given == "" {
		// nginx drops this spelling, Chatwoot itself takes both.
		given = q.Header.Get("api_access_token")
	}
	if given == "" {
		return http.StatusUnauthorized, rails.Object{"errors": []string{"You need to sign in or sign up before continuing."}}
	}
	for _, u := range s.Options.Users {
		if u.Token != "" && u.Token == given {
			q.User = u
		}
	}
	q.Bot = q.User.ID == 0 && given == s.Options.Bot.Token
	switch {
	case !q.Bot && q.User.ID == 0:
		return Unauthorized("Invalid Access Token")
	case q.Bot && !s.botMay(need):
		return Unauthorized("Access to this endpoint is not authorized for bots")
	}
	if account := q.PathValue("account"); account != "" && account != strconv.FormatInt(int64(s.Options.Account.ID), 10) {
		if q.Bot {
			return Unauthorized("Bot is not authorized to access this account")
		}
		return Unauthorized("You are not authorized to access this account")
	}
	return s.findTarget(q)
}

// findTarget finds what the path names: a conversation, a contact. It answers 404 where there is none, else 0.
func (s *Calls) findTarget(q *Request) (int, any) {
	if id := q.PathValue("conversation"); id != "" {
		if q.Thread = s.Threads[tania.ConversationID(rails.Number(id))]; q.Thread == nil {
			return NotFound()
		}
	}
	if id := q.PathValue("contact"); id != "" {
		if q.Customer = s.Customers[tania.ContactID(rails.Number(id))]; q.Customer == nil {
			return NotFound()
		}
	}
	return 0, nil
}

func (s *Calls) botMay(need Right) bool {
	switch need {
	case BotsToo:
		return true
	case BotsSince4142:
		return s.Release.Since(chatwootsim.BotsReadBack)
	case BotsSince4112:
		return s.Release.Since(chatwootsim.BotsType)
	}
	return false
}

func (s *Calls) arrived(r *http.Request, params rails.Object, fault string) (seq int) {
	c := Call{Seq: len(s.calls) + 1, At: s.Now(), Method: r.Method, Path: r.URL.RequestURI(), Fault: fault}
	n, _ := strconv.ParseInt(r.PathValue("conversation"), 10, 64)
	c.Conversation = tania.ConversationID(n)
	c.Body = rails.Logged(params)
	s.calls = append(s.calls, c)
	s.Touch()
	return c.Seq
}

func (s *Calls) answered(seq, status int) {
	s.Lock()
	defer s.Unlock()
	s.calls[seq-1].Answered, s.calls[seq-1].Status = s.Now(), status
	s.Touch()
}

// Unauthorized is what a caller is told who may not do this.
func Unauthorized(why string) (int, any) { return http.StatusUnauthorized, rails.Object{"error": why} }

// NotFound is the answer where there is no such thing.
func NotFound() (int, any) {
	return http.StatusNotFound, rails.Object{"error": "Resource could not be found"}
}

// Unprocessable is what messages#create makes of any exception.
func Unprocessable(err error) (int, any) {
	return http.StatusUnprocessableEntity, rails.Object{"error": err.Error()}
}

// ServerError is what Rails answers to an exception that nobody expected.
func ServerError() (int, any) {
	return http.StatusInternalServerError, rails.Object{"status": 500, "error": "Internal Server Error"}
}

// faultBody is what a real Chatwoot, or what stands before it, says with a status.
func faultBody(status int) any {
	switch status {
	case http.StatusUnauthorized:
		return rails.Object{"error": "Invalid Access Token"}
	case http.StatusNotFound:
		return rails.Object{"error": "Resource could not be found"}
	case http.StatusUnprocessableEntity:
		return rails.Object{"error": "could not obtain a connection from the pool within 5.000 seconds; all pooled connections were in use"}
	case http.StatusTooManyRequests:
		// rack-attack's, which is no JSON.
		return Plain("Retry later\n")
	case http.StatusInternalServerError:
		return rails.Object{"status": 500, "error": "Internal Server Error"}
	}
	return rails.Object{"error": fmt.Sprintf("%d %s", status, http.StatusText(status))}
}

// Write answers with JSON.
func Write(w http.ResponseWriter, status int, body any) {
	switch text := body.(type) {
	case Empty:
		w.WriteHeader(status)
		return
	case Markup:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, string(text)) //nolint:gosec // gomponents escaped it
		return
	case Plain:
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, string(text)) //nolint:gosec // text/plain, and words of our own
		return
	}
	data, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(data)
}

// All gives every call of the API so far, in the order of arrival. They are kept until the server goes, as are the
// deliveries: a simulator lives as long as a test or a demo.
func (s *Calls) All() []Call {
	s.Lock()
	defer s.Unlock()
	return slices.Clone(s.calls)
}
