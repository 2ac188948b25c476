package governor

import (
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// Facts are what Judge and Fence go by.
type Facts struct {
	// Messages are the turn's, ascending by id.
	Messages []tania.Message
	// Memory is what Tania remembers of the conversation.
	Memory tania.Conversation
	// Contact is what Tania remembers of the contact, where HearsConsent of the channel.
	Contact tania.ContactMemory
	// Live is a look at Chatwoot made for this question, nil: not looked. LiveErr is why a look failed.
	Live    *chatwoot.Conversation
	LiveErr error
	Now     time.Time
	// Deferred counts how often the turn has waited already.
	Deferred int
	// Paused says who paused the bot here and why; empty: nobody did.
	Paused string
	// Retried reports whether the turn was dead and an operator wants it answered.
	Retried bool
}

// view is Facts with the newest that is known of the conversation picked out.
type view struct {
	Facts
	// status is empty when not known. statusAt is when it was so, in Chatwoot's time.
	status   tania.Status
	statusAt time.Time
	// canReply is true when not known.
	canReply bool
	// assignee is who has the conversation.
	assignee assignee
}

type assignee struct {
	kind tania.Actor
	id   int64
}

// newView picks the freshest of three sources: a look at Chatwoot, the webhook that Memory was taken from, and the
// webhook of the turn's newest message.
func newView(f Facts) *view {
	v := &view{Facts: f, canReply: true}
	if m, ok := v.newest(); ok {
		v.canReply, v.statusAt = m.CanReply, m.Created
		v.assignee = assignee{m.AssigneeKind, m.AssigneeID}
		v.status = reopened(m.Status)
	}
	if seen := f.Memory.SeenAt; f.Memory.Status != "" && !seen.IsZero() && !seen.Before(v.statusAt) {
		v.status, v.canReply, v.statusAt = f.Memory.Status, f.Memory.CanReply, seen
		v.assignee = assignee{f.Memory.AssigneeKind, f.Memory.AssigneeID}
	}
	if live := f.Live; live != nil && live.Status != "" {
		at := live.Updated
		if at.IsZero() {
			at = f.Now
		}
		if !at.Before(v.statusAt) || v.status == "" {
			v.status, v.canReply, v.statusAt = live.Status, live.CanReply, at
			v.assignee = assignee{live.AssigneeKind, live.AssigneeID}
		}
	}
	return v
}

// reopened gives what a customer's message says of the status. A message into a resolved or snoozed conversation
// changes the status; a webhook that still shows the old one was built before and says nothing.
func reopened(s tania.Status) tania.Status {
	if s == tania.StatusResolved || s == tania.StatusSnoozed {
		return ""
	}
	return s
}

func (v *view) newest() (tania.Message, bool) {
	if len(v.Messages) == 0 {
		return tania.Message{}, false
	}
	return v.Messages[len(v.Messages)-1], true
}
