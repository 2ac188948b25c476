package intake

import (
	"context"
	"fmt"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/rating"
	"tania/internal/tania"
)

// said is a rating that an event tells of. Step names it, the same in every delivery.
type said struct {
	rating.Place
	rating tania.Rating
	step   string
}

// StoredRating is what an agent said, and what became of it.
type StoredRating struct {
	// Step names it within its conversation.
	Step    string
	Verdict tania.Verdict
	// Marked are the records that it rates, none where there was nothing to rate.
	Marked []tania.Record
	// Conversation is what was known of the conversation then.
	Conversation *tania.Conversation
}

// ratedTurn is the turn under which a conversation's memory has the ratings that were taken.
const ratedTurn tania.TurnID = "rating"

// rate marks what an agent says of an answer of the bot, by a note or by a label, and has it confirmed. What is
// delivered again counts once.
func (i *Intake) rate(ctx context.Context, event *chatwoot.Event, now time.Time) (rated bool, err error) {
	all, err := i.said(ctx, event, now)
	for _, s := range all {
		if err == nil {
			err = i.mark(ctx, event, s)
		}
	}
	return len(all) > 0, err
}

// said gives the ratings that an event tells of.
func (i *Intake) said(ctx context.Context, event *chatwoot.Event, now time.Time) (all []said, err error) {
	g := i.GovernorOf(event)
	if m := event.Message; g.AgentsNote(event) {
		verdict, reason, ok := rating.Read(m.Content)
		if !ok {
			return nil, nil
		}
		return []said{{
			rating: tania.Rating{Verdict: verdict, Reason: reason, By: tania.UserID(m.Sender.ID), Name: m.Sender.Name, At: now},
			Place:  rating.Place{Before: m.ID, To: m.InReplyTo}, step: fmt.Sprintf("note %d", m.ID),
		}}, nil
	}
	if len(i.RatingLabels.Put(nil, event.Conversation.Labels)) == 0 || !g.Serves(event) {
		return nil, nil
	}
	memory, err := i.Engine.Conversation(ctx, event.Conversation.Key)
	if err != nil || memory.SeenAt.IsZero() || event.Conversation.Updated.Before(memory.SeenAt) {
		return nil, err
	}
	for _, v := range i.RatingLabels.Put(memory.Labels, event.Conversation.Labels) {
		all = append(all, said{rating: tania.Rating{Verdict: v, At: now}, step: "label " + string(v)})
	}
	return all, nil
}

// mark stores a rating in the records that it means.
func (i *Intake) mark(ctx context.Context, event *chatwoot.Event, s said) error {
	key, verdict := event.Conversation.Key, s.rating.Verdict
	memory, err := i.Engine.Conversation(ctx, key)
	if err != nil {
		return err
	}
	records, err := i.Engine.Records(ctx, key)
	if err != nil {
		return err
	}
	marked := rating.Rated(records, memory.History, verdict, s.Place)
	if s.Before == 0 && len(marked) > 0 {
		s.step += fmt.Sprintf(" %d", marked[0].Message) // the same label may rate a later answer too
	}
	if memory.IsDone(ratedTurn, s.step) {
		return nil
	}
	for n := range marked {
		marked[n].Review.Rate(&s.rating)
	}
	if len(marked) > 0 {
		if err := i.Engine.SaveRecords(ctx, marked...); err != nil {
			return err
		}
	}
	first := false
	_, err = i.Engine.UpdateConversation(ctx, key, func(c *tania.Conversation) bool {
		first = !c.IsDone(ratedTurn, s.step)
		c.MarkDone(ratedTurn, s.step)
		return first
	})
	if err == nil && first && i.Rated != nil {
		i.Rated(event, StoredRating{Step: s.step, Verdict: verdict, Marked: marked, Conversation: &memory})
	}
	return err
}
