package chatwootsim

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"tania/internal/tania"
)

// Options describe an installation. Zero values mean the defaults, which make a small shop.
type Options struct {
	Account Account
	// Bot is the agent bot of the inboxes whose ActiveBot is set; without a Token there is none.
	Bot Bot
	// Users are the agents; one with a Token may call the API.
	Users   []User
	Teams   []Team
	Inboxes []Inbox
	// Portals are help centres, one small one by default.
	Portals []Portal
	// Hooks are account webhooks, and the webhook_url of API inboxes.
	Hooks []Hook
	// Version is the Chatwoot that is played, "4.15.1" by default: what a bot may call, what is signed, which events a bot
	// gets and what a new conversation looks like depend on it.
	Version string
	// NoFloodLimit takes 200 messages a minute and more in one conversation, which Chatwoot refuses: for tests under load.
	NoFloodLimit bool
	// ShowFailsWithTeam makes GET of a conversation with a team fail with 500, as some versions do.
	ShowFailsWithTeam bool

	// WebhookTimeout bounds one delivery, 5 s by default; RetryInterval is between attempts, 3 s by default.
	WebhookTimeout, RetryInterval time.Duration
	// Transport carries the webhooks; nil is one of its own.
	Transport http.RoundTripper
	// Clock is the time in messages and signatures, the system's by default.
	Clock func() time.Time
	// Seed makes the faults repeatable.
	Seed uint64
	Log  *slog.Logger
	// FirstMessage and FirstConversation are the first ids given, 1001 and 1 by default.
	FirstMessage      tania.MessageID
	FirstConversation tania.ConversationID

	// Decisions gives what Tania answers to GET /admin/conversations/{account}/{id}, for the page; nil: it is asked for
	// at TaniaURL with AdminToken as the bearer. ErrNoDecisions says that nothing is known yet.
	Decisions            func(context.Context, tania.ConversationKey) ([]byte, error)
	TaniaURL, AdminToken string
	// FindAdminToken gives the token where AdminToken is none, each time again: Tania may make one later. nil: none is needed.
	FindAdminToken func() string
	// Samples are the sentences the page offers to the customer, by language; the page has its own for those left out.
	Samples map[tania.Language]Samples
}

// ErrNoDecisions means that Tania knows nothing of a conversation yet.
var ErrNoDecisions = errors.New("chatwootsim: no decisions yet")

// Samples are what the customer's buttons on the page say.
type Samples struct {
	Greeting string `json:"greeting"`
	FAQ      string `json:"faq"`
	Human    string `json:"human"`
	// Burst is sent one after the other, 300 ms apart.
	Burst []string `json:"burst"`
}

// Account is the account all conversations belong to.
type Account struct {
	ID   tania.AccountID `json:"id"`
	Name string          `json:"name"`
}

// Bot is an agent bot. Token is for the API, Secret signs its webhooks (none: they are not signed).
type Bot struct {
	ID     int64
	Name   string
	Token  string
	URL    string
	Secret string
}

// User is a human agent, or the account behind an integration.
type User struct {
	ID    tania.UserID `json:"id"`
	Name  string       `json:"name"`
	Email string       `json:"email"`
	// Role is administrator or agent, which is the default.
	Role  string `json:"role"`
	Token string `json:"-"`
}

// Team is a team of agents. Agent is who gets its conversations by auto-assignment, 0 nobody.
type Team struct {
	ID    tania.TeamID `json:"id"`
	Name  string       `json:"name"`
	Agent tania.UserID `json:"agent,omitempty"`
}

// Inbox is a way for customers to write.
type Inbox struct {
	ID        tania.InboxID `json:"id"`
	Name      string        `json:"name"`
	Channel   tania.Channel `json:"channel"`
	ActiveBot bool          `json:"active_bot"`
	// Greeting is a template message that Chatwoot sends after the first message of a conversation, none when empty.
	Greeting string `json:"greeting,omitempty"`
	// Identifier names an API inbox in the public client API; "inbox-ID" by default.
	Identifier string `json:"identifier,omitempty"`
	// Verified has the website vouch for who its visitors are: identity validation.
	Verified bool `json:"verified,omitempty"`
	// Templates are those that WhatsApp has approved.
	Templates []ApprovedTemplate `json:"templates,omitempty"`
}

