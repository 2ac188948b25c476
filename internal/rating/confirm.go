package rating

import (
	"context"
	"log/slog"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// Sender posts notes.
type Sender interface {
	SendMessage(ctx context.Context, key tania.ConversationKey, m chatwoot.OutgoingMessage) (chatwoot.Message, error)
}

// Note is a confirmation that is to be posted.
type Note struct {
	Key tania.ConversationKey
	// Step names the rating, the same however often it was delivered.
	Step string
	Text string
	By   Sender
}

// Confirmer posts confirmations, one after another. A confirmation is worth less than a customer's answer: one that cannot be posted is
// named in the log and not tried again.
type Confirmer struct {
	Log   *slog.Logger
	notes chan Note
}

// Bounds of confirmations: how many wait, and how long each may take.
const (
	mostWaiting  = 256
	postPatience = 30 * time.Second
	// closingTime is how long those that wait may take when the process stops.
	closingTime = 5 * time.Second
)

// NewConfirmer gives a confirmer; it posts while Run does.
func NewConfirmer(log *slog.Logger) *Confirmer { return &Confirmer{log, make(chan Note, mostWaiting)} }

// Confirm has a confirmation posted, and does not wait for it.
func (c *Confirmer) Confirm(n Note) {
	select {
	case c.notes <- n:
	default:
		c.Log.Warn("a rating was not confirmed: too many wait", "conversation", n.Key.String())
	}
}

// Run posts until ctx ends, and then what waits still.
func (c *Confirmer) Run(ctx context.Context) {
	for {
		select {
		case n := <-c.notes:
			c.post(ctx, n)
		case <-ctx.Done():
			c.drain(context.WithoutCancel(ctx))
			return
		}
	}
}

func (c *Confirmer) drain(ctx context.Context) {
	ctx, done := context.WithTimeout(ctx, closingTime)
	defer done()
	for {
		select {
		case n := <-c.notes:
			c.post(ctx, n)
		default:
			return
		}
	}
}

func (c *Confirmer) post(ctx context.Context, n Note) {
	ctx, done := context.WithTimeout(ctx, postPatience)
	defer done()
	_, err := n.By.SendMessage(ctx, n.Key, chatwoot.OutgoingMessage{
		Content: n.Text, Private: true, Marker: &chatwoot.Marker{Turn: tania.TurnID("rating " + n.Step), Part: "confirmed"},
	})
	if err != nil {
		c.Log.Warn("a rating was not confirmed", "conversation", n.Key.String(), "error", err)
	}
}
