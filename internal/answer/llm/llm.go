// Package llm asks a model: an OpenAI-compatible server with fallback models, retries, a circuit breaker and a budget.
package llm

import (
	"context"
	"errors"

	"tania/internal/language"
	"tania/internal/tania"
)

// Responder answers a prompt. It is implemented by OpenAI and by offline.Responder.
type Responder interface {
	Respond(ctx context.Context, p Prompt) (Response, error)
}

// Prompt is what a responder is given.
type Prompt struct {
	// System holds persona, rules and knowledge; customer text is never in it.
	System  string
	History []tania.Entry
	// About is what we know of the customer's turn, in our words; what it cites of others is fenced. Empty for nothing.
	About string
	// Text is the customer's turn.
	Text string
	// Reading is that of all the turn's text, for a responder that reads words; nil: it was not read.
	Reading  *language.Reading
	Language tania.Language
	// User is a stable, meaningless name of the customer for the provider's abuse detection, "3:1287" for example.
	User string
	// Tools are what the model may call beside the handoff, Steps what it called so far for this answer. After is what it is told then, in our
	// words: that the customer wrote on, for example. Empty for nothing.
	Tools []Tool
	Steps []Step
	After string
	// Shorter gives System with a share of its knowledge, from 0 to 1, for models that have no room for all; nil where there is none.
	Shorter func(share float64) string
}

// Response is a responder's answer.
type Response struct {
	Text    string
	Handoff *Handoff
	// Calls are what the model wants to be done before it answers. Text is not for the customer then.
	Calls []Call
	// Known is false when the responder says that it does not know.
	Known               bool
	Sources             []string
	Usage               tania.Usage
	Truncated, Fallback bool
	// Personal reports whether personal data was put into it that the model was not shown: it is for this customer alone.
	Personal bool
	// Notes say in words, for the decision record, what was out of the ordinary.
	Notes []string
}

// Handoff is the model's call of the handoff tool.
type Handoff struct {
	// Reason is the model's own words, for the agents' note.
	Reason string
}

// Errors by which the worker decides.
var (
	// ErrBudget means that the month's budget is used up: no call was made.
	ErrBudget = errors.New("llm: monthly budget used up")
	// ErrRefused means that the provider will not answer this prompt; a retry will not help.
	ErrRefused = errors.New("llm: refused")
	// ErrUnavailable means that every model failed or the breaker is open; a retry later may help.
	ErrUnavailable = errors.New("llm: unavailable")
)
