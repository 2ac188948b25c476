package reply_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/chatwoot"
	"tania/internal/governor"
	"tania/internal/reply"
	"tania/internal/tania"
)

// known is what Tania and Chatwoot know of conversations.
type known struct {
	memory  tania.Conversation
	contact tania.ContactMemory
	live    *chatwoot.Conversation
	// failed are what the calls give instead.
	memoryErr, contactErr, liveErr error
	contacts                       int
}

func (k *known) Conversation(context.Context, tania.ConversationKey) (tania.Conversation, error) {
	return k.memory, k.memoryErr
}

func (k *known) Contact(context.Context, tania.AccountID, tania.ContactID) (tania.ContactMemory, error) {
	k.contacts++
	return k.contact, k.contactErr
}

// lives is the known's Chatwoot.
type lives struct{ *known }

func (l lives) Conversation(context.Context, tania.ConversationKey) (chatwoot.Conversation, error) {
	if l.live == nil {
		return chatwoot.Conversation{}, l.liveErr
	}
	return *l.live, l.liveErr
}

func rehearsal(k *known, a *answerer) reply.Rehearsal {
	d := deps(nil)
	d.Answerer, d.Past = a, &told{entries: []tania.Entry{said(1, "uno")}}
	return reply.Rehearsal{Deps: d, Timeout: time.Second, Memory: k, Chatwoot: lives{k}, Inbox: func() tania.InboxID { return 11 }}
}

func knows(text string) *answerer { return &answerer{made: answer.Answer{Text: text, Known: true}} }

var there = tania.ConversationKey{Account: 1, Conversation: 5}

// status is an error of Chatwoot's API.
func status(code int, text string) error { return &chatwoot.APIError{Status: code, Text: text} }

var errGone = status(http.StatusNotFound, "Resource could not be found")

// TestATrialWithoutAConversation is of somebody who writes for the first time.
func TestATrialWithoutAConversation(t *testing.T) {
	k, a := &known{memoryErr: errors.New("asked"), liveErr: errors.New("asked")}, knows("150 pesos")
	got, err := rehearsal(k, a).Try(t.Context(), tania.ConversationKey{Account: 1}, price)
	if err != nil || got.Text() != "150 pesos" || len(got.Record.Unchecked) > 0 {
		t.Errorf("%+v (%v), want an answer, for which nothing was looked up", got, err)
	}
	if got.Inbox != 11 || got.Before != 0 || len(a.asked[0].History) != 0 {
		t.Errorf("%+v (%v), want the answer to a stranger in inbox 11", got, err)
	}
	r := rehearsal(k, a)
	r.Inbox = nil
	if got, err := r.Try(t.Context(), tania.ConversationKey{Account: 1}, price); err != nil || got.Inbox != 0 {
		t.Errorf("%+v (%v), want no inbox", got, err)
	}
}

// TestATrialIsOfTheConversationAsItIsNow, by Chatwoot where it may be looked at, else by what is remembered.
func TestATrialIsOfTheConversationAsItIsNow(t *testing.T) {
	remembered := tania.Conversation{
		Inbox: 12, Contact: tania.Contact{ID: 3, Name: "Luis"}, Status: tania.StatusPending, CanReply: true, Updated: noon,
		History: []tania.Entry{said(1, "uno"), said(2, "dos")},
	}
	live := &chatwoot.Conversation{Inbox: 13, Contact: tania.Contact{ID: 3, Name: "Ana"}, Status: tania.StatusPending, CanReply: true}
	for name, x := range map[string]struct {
		known *known
		inbox tania.InboxID
		name  string
	}{
		"by Chatwoot":          {&known{memory: remembered, live: live}, 13, "Ana"},
		"by memory":            {&known{memory: remembered, liveErr: status(401, "")}, 12, "Luis"},
		"by memory, forbidden": {&known{memory: remembered, liveErr: status(403, "")}, 12, "Luis"},
		"Chatwoot fails":       {&known{memory: remembered, liveErr: status(500, "")}, 12, "Luis"},
		"seen, not answered yet": {&known{memory: tania.Conversation{
			Inbox: 12, Contact: tania.Contact{Name: "Luis"}, Status: tania.StatusPending,
			CanReply: true, SeenAt: noon,
		}, liveErr: status(401, "")}, 12, "Luis"},
		"new to Tania": {&known{live: live}, 13, "Ana"},
	} {
		t.Run(name, func(t *testing.T) {
			a := knows("150 pesos")
			got, err := rehearsal(x.known, a).Try(t.Context(), there, price)
			if err != nil || got.Text() != "150 pesos" || got.Inbox != x.inbox || got.Before != len(x.known.memory.History) ||
				a.asked[0].Contact.Name != x.name {
				t.Errorf("%+v for %+v (%v), want an answer to %s in inbox %d", got, a.asked, err, x.name, x.inbox)
			}
		})
	}
}

// TestATrialInAnotherBotsConversation is silent by what is remembered of it.
func TestATrialInAnotherBotsConversation(t *testing.T) {
	k := &known{memory: tania.Conversation{
		Status: tania.StatusPending, CanReply: true, Updated: noon, AssigneeKind: tania.ActorBot,
		AssigneeID: 77,
	}, liveErr: status(401, "")}
	r, self := rehearsal(k, knows("never")), &governor.Self{}
	self.Learn(1)
	r.Governor = governor.New(governor.Options{Self: self})
	if got, err := r.Try(t.Context(), there, price); err != nil || got.Record.Reason != tania.OtherBot {
		t.Errorf("%+v (%v), want silence", got.Record, err)
	}
}

