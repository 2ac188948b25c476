// Package chatwoottool makes the calls of tools that change the conversation or its contact in Chatwoot: labels, priority, team,
// attributes, notes, snoozing and resolving. What it does it may do again, so that a crash leaves nothing in doubt.
package chatwoottool

import (
	"context"
	"errors"
	"net/http"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
	"tania/internal/tool/call"
)

// API is what is needed of Chatwoot's.
type API interface {
	Labels(ctx context.Context, key tania.ConversationKey) ([]string, error)
	AddLabels(ctx context.Context, key tania.ConversationKey, labels ...string) ([]string, error)
	SetPriority(ctx context.Context, key tania.ConversationKey, priority string) error
	AssignTeam(ctx context.Context, key tania.ConversationKey, team tania.TeamID) error
	MergeCustomAttributes(ctx context.Context, key tania.ConversationKey, add map[string]any) error
	SetStatus(ctx context.Context, key tania.ConversationKey, s tania.Status) (tania.Status, error)
	// Do makes any other call; one with POST is not tried again by itself.
	Do(ctx context.Context, op, method, path string, body, out any) error
}

// Caller makes the calls of one turn. It implements call.Caller.
type Caller struct {
	API     API
	Key     tania.ConversationKey
	Contact tania.ContactID
	// May says why nothing may be changed any more, because a human has the conversation for example; empty: it may.
	May func(ctx context.Context) (why string, err error)
	// Steers reports whether a label means something to Tania itself, as that of handoffs does. None of those is changed.
	Steers func(label string) bool
	Now    func() time.Time
}

// LaterError is a call that Chatwoot did not answer, and that is made again when it is back: doing it twice is doing it once.
type LaterError struct{ Err error }

// Error says what failed.
func (e *LaterError) Error() string { return "chatwoottool: " + e.Err.Error() }

// Unwrap gives what failed.
func (e *LaterError) Unwrap() error { return e.Err }

// Repeat implements call.Repeater: the turn is given back, and its next attempt makes the call again.
func (e *LaterError) Repeat() bool { return true }

// Call implements call.Caller. Snoozing and resolving are left to Closing: the answer goes out first.
func (c *Caller) Call(ctx context.Context, r call.Request) (call.Outcome, error) {
	if why, err := c.May(ctx); err != nil {
		return call.Outcome{}, later(err)
	} else if why != "" {
		return refused("nothing may be changed any more: " + why)
	}
	if closes := ClosingOf(r.Tool, r.Arguments, c.Now()); closes != nil {
		return done(map[string]any{"done": "when your answer has been sent"})
	}
	do, known := kinds[r.Tool.Chatwoot]
	if !known {
		return refused("there is nothing of that name")
	}
	result, err := do(c, ctx, r.Arguments)
	switch f, failed := errors.AsType[*call.FailedError](err); {
	case failed:
		return call.Outcome{}, f
	case err == nil:
		return done(result)
	}
	if api, ok := errors.AsType[*chatwoot.APIError](err); ok && !chatwoot.Passing(err) && !chatwoot.Away(err) {
		return call.Outcome{OK: false, Status: api.Status, Result: map[string]any{"status": api.Status, "answer": hint(api.Status)}}, nil
	}
	return call.Outcome{}, later(err)
}

func later(err error) error { return &LaterError{err} }

// hint is what the model is told, and whoever reads the record. What Chatwoot wrote is not: it may have what a customer wrote.
func hint(status int) string {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return "the bot's token may not do this: contacts need a user's token, labels Chatwoot 4.14.2"
	case http.StatusNotFound:
		return "Chatwoot does not know it"
	}
	return "Chatwoot refused it"
}

func done(result any) (call.Outcome, error) { return call.Outcome{Result: result, OK: true}, nil }

func refused(why string) (call.Outcome, error) { return call.Outcome{}, &call.FailedError{Text: why} }

// kinds are the tools that act at once.
var kinds = map[string]func(c *Caller, ctx context.Context, arguments map[string]any) (any, error){
	"set_label":             (*Caller).setLabel,
	"remove_label":          (*Caller).removeLabel,
	"set_priority":          (*Caller).setPriority,
	"assign_team":           (*Caller).assignTeam,
	"set_attribute":         (*Caller).setAttribute,
	"set_contact_attribute": (*Caller).setContactAttribute,
	"contact_note":          (*Caller).contactNote,
}
