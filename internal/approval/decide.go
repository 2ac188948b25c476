package approval

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"tania/internal/queue"
	"tania/internal/tania"
)

// Store is what deciding needs of a queue's engine.
type Store interface {
	Unpark(ctx context.Context, id tania.TurnID, by string, decision []byte) error
	Conversation(ctx context.Context, key tania.ConversationKey) (tania.Conversation, error)
	UpdateConversation(ctx context.Context, key tania.ConversationKey, change func(*tania.Conversation) bool) (tania.Conversation, error)
}

// Came is what became of a decision, from a closed set.
type Came string

// The ends of a decision.
const (
	// Taken: it counts. Late: another counts, which was there before. Nothing: no request waits.
	Taken   Came = "taken"
	Late    Came = "late"
	Nothing Came = "nothing"
	// Unnamed: the request took another's place, so its number has to be named. Other: another number was named than the one that waits.
	Unnamed Came = "unnamed"
	Other   Came = "other"
	// Wordy: an approval that says more than that.
	Wordy Came = "wordy"
)

// Meant says which request of a conversation is decided on.
type Meant struct {
	// Number is the request's, 0: the one that waits, where it needs no number.
	Number int
	// Turn is the turn's, "" for any.
	Turn tania.TurnID
	// ReplyTo is the message that a note replies to.
	ReplyTo tania.MessageID
	// After is the note's own number: what was asked for after it is not what it means. 0: not a note.
	After tania.MessageID
}

// Decide decides on the request of a conversation, once: of two decisions the first counts. The turn is woken, also by a repetition: a
// process may have died between the two.
func Decide(ctx context.Context, s Store, key tania.ConversationKey, m Meant, r tania.Ruling) (Came, tania.Approval, error) {
	came := Nothing
	c, err := s.UpdateConversation(ctx, key, func(c *tania.Conversation) bool {
		if came = m.finds(c.Approval, noteOf(c)); came != Taken {
			return false
		}
		return c.Rule(r)
	})
	if err != nil {
		return "", tania.Approval{}, fmt.Errorf("approval: decide: %w", err)
	}
	if c.Approval == nil {
		return Nothing, tania.Approval{}, nil
	}
	return came, *c.Approval, Wake(ctx, s, &c)
}

// Part is the part of its turn as which a request is noted; see chatwoot.Marker.
func Part(entry int) string { return fmt.Sprint("approval-", entry) }

// noteOf is the private note that asks for the team's word, 0 where it is not known: as its worker noted it, or as its webhook told.
func noteOf(c *tania.Conversation) tania.MessageID {
	if c.Approval == nil || c.Approval.Note != 0 {
		return cmp.Or(c.Approval, &tania.Approval{}).Note
	}
	for _, s := range c.Sent {
		if s.Turn == c.Approval.Turn && s.Part == Part(c.Approval.Entry) {
			return s.Message
		}
	}
	return 0
}

// finds reports what a decision on a request comes to that was asked for by a note.
func (m Meant) finds(a *tania.Approval, note tania.MessageID) Came {
	named := m.Number > 0 || m.ReplyTo != 0 && m.ReplyTo == note
	switch {
	case a == nil, m.Turn != "" && m.Turn != a.Turn, a.Closed:
		return Nothing
	case m.Number > 0 && m.Number != a.Number:
		return Other
	case a.Ruling != nil:
		return Late
	case a.Named && !named, m.After != 0 && (note == 0 || m.After < note):
		return Unnamed
	}
	return Taken
}

// Newer tells the turn that waits that the customer has written, or corrected themselves. It reads no more than the conversation where
// nothing waits.
func Newer(ctx context.Context, s Store, key tania.ConversationKey) error {
	c, err := s.Conversation(ctx, key)
	if err != nil || !waits(c.Approval) {
		return err
	}
	c, err = s.UpdateConversation(ctx, key, func(c *tania.Conversation) bool {
		if !waits(c.Approval) || c.Approval.Newer {
			return false
		}
		a := *c.Approval
		a.Newer = true
		c.Approval = &a
		return true
	})
	if err != nil {
		return fmt.Errorf("approval: %w", err)
	}
	return Wake(ctx, s, &c)
}

func waits(a *tania.Approval) bool { return a != nil && !a.Closed }

// Wake has the turn go on whose request was decided on, or whose customer has written. One that is not parked finds out by itself.
func Wake(ctx context.Context, s Store, c *tania.Conversation) error {
	a := c.Approval
	if !waits(a) || a.Ruling == nil && !a.Newer {
		return nil
	}
	by, said := "customer", any(map[string]bool{"newer": true})
	if a.Ruling != nil {
		by, said = a.Ruling.By, a.Ruling
	}
	decision, err := json.Marshal(said)
	if err != nil {
		return fmt.Errorf("approval: %w", err)
	}
	if err := s.Unpark(ctx, a.Turn, by, decision); err != nil && !errors.Is(err, queue.ErrNotFound) {
		return fmt.Errorf("approval: wake: %w", err)
	}
	return nil
}