// ApprovedTemplate is one that WhatsApp has approved, with so many parameters in its body.
type ApprovedTemplate struct {
	Name     string `json:"name"`
	Language string `json:"language"`
	Params   int    `json:"params"`
}

// Hook is a webhook that is not an agent bot's. Events are those subscribed, all when nil. With Inbox it is the
// webhook_url of that API inbox.
type Hook struct {
	URL, Secret string
	Events      []string
	Inbox       tania.InboxID
}

func (o Options) withDefaults() Options {
	if o.Account.ID == 0 {
		o.Account = Account{ID: 1, Name: "Example Store"}
	}
	if o.Bot.Token != "" && o.Bot.ID == 0 {
		o.Bot.ID = 2
	}
	if o.Bot.Token != "" && o.Bot.Name == "" {
		o.Bot.Name = "Support Bot"
	}
	if o.Inboxes == nil {
		o.Inboxes = []Inbox{{ID: 11, Name: "Website", Channel: tania.ChannelWebWidget, ActiveBot: o.Bot.Token != ""}}
	}
	if o.Users == nil {
		o.Users = []User{{ID: 7, Name: "Jane Cooper", Email: "jane@example.com"}}
	}
	o.Inboxes = slices.Clone(o.Inboxes)
	for i, in := range o.Inboxes {
		if in.Channel == tania.ChannelAPI && in.Identifier == "" {
			o.Inboxes[i].Identifier = fmt.Sprintf("inbox-%d", in.ID)
		}
	}
	if o.Portals == nil {
		o.Portals = samplePortals()
	}
	o.Users = slices.Clone(o.Users)
	for i := range o.Users {
		if o.Users[i].Role == "" {
			o.Users[i].Role = "agent"
		}
	}
	if o.Teams == nil {
		o.Teams = []Team{{ID: 5, Name: "support"}}
	}
	orDuration(&o.WebhookTimeout, 5*time.Second)
	orDuration(&o.RetryInterval, 3*time.Second)
	if o.Version == "" {
		o.Version = "4.15.1"
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.FirstMessage == 0 {
		o.FirstMessage = 1001
	}
	if o.FirstConversation == 0 {
		o.FirstConversation = 1
	}
	return o
}

func orDuration(d *time.Duration, otherwise time.Duration) {
	if *d == 0 {
		*d = otherwise
	}
}

// check refuses settings that would make the simulator behave as no Chatwoot does.
func (o *Options) check() error {
	var errs []error
	for _, in := range o.Inboxes {
		if in.ID <= 0 || in.Channel == "" {
			errs = append(errs, fmt.Errorf("chatwootsim: inbox %q: want an id and a channel", in.Name))
		}
		if in.ActiveBot && o.Bot.Token == "" {
			errs = append(errs, fmt.Errorf("chatwootsim: inbox %q has an active bot, but there is no bot", in.Name))
		}
	}
	for _, p := range o.Portals {
		if p.Slug == "" || len(p.Locales) == 0 {
			errs = append(errs, fmt.Errorf("chatwootsim: help centre %q: want a slug and a locale", p.Name))
		}
	}
	tokens := map[string]bool{o.Bot.Token: o.Bot.Token != ""}
	for _, u := range o.Users {
		if u.Token != "" && tokens[u.Token] {
			errs = append(errs, fmt.Errorf("chatwootsim: user %q: the token is another's already", u.Name))
		}
		tokens[u.Token] = true
	}
	return errors.Join(errs...)
}

// Inbox is the inbox of an id; ok is false where there is none.
func (w *World) Inbox(id tania.InboxID) (found Inbox, ok bool) {
	i := slices.IndexFunc(w.Options.Inboxes, func(in Inbox) bool { return in.ID == id })
	if i < 0 {
		return Inbox{}, false
	}
	return w.Options.Inboxes[i], true
}

// User is the user of an id; ok is false where there is none.
func (w *World) User(id tania.UserID) (found User, ok bool) {
	i := slices.IndexFunc(w.Options.Users, func(u User) bool { return u.ID == id })
	if i < 0 {
		return User{}, false
	}
	return w.Options.Users[i], true
}

// Team is the team of an id; ok is false where there is none.
func (w *World) Team(id tania.TeamID) (found Team, ok bool) {
	i := slices.IndexFunc(w.Options.Teams, func(t Team) bool { return t.ID == id })
	if i < 0 {
		return Team{}, false
	}
	return w.Options.Teams[i], true
}
