// Package session knows who looks at the dashboard: it reads the cookies of users and of those who gave the admin token, makes and takes
// links that sign in, ends sessions in all processes, and bounds the guessing of passwords and of the token. It shows nothing.
package session

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"tania/internal/audit"
	"tania/internal/tania"
	"tania/internal/users"
)

const (
	ticketPurpose = "tania dashboard ticket 1"

	sessionCookie = "tania_session"
	sessionLife   = 12 * time.Hour
	// nameLimit bounds the name that operators give themselves, in characters.
	nameLimit = 40
)

// session is what the cookie says, signed.
type session struct {
	ID      string `json:"i"`
	Name    string `json:"n,omitempty"`
	Expires int64  `json:"e"`
}

// ofUser begins the cookies of users, whose sessions are in the store. The others are signed.
const ofUser = "u."

// Sessions reads cookies. Those of who gave the admin token it signs, and nothing of them is stored but the ids of those that were signed
// out before their time; those of users are in the store.
type Sessions struct {
	users *users.Users
	key   []byte
	// tickets signs the links that sign in, which are no cookies.
	tickets []byte
	now     func() time.Time
	// begun is when this process was; ended are the sessions that were signed out.
	begun time.Time
	ended *endings
}

// New derives the signing key from the admin token: another token, and every session of who gave it is over.
func New(token string, known *users.Users, board noteBoard, now func() time.Time) *Sessions {
	return &Sessions{
		users: known,
		key:   derive(token, "tania dashboard session 1"), tickets: derive(token, ticketPurpose), now: now, begun: now(),
		ended: &endings{board: board, holder: rand.Text(), now: now, ended: map[string]int64{}},
	}
}

// derive makes a key for one purpose from the admin token.
func derive(token, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, []byte(token), nil, purpose, sha256.Size)
	if err != nil {
		panic(err) // only for a length that SHA-256 cannot give
	}
	return key
}

func (s *Sessions) mac(payload string) []byte { return sign(s.key, payload) }

func sign(key []byte, payload string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(payload))
	return h.Sum(nil)
}

// SignInLink gives an address that signs in whoever opens it until a moment, at the dashboard at base whose admin token is given.
func SignInLink(base, token string, until time.Time) string {
	expires := strconv.FormatInt(until.Unix(), 10)
	mac := base64.RawURLEncoding.EncodeToString(sign(derive(token, ticketPurpose), expires))
	return strings.TrimRight(base, "/") + "/sign-in?ticket=" + expires + "." + mac
}

// Admits checks the ticket of a SignInLink.
func (s *Sessions) Admits(ticket string) bool {
	expires, signature, _ := strings.Cut(ticket, ".")
	mac, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(mac, sign(s.tickets, expires)) {
		return false
	}
	until, err := strconv.ParseInt(expires, 10, 64)
	return err == nil && s.now().Unix() < until
}

// Start gives the cookie of a new session.
func (s *Sessions) Start(r *http.Request, name string) *http.Cookie {
	expires := s.now().Add(sessionLife)
	body, err := json.Marshal(session{ID: rand.Text(), Name: name, Expires: expires.Unix()})
	if err != nil {
		panic(err) // strings and a number always encode
	}
	payload := base64.RawURLEncoding.EncodeToString(body)
	return s.cookie(r, payload+"."+base64.RawURLEncoding.EncodeToString(s.mac(payload)), int(sessionLife.Seconds()))
}

func (s *Sessions) cookie(r *http.Request, value string, age int) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure follows the request: on loopback there is no https
		Name: sessionCookie, Value: value, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: Secure(r),
	}
}

// Secure reports whether a browser asks by https, by what a proxy before this process says too.
func Secure(r *http.Request) bool {
	return r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

// read checks a cookie's signature and time.
func (s *Sessions) read(r *http.Request) (session, bool) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return session{}, false
	}
	payload, signature, _ := strings.Cut(c.Value, ".")
	mac, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(mac, s.mac(payload)) {
		return session{}, false
	}
	body, err := base64.RawURLEncoding.DecodeString(payload)
	var got session
	if err != nil || json.Unmarshal(body, &got) != nil || s.now().Unix() >= got.Expires {
		return session{}, false
	}
	ended, known := s.ended.has(r.Context(), got.ID)
	// While the store is away only what began here is known not to have been signed out before.
	began := time.Unix(got.Expires, 0).Add(-sessionLife)
	return got, !ended && (known || began.Unix() >= s.begun.Unix())
}

// StartUser gives the cookie of a user's new session.
func (s *Sessions) StartUser(r *http.Request, id string) *http.Cookie {
	return s.cookie(r, ofUser+id, int(users.Life.Seconds()))
}

// user gives the id of a user's session.
func user(r *http.Request) (id string, ok bool) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return "", false
	}
	return strings.CutPrefix(c.Value, ofUser)
}

// Of gives the operator of a request's session.
func (s *Sessions) Of(r *http.Request) (Operator, bool) {
	if id, ok := user(r); ok {
		u, until, ok := s.users.Of(r.Context(), id)
		return Operator{Name: u.Name, Role: u.Role, User: ok, Expires: until}, ok
	}
	got, ok := s.read(r)
	if !ok {
		return Operator{}, false
	}
	return Operator{Name: got.Name, Role: tania.Operator, Expires: time.Unix(got.Expires, 0)}, true
}

// End makes a session's cookie worthless, and gives the one that removes it from the browser. The error says that the store did not take
// it: it is worthless in this process until its end.
func (s *Sessions) End(r *http.Request) (*http.Cookie, error) {
	var err error
	if id, ok := user(r); ok {
		err = s.users.SignOut(r.Context(), id)
	} else if got, ok := s.read(r); ok {
		err = s.ended.add(r.Context(), got.ID, got.Expires)
	}
	return s.cookie(r, "", -1), err
}

// Operator is who looks.
type Operator struct {
	Name string
	// Role is what they may do; who gave the admin token may do everything.
	Role tania.Role
	// User reports whether that is one of the users. Others gave themselves their name.
	User    bool
	Expires time.Time
}

type operatorKey struct{}

// WithOperator notes in a context who asks.
func WithOperator(ctx context.Context, o Operator) context.Context {
	return context.WithValue(ctx, operatorKey{}, o)
}

// OperatorOf gives who asks, the zero Operator where nobody signed in.
func OperatorOf(ctx context.Context) Operator {
	o, _ := ctx.Value(operatorKey{}).(Operator)
	return o
}

// By names who did something: the name they signed in with, and the address.
func By(r *http.Request) string {
	address := r.RemoteAddr
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	if name := OperatorOf(r.Context()).Name; name != "" {
		return name + " (" + address + ")"
	}
	return address
}

// Actor is who asks, for the audit log.
func Actor(r *http.Request) (as audit.As, name string) {
	switch who := OperatorOf(r.Context()); {
	case who.User:
		return audit.User, who.Name
	case who.Role.Valid():
		return audit.AdminToken, who.Name
	}
	return audit.Nobody, ""
}

// CleanName keeps what can be seen of a name, on one line.
func CleanName(s string) string {
	var kept []rune
	for _, c := range strings.Join(strings.Fields(s), " ") {
		if unicode.IsPrint(c) && len(kept) < nameLimit {
			kept = append(kept, c)
		}
	}
	return strings.TrimSpace(string(kept))
}
