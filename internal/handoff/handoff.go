// Package handoff brings a human in: the customer is told, the conversation opened, the team assigned and told why.
// It goes step by step, and each step's end is remembered, so that a crash between two of them is finished by the next
// attempt at the turn and nothing is said twice.
package handoff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tania/internal/bot"
	"tania/internal/chatwoot"
	"tania/internal/queue"
	"tania/internal/tania"
)

// Chatwoot is what a handoff needs of the REST API; chatwoot.Client is one.
type Chatwoot interface {
	SendMessage(ctx context.Context, key tania.ConversationKey, m chatwoot.OutgoingMessage) (chatwoot.Message, error)
	Conversation(ctx context.Context, key tania.ConversationKey) (chatwoot.Conversation, error)
	SetStatus(ctx context.Context, key tania.ConversationKey, s tania.Status) (tania.Status, error)
	AssignTeam(ctx context.Context, key tania.ConversationKey, team tania.TeamID) error
	AddLabels(ctx context.Context, key tania.ConversationKey, labels ...string) ([]string, error)
	MergeCustomAttributes(ctx context.Context, key tania.ConversationKey, add map[string]any) error
}

// Memory is where the steps' ends are remembered, atomically and durably; a queue.Memory is one.
type Memory interface {
	Conversation(ctx context.Context, key tania.ConversationKey) (tania.Conversation, error)
	UpdateConversation(ctx context.Context, key tania.ConversationKey, change func(*tania.Conversation) bool) (tania.Conversation, error)
}

// Options are a handoff's parts and settings.
type Options struct {
	Chatwoot Chatwoot
	Memory   Memory
	// Teams gives the team to assign, by inbox; an inbox without one gets none.
	Teams map[tania.InboxID]tania.TeamID
	// Team gets what none of Teams does; 0: nobody.
	Team tania.TeamID
	// Label is put on the conversation; empty: none.
	Label string
	// Bot has the words for the customer, and the language of the note for the agents.
	Bot *bot.Bot
	// Now is the clock, nil: the system's.
	Now func() time.Time
}

// Handoff hands conversations over. It may be used by many goroutines.
type Handoff struct{ Options }

// New gives a handoff.
func New(o Options) *Handoff {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Handoff{o}
}

// Case is one conversation to hand over, and why.
type Case struct {
	Turn   tania.TurnID
	Key    tania.ConversationKey
	Reason tania.HandoffReason
	// Detail is the reason in words: the model's own, or an error. It is for the agents.
	Detail string
	// Language is the customer's.
	Language tania.Language
	// Message is said to the customer; empty: the bot's own words for a handoff.
	Message string
	// Silent reports whether the customer is told nothing: there is none.
	Silent  bool
	Contact tania.Contact
	Inbox   tania.InboxID
	Channel tania.Channel
	// History is for the note, ascending, this turn's messages at its end.
	History []tania.Entry
	// Summarise sums the conversation up in the language of the note, "" where it cannot; nil: nothing does. It is asked within SummaryTime
	// once the team has the conversation, and what it gave is remembered, so that a later attempt writes the same note.
	Summarise func(ctx context.Context, lang tania.Language) string
	// Procedure is the one in which the customer is, nil for none: what was filled in so far is for the note.
	Procedure *tania.Procedure
	// Sources name the FAQ entries and passages that the bot's last words rest on, for the note.
	Sources []string
	// Unsaid is what the bot had to say and the customer did not read, for the note.
	Unsaid []string
	// Resumed reports whether an earlier attempt at the turn may have come here. Sent is then asked whether a part of the
	// turn ("handoff", "note") is in Chatwoot already, when Memory does not know; nil: only Memory is asked.
	Resumed bool
	Sent    func(ctx context.Context, part string) (bool, error)
	// Away is asked of a step's error whether all of Chatwoot is away, so that the step must wait; nil: it never is.
	Away func(context.Context, error) bool
	// Last reports whether the customer's message has been tried for long enough: the conversation is opened although it was not said.
	Last bool
	// Held is asked right before a message leaves whether the turn is still the caller's; nil: it is.
	Held func(context.Context) error
}

