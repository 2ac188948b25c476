// Package sent finds out what of a turn's reply is in Chatwoot, where an attempt does not know what the one before it sent.
package sent

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/queue"
	"tania/internal/tania"
)

// Chatwoot is what is asked of it.
type Chatwoot interface {
	Conversation(ctx context.Context, key tania.ConversationKey) (chatwoot.Conversation, error)
	Messages(ctx context.Context, key tania.ConversationKey, q chatwoot.MessageQuery) ([]chatwoot.Message, error)
}

// Part is what is known of a part of a turn: whether it is in Chatwoot, and as which message (0: not known which).
type Part struct {
	Sent bool
	ID   tania.MessageID
}

// first is the part of the first text.
const first = "1"

// Turn is a turn whose parts are looked for.
type Turn struct {
	*queue.Turn
	Chatwoot Chatwoot
	// Lookout knows whether the token of Bot may look at conversations. Lists reports that it may list messages, as a user's may.
	Lookout *Lookout
	Bot     string
	Lists   bool
}

// Find finds out whether a part of the turn's plan is in Chatwoot: from the echo webhook, else by a look, where the token allows one. A
// part of which neither tells counts as not sent: the window that docs/delivery.md names. waiting is since when the customer waited, by
// Chatwoot, before anything of the plan was sent; zero when it is not known.
func (t Turn) Find(ctx context.Context, memory *tania.Conversation, part string, waiting time.Time) (Part, error) {
	for _, s := range memory.Sent {
		if s.Turn == t.ID && s.Part == part {
			return Part{true, s.Message}, nil
		}
	}
	if t.Lists {
		return t.listed(ctx, part)
	}
	live, _, err := t.Look(ctx)
	if live.Last == nil {
		return Part{}, err
	}
	if f := t.covers(live.Last, part); f.Sent {
		return f, nil
	}
	return Part{Sent: part == first && t.waitEnded(&live, waiting, memory)}, nil
}

// waitEnded reports that the wait which the plan was made for is over, though a bot's look shows a later message alone: nothing else of the
// bot's ended it, as a later turn or this one's apology may, so the first part did. If a human did, the plan is no answer any more.
func (t Turn) waitEnded(live *chatwoot.Conversation, waiting time.Time, memory *tania.Conversation) bool {
	said := tania.OfCustomer(t.Messages)
	return live.Last.ID > said[len(said)-1].ID && !waiting.IsZero() && !live.WaitingSince.Equal(waiting) &&
		!slices.ContainsFunc(memory.Sent, func(s tania.SentMark) bool { return s.Turn >= t.ID })
}

func (t Turn) listed(ctx context.Context, part string) (Part, error) {
	ctx, done := context.WithTimeout(ctx, lookTimeout)
	defer done()
	messages, err := t.Chatwoot.Messages(ctx, t.Key, chatwoot.MessageQuery{After: t.Messages[0].ID})
	for i := range messages {
		if f := t.covers(&messages[i], part); f.Sent {
			return f, nil
		}
	}
	return Part{}, err
}

// covers reports whether a message proves that a part was sent: it is that part, or a later one of the same reply.
func (t Turn) covers(m *chatwoot.Message, part string) Part {
	if m.Marker == nil || m.Marker.Turn != t.ID {
		return Part{}
	}
	if m.Marker.Part == part {
		return Part{true, m.ID}
	}
	seen, _ := strconv.Atoi(m.Marker.Part) // 0, which is before every part, where it is none of the reply
	asked, err := strconv.Atoi(part)
	return Part{Sent: err == nil && seen > asked}
}

// MustLook reports whether a look failed in a way that leaves nothing to send by either. A look that took too long, or that a version of
// Chatwoot cannot give (500), does not.
func MustLook(err error) bool {
	return chatwoot.Away(err) && !chatwoot.IsStatus(err, 500) && !errors.Is(err, context.DeadlineExceeded)
}
