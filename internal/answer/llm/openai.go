package llm

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"tania/internal/bot"
	"tania/internal/tania"
)

// Defaults of OpenAIOptions.
const (
	DefaultBaseURL    = "https://api.openai.com/v1"
	DefaultTimeout    = 20 * time.Second
	DefaultMaxRetries = 2
	DefaultMaxTokens  = 800
)

// OpenAIOptions configure NewOpenAI. Only Model is required; that BaseURL is a URL is for the configuration to check.
type OpenAIOptions struct {
	// APIKey may be empty for a server of one's own. It never appears in an error or a log line.
	APIKey string
	// BaseURL is that of any server that speaks Chat Completions; OpenAI's when empty.
	BaseURL string
	// Model is asked first, then the Fallbacks in order.
	Model     string
	Fallbacks []string

	// Timeout bounds one call, DefaultTimeout when 0. The caller's deadline bounds them all together: while a fallback is left,
	// a model gets a part of what remains.
	Timeout time.Duration
	// MaxRetries is per model, after 429, 5xx, dropped connections and answers that cannot be read; DefaultMaxRetries
	// when 0, none when negative.
	MaxRetries int
	// MaxTokens bounds an answer; DefaultMaxTokens when 0.
	MaxTokens int
	// Temperature is left to the server when nil.
	Temperature *float64

	// Prices are USD per million tokens, by model.
	Prices map[string]bot.Price
	// Budget is what a month may cost, in micro-USD, without limit when 0. Spent tells what the month has cost so far.
	Budget int64
	Spent  func(ctx context.Context) (int64, error)

	// Transport is nil for one of our own.
	Transport http.RoundTripper
	// Observe is told of each call that was made; nil is allowed.
	Observe func(tania.ModelCall)
	// Log is told of breakers that open and of adaptations to a server; nil for none. No text of a customer is logged.
	Log *slog.Logger

	// BreakerFailures in a row stop calls to a model, 5 when 0; after BreakerDelay, 15 s when 0, one call probes it.
	BreakerFailures uint
	BreakerDelay    time.Duration
}

// BreakersOpen says of each model whether its circuit breaker keeps calls from it now, or lets one through to probe it.
func (a *OpenAI) BreakersOpen() map[string]bool {
	open := map[string]bool{}
	for _, m := range a.models {
		open[m.name] = !m.breaker.IsClosed()
	}
	return open
}

// OpenAI asks models behind an OpenAI-compatible server. It is safe for concurrent use.
type OpenAI struct {
	options OpenAIOptions
	server  *server
	models  []*model
	prices  atomic.Pointer[map[string]bot.Price]
}

// UsePrices has calls counted by other prices from now on, in USD per million tokens, by model.
func (a *OpenAI) UsePrices(prices map[string]bot.Price) { a.prices.Store(&prices) }

// NewOpenAI makes no call.
func NewOpenAI(o OpenAIOptions) *OpenAI {
	if o.BaseURL == "" {
		o.BaseURL = DefaultBaseURL
	}
	o.Timeout = orDefault(o.Timeout, DefaultTimeout)
	o.MaxRetries = max(0, orDefault(o.MaxRetries, DefaultMaxRetries))
	o.MaxTokens = orDefault(o.MaxTokens, DefaultMaxTokens)
	o.BreakerFailures = orDefault(o.BreakerFailures, 5)
	o.BreakerDelay = orDefault(o.BreakerDelay, 15*time.Second)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &OpenAI{options: o, server: newServer(o)}
	a.UsePrices(o.Prices)
	for _, name := range append([]string{o.Model}, o.Fallbacks...) {
		if name = strings.TrimSpace(name); name == "" || a.has(name) {
			continue
		}
		a.models = append(a.models, newModel(name, o))
		if _, ok := o.Prices[name]; !ok && o.Budget > 0 {
			o.Log.Warn("the budget cannot count this model: bot.yaml has no price for it", "model", name)
		}
	}
	return a
}

func (a *OpenAI) has(name string) bool {
	for _, m := range a.models {
		if m.name == name {
			return true
		}
	}
	return false
}

// Respond asks the models in order until one answers. With an error the Response holds the usage of calls that were paid for.
//
// Errors: ErrBudget; ErrRefused, at once, since a refusal is about the prompt; an *UnavailableError, which is ErrUnavailable,
// with the wait that servers asked for; the context's error when the caller gave up. A reply of which nothing can be read is asked for
// once more; after that the Response has no text and does not know.
func (a *OpenAI) Respond(ctx context.Context, p Prompt) (Response, error) {
	if err := a.checkBudget(ctx); err != nil {
		return Response{}, err
	}
	e := &errand{prompt: p, replies: readerOf(p.Tools)}
	var failed []error
	if len(a.models) == 0 {
		failed = append(failed, errors.New("no model is configured (OPENAI_MODEL)"))
	}
	for i, m := range a.models {
		left := len(a.models) - i
		r, err := a.read(ctx, m, e, left)
		if err == nil {
			r.Usage, r.Fallback, r.Notes = e.spent, i > 0, append(e.notes, r.Notes...)
			return r, nil
		}
		if gaveUp := ctx.Err(); errors.Is(gaveUp, context.Canceled) {
			return Response{Usage: e.spent}, fmt.Errorf("llm: %s: %w", m.name, gaveUp)
		}
		if errors.Is(err, ErrRefused) {
			return Response{Usage: e.spent}, fmt.Errorf("llm: %w", err)
		}
		failed = append(failed, err)
		if errors.Is(err, ErrUnauthorized) || ctx.Err() != nil || e.unread > mostUnread {
			break
		}
		a.options.Log.WarnContext(ctx, "model failed", "model", m.name, "error", err, "left", left-1)
	}
	if e.unread > 0 {
		return Response{Usage: e.spent, Notes: append(e.notes, "no answer could be read: "+errors.Join(failed...).Error())}, nil
	}
	return Response{Usage: e.spent}, unavailable(failed)
}

// errand is one prompt on its way through the models, with what its calls cost and what was learnt on the way.
type errand struct {
	prompt Prompt
	// replies reads what the model writes.
	replies *reader
	spent   tania.Usage
	// unread counts the replies that held no answer; roomier asks for a longer one after one that thoughts had filled.
	unread int
	// botched counts the calls of the tool that could not be read.
	botched int
	roomier bool
	// notes are for the decision record.
	notes []string
}

// mostUnread is how often a prompt is asked again because nothing could be read of the reply.
const mostUnread = 1

// read asks one model, once more where nothing could be read of its reply: the next one does that when the model needs more room than it
// has.
func (a *OpenAI) read(ctx context.Context, m *model, e *errand, left int) (Response, error) {
	for {
		r, err := a.ask(ctx, m, e, left)
		var f *failure
		if err == nil || !errors.As(err, &f) || f.kind != kindUnread {
			return r, err
		}
		e.unread++
		e.roomier = f.truncated
		if e.unread > mostUnread || f.truncated && left > 1 {
			return r, err
		}
		a.options.Log.InfoContext(ctx, "nothing of the reply could be read; asked once more", "model", m.name, "error", f.Error())
	}
}

func orDefault[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}
