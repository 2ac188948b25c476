package chatwootsim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"tania/internal/tania"
)

// maxBody bounds a request, in bytes.
const maxBody = 8 << 20

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

// right says who may call a route.
type right int

const (
	usersOnly right = iota
	// anybody may call the public routes, without a token.
	anybody
	// botsToo are the routes of AccessTokenAuthHelper::BOT_ACCESSIBLE_ENDPOINTS.
	botsToo
	// botsSince4142 joined them in 4.14.2, botsSince4112 in 4.11.2.
	botsSince4142
	botsSince4112
)

// request is a call being carried out, under the server's lock.
type request struct {
	*http.Request
	params object
	// user is who calls; its ID is 0 for the bot.
	user User
	bot  bool
	c    *conversation
	// contact is the one of the path; inbox is that of a call of the public API.
	contact *contact
	inbox   Inbox
	// json reports whether the path ends in ".json".
	json bool
	// made is the message that the call made.
	made tania.MessageID
}

// by is the caller's name, as activities have it.
func (r *request) by(s *Server) string {
	if r.bot {
		return s.o.Bot.Name
	}
	return r.user.Name
}

// empty is an answer without a body, plain a text.
type (
	empty struct{}
	plain string
)

// apiRoutes puts the API into a mux.
func (s *Server) apiRoutes(mux *http.ServeMux) {
	const account = "/api/v1/accounts/{account}"
	const one = account + "/conversations/{conversation}"
	const contact = account + "/contacts/{contact}"
	const label = account + "/labels/{label}"
	handle := func(pattern string, need right, answer func(*request) (int, any)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, need, answer) })
	}
	s.publicRoutes(handle)
	s.helpRoutes(handle)
	for _, route := range []struct {
		pattern string
		right   right
		answer  func(*request) (int, any)
	}{
		{"POST " + account + "/conversations", botsToo, s.createConversation},
		{"GET " + account + "/conversations", usersOnly, s.listConversations},
		{"GET " + account + "/conversations/meta", usersOnly, s.countConversations},
		{"POST " + account + "/conversations/filter", usersOnly, s.filterConversations},
		{"GET " + one, botsSince4142, s.showConversation},
		{"PATCH " + one, botsToo, s.updateConversation},
		{"POST " + one + "/messages", botsToo, s.createMessage},
		{"GET " + one + "/messages", usersOnly, s.listMessages},
		{"DELETE " + one + "/messages/{message}", usersOnly, s.destroyMessage},
		{"POST " + one + "/toggle_status", botsToo, s.toggleStatus},
		{"POST " + one + "/toggle_typing_status", botsSince4112, s.toggleTyping},
		{"POST " + one + "/toggle_priority", botsToo, s.togglePriority},
		{"POST " + one + "/custom_attributes", botsToo, s.writeCustomAttributes},
		{"POST " + one + "/assignments", botsToo, s.createAssignment},
		{"GET " + one + "/labels", botsSince4142, s.listLabels},
		{"POST " + one + "/labels", botsSince4142, s.createLabels},
		{"GET " + account + "/contacts", usersOnly, s.listContacts},
		{"POST " + account + "/contacts", usersOnly, s.createContact},
		{"GET " + account + "/contacts/search", usersOnly, s.searchContacts},
		{"POST " + account + "/contacts/filter", usersOnly, s.filterContacts},
		{"GET " + contact, usersOnly, s.showContact},
		{"PUT " + contact, usersOnly, s.updateContact},
		{"PATCH " + contact, usersOnly, s.updateContact},
		{"DELETE " + contact, usersOnly, s.deleteContact},
		{"GET " + contact + "/conversations", usersOnly, s.contactConversations},
		{"POST " + contact + "/contact_inboxes", usersOnly, s.createContactInbox},
		{"GET " + contact + "/contactable_inboxes", usersOnly, s.contactableInboxes},
		{"GET " + contact + "/labels", usersOnly, s.listContactLabels},
		{"POST " + contact + "/labels", usersOnly, s.createContactLabels},
		{"GET " + account + "/labels", usersOnly, s.listAccountLabels},
		{"POST " + account + "/labels", usersOnly, s.createAccountLabel},
		{"GET " + label, usersOnly, s.showAccountLabel},
		{"PATCH " + label, usersOnly, s.updateAccountLabel},
		{"DELETE " + label, usersOnly, s.deleteAccountLabel},
		{"GET " + account + "/inboxes", usersOnly, s.listInboxes},
		{"GET " + account + "/inboxes/{inbox}", usersOnly, s.showInbox},
		{"GET " + account + "/inboxes/{inbox}/agent_bot", usersOnly, s.showInboxBot},
		{"GET " + account + "/teams", usersOnly, s.listTeams},
		{"GET " + account + "/agents", usersOnly, s.listAgents},
		{"GET " + account + "/agent_bots", usersOnly, s.listBots},
		{"GET " + account + "/webhooks", usersOnly, s.listWebhooks},
		{"GET /api/v1/profile", usersOnly, s.profile},
		{"/api/v1/", usersOnly, func(*request) (int, any) { return notFound() }},
	} {
		handle(route.pattern, route.right, route.answer)
	}
	mux.HandleFunc("GET /api", func(w http.ResponseWriter, _ *http.Request) {
		write(w, http.StatusOK, object{
			"version": s.o.Version, "timestamp": s.now().Format(time.DateTime), "queue_services": "ok", "data_services": "ok",
		})
	})
}

