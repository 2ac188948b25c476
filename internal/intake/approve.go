package intake

import (
	"context"
	"fmt"
	"time"

	"tania/internal/approval"
	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// Decision is somebody's word on a call that waits for it, and what became of that.
type Decision struct {
	// Step names it within its conversation.
	Step     string
	Ruling   tania.Ruling
	Came     approval.Came
	Approval tania.Approval
}

// decidedTurn is the turn under which a conversation's memory has the words that were taken.
const decidedTurn tania.TurnID = "approval"

// approves reports whether the bot of a conversation may have asked its team for a word.
func (i *Intake) approves(event *chatwoot.Event) bool {
	return i.Approves != nil && i.Approves(&event.Conversation)
}

// decide takes the team's word on a call that waits for it, from a note or a label. What is delivered again counts once.
func (i *Intake) decide(ctx context.Context, event *chatwoot.Event, now time.Time) (decided bool, err error) {
	if !i.approves(event) {
		return false, nil
	}
	step, word, meant, ruling, err := i.word(ctx, event, now)
	if err != nil || step == "" {
		return false, err
	}
	key := event.Conversation.Key
	before, err := i.Engine.Conversation(ctx, key)
	if err != nil {
		return true, err
	}
	first := !before.IsDone(decidedTurn, step)
	d := Decision{Step: step, Ruling: ruling, Came: approval.Wordy}
	if !word.More {
		if d.Came, d.Approval, err = approval.Decide(ctx, i.Engine, key, meant, ruling); err != nil {
			return true, err
		}
	}
	if !first {
		return true, nil
	}
	if _, err = i.Engine.UpdateConversation(ctx, key, func(c *tania.Conversation) bool {
		first = !c.IsDone(decidedTurn, step)
		c.MarkDone(decidedTurn, step)
		return first
	}); err != nil {
		return true, err
	}
	if first && i.Decided != nil {
		i.Decided(event, d)
	}
	return true, nil
}

// word reads what an event says on a request; step is empty where it says nothing.
func (i *Intake) word(ctx context.Context, event *chatwoot.Event, now time.Time) (
	step string, w approval.Word, meant approval.Meant, ruling tania.Ruling, err error,
) {
	g := i.GovernorOf(event)
	if m := event.Message; g.AgentsNote(event) {
		said, ok := approval.Read(m.Content)
		if !ok {
			return "", w, meant, ruling, nil
		}
		meant = approval.Meant{Number: said.Number, ReplyTo: m.InReplyTo, After: m.ID}
		ruling = tania.Ruling{Verdict: said.Verdict, Reason: said.Reason, By: m.Sender.Name, Way: tania.RuledByNote, At: now}
		return fmt.Sprintf("note %d", m.ID), said, meant, ruling, nil
	}
	if event.Message != nil || i.ApprovalLabels.Put(nil, event.Conversation.Labels) == "" || !g.Serves(event) {
		return "", w, meant, ruling, nil
	}
	memory, err := i.Engine.Conversation(ctx, event.Conversation.Key)
	if err != nil || memory.Approval == nil || memory.SeenAt.IsZero() || event.Conversation.Updated.Before(memory.SeenAt) {
		return "", w, meant, ruling, err
	}
	verdict := i.ApprovalLabels.Put(memory.Labels, event.Conversation.Labels)
	if verdict == "" {
		return "", w, meant, ruling, nil
	}
	ruling = tania.Ruling{Verdict: verdict, Way: tania.RuledByLabel, At: now}
	return fmt.Sprintf("label %s %d", verdict, memory.Approval.Number), w, meant, ruling, nil
}

// newer has a turn that waits for the team's word hear of what the customer wrote.
func (i *Intake) newer(ctx context.Context, event *chatwoot.Event) error {
	if !i.approves(event) {
		return nil
	}
	return approval.Newer(ctx, i.Engine, event.Conversation.Key)
}

// withdraws gives why an event withdraws what waits for the team's word, "" where it does not.
func withdraws(event *chatwoot.Event, tookOver bool) string {
	switch {
	case tookOver:
		return tania.WithdrawnForHuman
	case event.Conversation.Status == tania.StatusResolved && event.Kind != chatwoot.KindMessageCreated:
		return tania.WithdrawnAtEnd
	}
	return ""
}