// TestATrialInAConversationThatIsNotThere says so, and a store that fails is no such thing.
func TestATrialInAConversationThatIsNotThere(t *testing.T) {
	errStore := errors.New("the store is away")
	for name, x := range map[string]struct {
		known *known
		want  error
	}{
		"gone":            {&known{memory: tania.Conversation{Updated: noon}, liveErr: errGone}, reply.ErrNoConversation},
		"nobody knows it": {&known{liveErr: status(401, "")}, reply.ErrNoConversation},
		"the store fails": {&known{memoryErr: errStore}, errStore},
		"the contact is hidden": {&known{
			live:       &chatwoot.Conversation{Contact: tania.Contact{ID: 3}, Channel: tania.ChannelSMS},
			contactErr: errStore,
		}, errStore},
	} {
		if got, err := rehearsal(x.known, knows("never")).Try(t.Context(), there, price); !errors.Is(err, x.want) || len(got.Parts) > 0 {
			t.Errorf("%s: %+v, %v, want %v", name, got, err, x.want)
		}
	}
}

// TestATrialAsksForAConsentThatCounts: of a contact that is known, on a channel where one may opt out.
func TestATrialAsksForAConsentThatCounts(t *testing.T) {
	out := tania.ContactMemory{Consent: map[tania.Channel]tania.Consent{tania.ChannelSMS: {
		Out: true, Word: "STOP", Message: 1,
		At: noon.Add(-time.Hour),
	}}}
	for _, x := range []struct {
		contact tania.ContactID
		channel tania.Channel
		asked   int
	}{{0, tania.ChannelSMS, 0}, {1, tania.ChannelSMS, 1}, {3, tania.ChannelSMS, 1}, {3, tania.ChannelWebWidget, 0}} {
		k := &known{live: &chatwoot.Conversation{
			Contact: tania.Contact{ID: x.contact}, Channel: x.channel, Status: tania.StatusPending,
			CanReply: true,
		}, contact: out}
		trial := rehearsal(k, knows("150 pesos"))
		forgetful := *trial.Bot // who recalls nothing asks for nothing else of the contact
		forgetful.Recalls, trial.Bot = false, &forgetful
		got, err := trial.Try(t.Context(), there, price)
		if err != nil || k.contacts != x.asked || got.Quiet() != (x.asked > 0) {
			t.Errorf("%+v: asked %d times, %+v (%v), want silence for who opted out", x, k.contacts, got, err)
		}
	}
	k := &known{live: &chatwoot.Conversation{
		Contact: tania.Contact{ID: 3}, Channel: tania.ChannelSMS, Status: tania.StatusPending,
		CanReply: true,
	}, contactErr: errors.New("asked")}
	r := rehearsal(k, knows("150 pesos"))
	r.Governor = nil
	if got, err := r.Try(t.Context(), there, price); err != nil || got.Text() != "150 pesos" {
		t.Errorf("without a governor: %+v (%v)", got, err)
	}
}

// TestAMessageReopensItsConversation as Chatwoot does: for the bot where the inbox has one, else for humans.
func TestAMessageReopensItsConversation(t *testing.T) {
	for _, x := range []struct {
		status  tania.Status
		botUser tania.UserID
		speaks  bool
	}{
		{tania.StatusPending, 0, true},
		{tania.StatusResolved, 0, true},
		{tania.StatusResolved, 9, false},
		{tania.StatusSnoozed, 0, false},
		{tania.StatusOpen, 0, false},
	} {
		k := &known{live: &chatwoot.Conversation{Status: x.status, CanReply: true}}
		r := rehearsal(k, knows("150 pesos"))
		r.Governor = governor.New(governor.Options{BotUser: x.botUser})
		if got, err := r.Try(t.Context(), there, price); err != nil || got.Quiet() == x.speaks {
			t.Errorf("%s, user %d: %+v (%v), want an answer: %v", x.status, x.botUser, got.Record, err, x.speaks)
		}
	}
	r := rehearsal(&known{live: &chatwoot.Conversation{Status: tania.StatusResolved, CanReply: true}}, knows("150 pesos"))
	r.Governor = nil
	if got, err := r.Try(t.Context(), there, price); err != nil || got.Text() != "150 pesos" {
		t.Errorf("without a governor: %+v (%v)", got, err)
	}
}

// TestATrialWaitsForNoModel: who tries out reads at once what a customer would read in the end.
func TestATrialWaitsForNoModel(t *testing.T) {
	errLoading := fmt.Errorf("%w: 503 Service Unavailable", llm.ErrUnavailable)
	got, err := rehearsal(&known{}, &answerer{err: errLoading}).Try(t.Context(), tania.ConversationKey{}, price)
	if err != nil || got.Handoff != tania.HandoffModelAway {
		t.Errorf("%+v (%v), want the apology and a human", got, err)
	}
	other := errors.New("what no waiting helps")
	if _, err := rehearsal(&known{}, &answerer{err: other}).Try(t.Context(), tania.ConversationKey{}, price); !errors.Is(err, other) {
		t.Errorf("%v, want %v", err, other)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if got, err := rehearsal(&known{}, &answerer{err: errLoading}).Try(stopped, tania.ConversationKey{}, price); !errors.Is(err, errLoading) {
		t.Errorf("%+v (%v): who hung up reads nothing", got, err)
	}
}
