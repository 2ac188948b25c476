package intake

import (
	"context"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/chatwoot/delivery"
	"tania/internal/tania"
)

// mostError bounds what is kept of a network's words, in characters.
const mostError = 300

// undelivered stores that a channel did not deliver a message of the bot's. What follows from that is decided in a turn of its
// conversation, like what follows from a customer's message: behind what goes on there, once, and whatever crashes. The memory comes before
// the push: a webhook that comes again after a crash between the two finds nothing to change there, and is pushed.
func (i *Intake) undelivered(ctx context.Context, event *chatwoot.Event, now time.Time) (Receipt, error) {
	m := event.Message
	failed := tania.Undelivered{
		Cause: delivery.Cause(event.Conversation.Channel, m.ExternalError), Error: shortened(m.ExternalError), Text: m.Content, Sent: m.Created,
	}
	if m.Marker != nil {
		failed.Again = m.Marker.Again
	}
	if _, err := i.Engine.UpdateConversation(ctx, event.Conversation.Key, func(c *tania.Conversation) bool {
		if said := c.TextOf(m.ID); said != "" {
			failed.Text = said // with the options that were below it
		}
		return i.GovernorOf(event).Observe(event, c, now)
	}); err != nil {
		return Receipt{}, err
	}
	pushed := event.Undelivered(failed, now)
	receipt, err := i.push(ctx, event, pushed)
	if err != nil || receipt.Status != tania.TakenQueued {
		return receipt, err
	}
	// It is in the store: a count that is missing is better than a webhook that fails.
	if err := i.Engine.Count(ctx, map[string]int64{tania.UndeliveredCounter(pushed.Channel, failed.Cause): 1}); err != nil {
		i.Log.Warn("an undelivered message was not counted", "error", err)
	}
	i.Log.Warn("a message was not delivered", "conversation", pushed.Key.String(), "message", pushed.ID, "channel", string(pushed.Channel),
		"cause", string(failed.Cause))
	if i.Undelivered != nil {
		i.Undelivered(&pushed)
	}
	return receipt, nil
}

func shortened(s string) string {
	if r := []rune(s); len(r) > mostError {
		return string(r[:mostError]) + "…"
	}
	return s
}
