// Package worker lives a turn: claim, govern, dispatch, answer, checkpoint, fence, send, complete.
// Turns come in from the queue; messages go out through Chatwoot's REST API.
package worker

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"tania/internal/bots"
	"tania/internal/bots/pauses"
	"tania/internal/cache"
	"tania/internal/pii"
	"tania/internal/queue"
	"tania/internal/tania"
	"tania/internal/tool/mcpclient"
	"tania/internal/tool/once"
	"tania/internal/wait"
	"tania/internal/worker/reading"
	"tania/internal/worker/retry"
	"tania/internal/worker/sent"
	"tania/internal/worker/slots"
)

// Options are a worker's parts and settings.
type Options struct {
	Engine queue.Engine
	// Chatwoot serves the bots that have no token of their own.
	Chatwoot bots.Chatwoot
	// Bots are asked once an attempt for the bot that answers.
	Bots *bots.Registry
	// Pauses knows where operators have the bots silent; nil: nowhere.
	Pauses *pauses.Board
	// Cache answers what was answered before; nil: nothing is cached.
	Cache *cache.Cache
	// Media reads what customers attach; nil: nothing does.
	Media reading.Media
	Log   *slog.Logger

	// Concurrency is how many turns run at once; 0: as many as the model and Chatwoot bear.
	Concurrency int
	// TypingInterval is how often the typing dots are renewed; 0 shows none.
	TypingInterval time.Duration
	// ProcessingTimeout bounds the making of an answer.
	ProcessingTimeout time.Duration
	// RestartOnNew lets a message that arrives before the answer has left start the turn over, at most twice.
	RestartOnNew bool
	// Quiet is how long nothing new has to have come before an answer leaves, QuietMost the longest that a burst holds it back: the answer is
	// made meanwhile, and anew where the customer writes on. 0 where the queue holds a burst back itself (queue.Options.Debounce).
	Quiet, QuietMost time.Duration
	// MaxAttempts is how often a turn is tried, RetryDelay the first wait between two tries; it doubles, with jitter.
	MaxAttempts int
	RetryDelay  time.Duration
	// Tools call what bots may do beside talk, within ToolCalls calls and ToolTokens tokens an answer; 0: any number.
	Tools      once.Callers
	ToolCalls  int
	ToolTokens int64
	// MCP puts the tools of MCP servers together; nil: there are none.
	MCP *mcpclient.Servers
	// Steers reports whether a label means something to Tania, so that no tool may change it; nil: none does.
	Steers func(label string) bool
	// ApprovalPatience is how long the team may take to decide on a call that it has to approve, 15 min when 0.
	ApprovalPatience time.Duration
	// Peers are the servers that answering depends on; while one is away, turns that need it wait.
	Peers Peers
	// ModelPatience is how long a customer waits for a model that is away, 1 min when 0, not at all when negative.
	ModelPatience time.Duration
	// ReplyMaxAge is how old what the customer wrote may be to be answered; older gets an apology and a human. 0: any age.
	ReplyMaxAge time.Duration
	// Lease is the queue's; it is renewed three times as often.
	Lease time.Duration
	// Grace is how long running turns may go on after a stop was asked for, before they are given back.
	Grace time.Duration
	// Hidden is the personal data that models do not get to see.
	Hidden pii.Set
	// Finished is called with each message's final record, nil: nobody listens.
	Finished func(tania.Record)
	// Observer is told of steps and turns, Tracer follows them; nil: nobody is, nothing does.
	Observer Observer
	Tracer   tania.Tracer
}

// Worker runs turns.
type Worker struct {
	Options
	lookout sent.Lookout
	stats   counters
	slots   *slots.Slots
	// running are turns, behind goroutines that outlive their turn: the typing dots' switching off.
	running, behind sync.WaitGroup
}

type counters struct {
	active, answered, notKnown, askedBack, handedOver, silent, retried, deferred, dead, restarted atomic.Int64
}