// serve logs a call, lets the faults have their way with it, carries it out and answers.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, need right, answer func(*request) (int, any)) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	params, wrong := parameters(r, body)
	s.mu.Lock()
	m := s.mishap(r)
	seq := s.arrived(r, params, m.name)
	s.mu.Unlock()
	if err != nil || !s.sleep(m.delay) {
		// The caller is gone, or the server closes.
		panic(http.ErrAbortHandler)
	}
	status, reply := 0, any(empty{})
	if (m.status == 0 && !m.drop) || m.saved {
		status, reply = s.carryOut(r, params, wrong, seq, need, answer)
	}
	switch {
	case m.drop:
		s.answered(seq, 0)
		panic(http.ErrAbortHandler)
	case m.status != 0:
		status, reply = m.status, faultBody(m.status)
		if m.retryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(m.retryAfter))
		}
	}
	s.answered(seq, status)
	write(w, status, reply)
}

// carryOut authenticates a call and does what it asks, under the lock.
func (s *Server) carryOut(r *http.Request, params object, wrong error, seq int, need right, answer func(*request) (int, any)) (int, any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := &request{Request: r, params: params, json: askedForJSON(r)}
	status, reply := s.admit(q, need)
	if status == 0 && wrong != nil {
		status, reply = http.StatusBadRequest, object{"status": 400, "error": "Bad Request"}
	}
	if status == 0 {
		status, reply = answer(q)
	}
	call := &s.calls[seq-1]
	call.By, call.Message = q.who(), q.made
	call.Saved = status >= 200 && status <= 299 && r.Method != http.MethodGet
	return status, reply
}

func (r *request) who() string {
	switch {
	case r.bot:
		return "bot"
	case r.user.ID != 0:
		return "user"
	}
	return ""
}

// admit checks the token, what it may do, the account and the conversation, in Chatwoot's order. It answers 0 when all is
// well.
func (s *Server) admit(q *request, need right) (int, any) {
	if need == anybody {
		return s.findTarget(q)
	}
	given := q.Header.Get("Api-Access-Token")
	if given == "" {
		// nginx drops this spelling, Chatwoot itself takes both.
		given = q.Header.Get("api_access_token")
	}
	if given == "" {
		return http.StatusUnauthorized, object{"errors": []string{"You need to sign in or sign up before continuing."}}
	}
	for _, u := range s.o.Users {
		if u.Token != "" && u.Token == given {
			q.user = u
		}
	}
	q.bot = q.user.ID == 0 && given == s.o.Bot.Token
	switch {
	case !q.bot && q.user.ID == 0:
		return unauthorized("Invalid Access Token")
	case q.bot && !s.botMay(need):
		return unauthorized("Access to this endpoint is not authorized for bots")
	}
	if account := q.PathValue("account"); account != "" && account != strconv.FormatInt(int64(s.o.Account.ID), 10) {
		if q.bot {
			return unauthorized("Bot is not authorized to access this account")
		}
		return unauthorized("You are not authorized to access this account")
	}
	return s.findTarget(q)
}

// findTarget finds what the path names: a conversation, a contact. It answers 404 where there is none, else 0.
func (s *Server) findTarget(q *request) (int, any) {
	if id := q.PathValue("conversation"); id != "" {
		if q.c = s.conversations[tania.ConversationID(number(id))]; q.c == nil {
			return notFound()
		}
	}
	if id := q.PathValue("contact"); id != "" {
		if q.contact = s.contacts[tania.ContactID(number(id))]; q.contact == nil {
			return notFound()
		}
	}
	return 0, nil
}

func (s *Server) botMay(need right) bool {
	switch need {
	case botsToo:
		return true
	case botsSince4142:
		return s.version.since(botsReadBack)
	case botsSince4112:
		return s.version.since(botsType)
	}
	return false
}

func (s *Server) arrived(r *http.Request, params object, fault string) (seq int) {
	c := Call{Seq: len(s.calls) + 1, At: s.now(), Method: r.Method, Path: r.URL.RequestURI(), Fault: fault}
	n, _ := strconv.ParseInt(r.PathValue("conversation"), 10, 64)
	c.Conversation = tania.ConversationID(n)
	c.Body = logged(params)
	s.calls = append(s.calls, c)
	s.touch()
	return c.Seq
}

func (s *Server) answered(seq, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[seq-1].Answered, s.calls[seq-1].Status = s.now(), status
	s.touch()
}

func unauthorized(why string) (int, any) { return http.StatusUnauthorized, object{"error": why} }

func notFound() (int, any) {
	return http.StatusNotFound, object{"error": "Resource could not be found"}
}

// unprocessable is what messages#create makes of any exception.
func unprocessable(err error) (int, any) {
	return http.StatusUnprocessableEntity, object{"error": err.Error()}
}

// serverError is what Rails answers to an exception that nobody expected.
func serverError() (int, any) {
	return http.StatusInternalServerError, object{"status": 500, "error": "Internal Server Error"}
}

// faultBody is what a real Chatwoot, or what stands before it, says with a status.
func faultBody(status int) any {
	switch status {
	case http.StatusUnauthorized:
		return object{"error": "Invalid Access Token"}
	case http.StatusNotFound:
		return object{"error": "Resource could not be found"}
	case http.StatusUnprocessableEntity:
		return object{"error": "could not obtain a connection from the pool within 5.000 seconds; all pooled connections were in use"}
	case http.StatusTooManyRequests:
		// rack-attack's, which is no JSON.
		return plain("Retry later\n")
	case http.StatusInternalServerError:
		return object{"status": 500, "error": "Internal Server Error"}
	}
	return object{"error": fmt.Sprintf("%d %s", status, http.StatusText(status))}
}

// write answers with JSON.
func write(w http.ResponseWriter, status int, body any) {
	switch text := body.(type) {
	case empty:
		w.WriteHeader(status)
		return
	case markup:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, string(text)) //nolint:gosec // gomponents escaped it
		return
	case plain:
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
