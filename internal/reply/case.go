// Package reply decides what a customer is told. Decide takes a turn, with everything that is known of its conversation, and gives what is
// to be said and done together with the record of why. It sends nothing and stores nothing: a worker carries the plan out, the dashboard's
// try-out shows it, and the cache has its answers made again by it.
package reply

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"tania/internal/answer"
	"tania/internal/bot"
	"tania/internal/cache"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/chatwoot"
	"tania/internal/dispatcher"
	"tania/internal/governor"
	"tania/internal/tania"
)

// Case is a turn that is to be decided on, and what is known of its conversation.
type Case struct {
	Turn tania.TurnID
	// Attempt counts from 1; Restarts is how often the turn started over for newer messages, Deferred how often it has waited.
	Attempt, Restarts, Deferred int
	// Paused says who paused the bot here and why; empty: nobody did.
	Paused string
	// Retried reports whether the turn was dead and an operator wants it answered.
	Retried bool
	// Messages are the turn's, ascending by id, at least one.
	Messages []tania.Message
	// Memory is what is remembered of the conversation, Contact of the contact, where the governor hears consent on the channel.
	Memory  tania.Conversation
	Contact tania.ContactMemory
	// Live is the conversation as Chatwoot has it now, nil: not looked. LiveErr is why a look failed.
	Live    *chatwoot.Conversation
	LiveErr error
	// Now is the time of the decision, Age how long ago the newest message was written, by the store's clock.
	Now time.Time
	Age time.Duration
}

// Facts are what the governor goes by in the case.
func (c *Case) Facts() governor.Facts {
	return governor.Facts{
		Messages: c.Messages, Memory: c.Memory, Contact: c.Contact, Live: c.Live, LiveErr: c.LiveErr, Now: c.Now, Deferred: c.Deferred,
		Retried: c.Retried, Paused: c.Paused,
	}
}

// Text is a turn's messages as one, with what was heard in voice notes; empty where nothing can be read.
func Text(messages []tania.Message) string {
	var lines []string
	for i := range messages {
		if m := &messages[i]; !m.Deleted && m.Spoken() != "" {
			lines = append(lines, m.Spoken())
		}
	}
	return strings.Join(lines, "\n")
}

func (c *Case) newest() *tania.Message { return &c.Messages[len(c.Messages)-1] }

// anyMessage reports whether one of the messages that were not deleted is such.
func (c *Case) anyMessage(such func(*tania.Message) bool) bool {
	return slices.ContainsFunc(c.Messages, func(m tania.Message) bool { return !m.Deleted && such(&m) })
}

// Deps are what a decision asks. Bot, Dispatcher and Answerer are required.
type Deps struct {
	Bot *bot.Bot
	// Governor says whether the bot may answer at all; nil: it may.
	Governor   *governor.Governor
	Dispatcher *dispatcher.Dispatcher
	Answerer   Answerer
	// Cache has what was answered before, nil: nothing. Scope says with which messages one shares answers, and is required with it; Knowledge
	// is what the Answerer answers from, nil: it never changes.
	Cache     Cache
	Knowledge shareable.Knowledge
	Scope     func(m tania.Message, lang tania.Language) store.Scope
	// Flight is how long a first attempt waits for the answer that is being made to another customer's same question.
	Flight time.Duration
	// Memories has what earlier episodes left, nil: nothing. Name is the bot's among them, empty for the main one.
	Memories Remembers
	Name     string
	// Tools are what the model may call; nil: nothing.
	Tools answer.Toolbox
	// Understands reports whether a model answers, which may take messages for a procedure's and quote them for its slots.
	Understands bool
	// Acts make the calls of procedures; nil: nothing is called. Location is the bot's time zone, nil: that of the messages' times.
	Acts     Acts
	Location *time.Location
	// Past reads what was said before Tania saw the conversation; nil: the token may not.
	Past Past
	// MaxAge is how old what the customer wrote may be to be answered; 0: any age.
	MaxAge time.Duration

	// Personal reports whether a text has personal data that is kept from models, and so from the cache; nil: none is.
	Personal func(text string) bool

	// Read is called behind Admitted to read what the customer attached, and gives why files were not read; nil: nothing is read. An error
	// ends the decision: the messages read otherwise now.
	Read func(ctx context.Context) (unread []string, err error)
	// Admitted is called when the governor lets the turn pass, before anything that takes time; nil: nobody waits for it.
	Admitted func()
	// Tracer follows the steps and Observe is told how long each took, by Clock; nil: nothing does, nobody is, time.Now.
	Tracer  tania.Tracer
	Observe func(step string, took time.Duration)
	Clock   func() time.Time
	Log     *slog.Logger
}

// Answerer makes answers; answer.Answerer is one. What a call cost is booked by whoever calls Decide, in an Answerer of their own: it is
// due whatever becomes of the answer. Answer gives a *NoModelError where no model answers and the customer is to wait no longer.
type Answerer interface {
	Answer(ctx context.Context, q answer.Question) (answer.Answer, error)
	WithoutModel(ctx context.Context, q answer.Question) (answer.Answer, bool)
}

// NoModelError says that no model answers: what can be had without one is the answer.
type NoModelError struct{ Cause error }

// Error gives the cause.
func (e *NoModelError) Error() string { return "reply: no model answers: " + e.Cause.Error() }

// Unwrap gives the cause.
func (e *NoModelError) Unwrap() error { return e.Cause }

// Cache is what was answered before.
type Cache interface {
	// Doubt hears of a customer who was not content with the entry that they were just given.
	Doubt(entry string, from tania.ConversationKey, s cache.Signal)
	// Look looks a question up. After a look that is neither a hit nor a refusal, Await waits for up to most while another turn makes the
	// answer.
	Look(ctx context.Context, r shareable.Request) cache.Look
	Await(ctx context.Context, r shareable.Request, l cache.Look, most time.Duration) cache.Look
	// Settle ends a look that stayed a miss, with the answer that was made for all; nil: there is none. It reports why the answer is not kept.
	Settle(ctx context.Context, r shareable.Request, l cache.Look, made *shareable.Candidate) shareable.Refusal
}

// Past reads what was said in a conversation before a message, the newest last.
type Past interface {
	Before(ctx context.Context, key tania.ConversationKey, id tania.MessageID) ([]tania.Entry, error)
}

func (d Deps) withDefaults() Deps {
	if d.Admitted == nil {
		d.Admitted = func() {}
	}
	if d.Personal == nil {
		d.Personal = func(string) bool { return false }
	}
	if d.Tracer == nil {
		d.Tracer = tania.Untraced{}
	}
	if d.Observe == nil {
		d.Observe = func(string, time.Duration) {}
	}
	if d.Clock == nil {
		d.Clock = time.Now
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return d
}
