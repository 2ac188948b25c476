// Package intake is the one way in for what Chatwoot tells: by webhook, by a delivery that was spooled while the store was away, or from
// the queue of another program. Each event passes the governor's gate; what it means is in the store when a call returns without an error.
package intake

import (
	"context"
	"log/slog"
	"time"

	"tania/internal/approval"
	"tania/internal/chatwoot"
	"tania/internal/governor"
	"tania/internal/queue"
	"tania/internal/queue/failover"
	"tania/internal/rating"
	"tania/internal/tania"
)

// Options are the intake's parts.
type Options struct {
	Engine queue.Engine
	// Governor is the main bot's, and knows the account of webhooks that name none.
	Governor *governor.Governor
	// Assigned gives the governor of the bot that a conversation is assigned to, Governor for the main one's; nil: that one's is asked of all.
	Assigned func(*chatwoot.Conversation) *governor.Governor
	// Spool keeps deliveries while Engine is away; nil for an engine that cannot be.
	Spool *failover.Failover
	// Clock knows Chatwoot's time; nil: it is this machine's.
	Clock *chatwoot.Clock
	// Attributes gives what the bot of a conversation may know of its customer; nil: nothing.
	Attributes func(*chatwoot.Conversation) []tania.Attribute
	// Recalls names the bot of a conversation, and reports whether it remembers what episodes leave; nil: none does.
	Recalls func(*chatwoot.Conversation) (bot string, recalls bool)
	// Tracer follows messages; nil: nothing does.
	Tracer tania.Tracer
	// Doubt is told of a cached answer that a human stepped in after, within DoubtWithin of it, and of the conversation; nil: nobody is.
	Doubt       func(entry string, from tania.ConversationKey)
	DoubtWithin time.Duration
	// RatingLabels are the labels by which agents rate answers, beside their notes.
	RatingLabels rating.Labels
	// Rated is told of a rating that was stored, once; nil: nobody is.
	Rated func(event *chatwoot.Event, r StoredRating)
	// Undelivered is told of each message of the bot's that its channel did not deliver, once; nil: nobody is.
	Undelivered func(m *tania.Message)
	// Approves reports whether the bot of a conversation has tools that its team approves; nil: none has. ApprovalLabels are the labels by
	// which the team decides, beside its notes, and Decided is told of a word that was heard, once; nil: nobody is.
	Approves       func(*chatwoot.Conversation) bool
	ApprovalLabels approval.Labels
	Decided        func(event *chatwoot.Event, d Decision)
	// EraseCache clears the semantic cache down to its store's bytes, when a contact is erased; nil where it is off.
	EraseCache func(ctx context.Context) error
	// Now is this machine's time; nil: time.Now.
	Now func() time.Time
	// Log hears of the contacts that other processes had erased; nil: nobody does.
	Log *slog.Logger
}

// Intake takes events in. It may be used by many goroutines.
type Intake struct{ Options }

// New gives an intake.
func New(o Options) *Intake {
	if o.Tracer == nil {
		o.Tracer = tania.Untraced{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Intake{o}
}

// Decode reads a webhook of the account that is served. Its times are Chatwoot's own.
func (i *Intake) Decode(body []byte) (*chatwoot.Event, error) {
	return chatwoot.DecodeFor(i.Governor.Account, body)
}

// Gate judges an event by itself, without taking it in.
func (i *Intake) Gate(event *chatwoot.Event, received time.Time) governor.Verdict {
	return i.GovernorOf(event).Gate(event, received)
}

// GovernorOf gives the governor of the bot that an event's conversation is assigned to.
func (i *Intake) GovernorOf(event *chatwoot.Event) *governor.Governor {
	if i.Assigned == nil {
		return i.Governor
	}
	return i.Assigned(&event.Conversation)
}

// Accept makes a webhook durable: what it means, or, while the store is away, the delivery itself. body is the event's.
func (i *Intake) Accept(ctx context.Context, event *chatwoot.Event, body []byte) (taken Receipt, err error) {
	now := i.Now().UTC()
	if i.Spool == nil || event.Conversation.Key.Conversation == 0 {
		return i.take(ctx, event, now)
	}
	d := failover.Delivery{Key: event.Conversation.Key, Body: body, Received: now, Trace: i.Tracer.Traceparent(ctx)}
	spooled, err := i.Spool.Take(ctx, d, func(ctx context.Context, _ failover.Delivery) (err error) {
		taken, err = i.take(ctx, event, now)
		return err
	})
	if spooled {
		taken = Receipt{Status: tania.TakenSpooled}
	}
	return taken, err
}

// Import takes an event that came by another way than a webhook, as of when it came: from the queue of another program, for example. The
// reason is the gate's, Proceed for a message that waits now and Duplicate for one that is known.
func (i *Intake) Import(ctx context.Context, event *chatwoot.Event, received time.Time) (tania.Reason, error) {
	taken, err := i.take(ctx, event, received)
	return taken.Reason, err
}

// Replay takes a delivery that was spooled, as of when it came. It is a failover.Work.
func (i *Intake) Replay(ctx context.Context, d failover.Delivery) error {
	event, err := i.Decode(d.Body)
	if err != nil {
		return err
	}
	i.Clock.Settle(event)
	ctx, traced := i.Tracer.Continue(ctx, "webhook moved", d.Trace)
	_, err = i.take(ctx, event, d.Received)
	traced(err)
	return err
}

// Run replays what is spooled, in order, until ctx ends. It returns at once where nothing can be.
func (i *Intake) Run(ctx context.Context) error {
	if i.Spool == nil {
		return nil
	}
	return i.Spool.Run(ctx, i.Replay)
}

// Spools reports whether webhooks are taken while the store is away. A nil Intake takes none.
func (i *Intake) Spools() bool { return i != nil && i.Spool != nil }

// SpoolReady reports nil when a webhook can be spooled now.
func (i *Intake) SpoolReady(ctx context.Context) error { return i.Spool.Ready(ctx) }

// Spooled counts the webhooks that wait here for the store.
func (i *Intake) Spooled() int64 {
	if !i.Spools() {
		return 0
	}
	return i.Spool.Spooled()
}