// Stats counts since the start of this process; Active is now.
type Stats struct {
	Concurrency int   `json:"concurrency"`
	Active      int64 `json:"active"`
	Answered    int64 `json:"answered"`
	// NotKnown counts turns in which the bot said that it does not know; they are not among Answered.
	NotKnown int64 `json:"not_known"`
	// AskedBack counts turns in which the bot asked what the customer means; they are not among Answered either.
	AskedBack  int64 `json:"asked_back"`
	HandedOver int64 `json:"handed_over"`
	Silent     int64 `json:"silent"`
	Retried    int64 `json:"retried"`
	Deferred   int64 `json:"deferred"`
	Restarted  int64 `json:"restarted"`
	Dead       int64 `json:"dead"`
}

// New gives a worker that Run starts.
func New(o Options) *Worker {
	o.MaxAttempts = max(o.MaxAttempts, 1)
	if o.Lease <= 0 {
		o.Lease = 15 * time.Second
	}
	if o.ProcessingTimeout <= 0 {
		o.ProcessingTimeout = 45 * time.Second
	}
	if o.ModelPatience == 0 {
		o.ModelPatience = time.Minute
	}
	if o.ApprovalPatience <= 0 {
		o.ApprovalPatience = 15 * time.Minute
	}
	o.Peers = o.Peers.withDefaults()
	if o.Grace <= 0 {
		o.Grace = 7 * time.Second
	}
	if o.Finished == nil {
		o.Finished = func(tania.Record) {}
	}
	if o.Observer == nil {
		o.Observer = unobserved{}
	}
	if o.Tracer == nil {
		o.Tracer = tania.Untraced{}
	}
	return &Worker{Options: o, slots: slots.New(o.Concurrency)}
}

// Stats gives the counters of this process.
func (w *Worker) Stats() Stats {
	return Stats{
		Concurrency: w.slots.Number(), Active: w.stats.active.Load(), Answered: w.stats.answered.Load(), NotKnown: w.stats.notKnown.Load(),
		AskedBack:  w.stats.askedBack.Load(),
		HandedOver: w.stats.handedOver.Load(), Silent: w.stats.silent.Load(), Retried: w.stats.retried.Load(),
		Deferred: w.stats.deferred.Load(), Restarted: w.stats.restarted.Load(), Dead: w.stats.dead.Load(),
	}
}

// errStopping is the cause of a turn's context when the grace of a stop is over.
var errStopping = errors.New("worker: stopping")

// Run claims and works turns until ctx ends, lets running turns go on for the grace time, gives the rest back
// and returns when everything it started has ended. Its error is nil: it goes on whatever fails.
func (w *Worker) Run(ctx context.Context) error {
	turns, giveBack := context.WithCancelCause(context.WithoutCancel(ctx))
	defer giveBack(nil)
	stopGrace := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(w.Grace)
		defer timer.Stop()
		select {
		case <-timer.C:
			giveBack(errStopping)
		case <-turns.Done():
		}
	})
	defer stopGrace()

	var probes sync.WaitGroup
	probes.Go(func() { w.Peers.Chatwoot.Run(ctx) })
	probes.Go(func() { w.Peers.Model.Run(ctx) })
	defer probes.Wait()
	var claimers sync.WaitGroup
	claims := mostClaimers
	if w.Concurrency > 0 {
		claims = min(w.Concurrency, claims)
	}
	for range claims {
		claimers.Go(func() { w.claims(ctx, turns) })
	}
	claimers.Wait()
	w.running.Wait()
	w.behind.Wait()
	return nil
}

// mostClaimers bounds how many claims wait at once: each takes less than a millisecond, and a turn runs beside them.
const mostClaimers = 16

// claims claims turn after turn while there are slots, and has them run. While Chatwoot is away none is taken: all of them end in Chatwoot.
func (w *Worker) claims(ctx, turns context.Context) {
	for failures := 0; ; {
		free, err := w.slots.Take(ctx)
		if err != nil {
			return
		}
		leave, err := w.Peers.Chatwoot.Enter(ctx)
		if err != nil {
			free()
			return
		}
		t, err := w.Engine.Claim(ctx)
		if err == nil {
			failures = 0
			w.running.Go(func() {
				defer free()
				leave(w.work(turns, t, free))
			})
			continue
		}
		leave(false)
		free()
		if ctx.Err() != nil || errors.Is(err, queue.ErrClosed) {
			return
		}
		failures++
		w.Log.Error("claim failed", "error", err, "failures", failures)
		if wait.For(ctx, retry.Backoff(time.Second, failures, 30*time.Second)) != nil {
			return
		}
	}
}