// SummaryTime is the longest that a handoff's note waits for its summary. By then the customer was told, and the team has the conversation.
const SummaryTime = 8 * time.Second

// Report says what became of each step, in their order.
type Report struct{ Steps []Step }

// Step is one step of a handoff.
type Step struct {
	Name  string
	State State
	// Err is why the step failed, empty if it did not.
	Err string
}

// State is what became of a step.
type State string

// The states. A step that is StepFailed will not be tried again unless Run gave an error.
const (
	StepDone    State = "done"
	StepBefore  State = "done before"
	StepSkipped State = "skipped"
	StepFailed  State = "failed"
)

// Run hands a conversation over, or finishes what an earlier attempt left undone.
//
// First of all it is remembered that the conversation is handed over: from then on the bot answers nothing there, whatever
// Chatwoot's webhooks still show. An error means that the turn must be tried again: the customer was not told, the
// conversation not opened, or something failed that may pass. The conversation is not opened before the customer was told, unless
// Chatwoot refuses the message for good. What a team needs beside them (team, note, label, attributes) waits while all of Chatwoot
// is away; else it is tried twice at most and then only reported.
func (h *Handoff) Run(ctx context.Context, c Case) (Report, error) {
	r := &run{Handoff: h, Case: c}
	goOn, err := r.begin(ctx)
	if err != nil || !goOn {
		return r.report, err
	}
	var failed []error
	for _, s := range steps {
		if s.needs != "" && !r.memory.IsDone(c.Turn, s.needs) {
			r.note(s.name, StepSkipped, nil)
			continue
		}
		if err := r.step(ctx, s); err != nil {
			failed = append(failed, err)
			if r.stops(ctx, s, err) {
				break
			}
		}
	}
	return r.report, errors.Join(failed...)
}

// stops reports whether the steps after one that failed must not be done now.
func (r *run) stops(ctx context.Context, s step, err error) bool {
	switch {
	case chatwoot.Gone(err), errors.Is(err, queue.ErrLost), ctx.Err() != nil:
		return true
	case errors.Is(err, queue.ErrUnavailable), errors.Is(err, queue.ErrClosed):
		// Nothing that follows could be remembered, and what Chatwoot writes of it would hide the message that was not.
		return true
	case s.name == stepFarewell && !r.Last:
		return chatwoot.Away(err)
	}
	return r.away(ctx, err)
}

// away reports whether a step failed because all of Chatwoot is away.
func (r *run) away(ctx context.Context, err error) bool { return r.Away != nil && r.Away(ctx, err) }

// run is one attempt at a handoff.
type run struct {
	*Handoff
	Case
	// memory is the conversation after the last step.
	memory tania.Conversation
	// again reports whether an earlier attempt began.
	again  bool
	report Report
}

// stepBegun is remembered when a turn's handoff begins.
const stepBegun = "handoff"

// begin remembers the handoff. It reports false when the conversation was given back to the bot since an earlier attempt:
// what that one left undone is not wanted any more.
func (r *run) begin(ctx context.Context) (bool, error) {
	goOn := true
	memory, err := r.Memory.UpdateConversation(ctx, r.Key, func(c *tania.Conversation) bool {
		r.again = c.IsDone(r.Turn, stepBegun)
		if r.again {
			goOn = c.HandedOver != nil && c.HandedOver.Turn == r.Turn
			return false
		}
		goOn = true
		c.HandedOver = &tania.HandedOver{At: r.Now().UTC(), Reason: r.Reason, Turn: r.Turn}
		c.MarkDone(r.Turn, stepBegun)
		return true
	})
	if err != nil {
		return false, fmt.Errorf("handoff: begin: %w", err)
	}
	r.memory = memory
	if !goOn {
		for _, s := range steps {
			r.note(s.name, StepSkipped, nil)
		}
	}
	return goOn, nil
}

func (r *run) note(step string, state State, err error) {
	s := Step{Name: step, State: state}
	if err != nil {
		s.Err = err.Error()
	}
	r.report.Steps = append(r.report.Steps, s)
}
