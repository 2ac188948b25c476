package assembly

import (
	"context"
	"log/slog"
	"slices"

	"tania/internal/approval"
	"tania/internal/audit"
	"tania/internal/bots"
	"tania/internal/chatwoot"
	"tania/internal/config"
	"tania/internal/intake"
	"tania/internal/rating"
	"tania/internal/tania"
	"tania/internal/tool"
)

// approvals are what takes the team's word on calls of tools, where it is said in Chatwoot.
type approvals struct {
	registry  *bots.Registry
	client    *chatwoot.Client
	confirmer *rating.Confirmer
	audit     *audit.Log
	log       *slog.Logger
}

// take has the team's word taken, noted, and answered where it did not count.
func (a approvals) take(in *intake.Options, c *config.Config) {
	in.Approves = a.approves
	in.ApprovalLabels = approval.Labels{tania.ApprovalGiven: c.Approvals.Approve, tania.ApprovalRejected: c.Approvals.Reject}
	in.Decided = a.decided
}

// approves reports whether the bot of a conversation has a tool that its team approves.
func (a approvals) approves(c *chatwoot.Conversation) bool {
	there := a.registry.For(bots.PlaceOfEvent(c))
	return slices.ContainsFunc(there.Bot.Tools, func(t tool.Tool) bool { return t.Risk == tool.Approve })
}

func (a approvals) decided(event *chatwoot.Event, d intake.Decision) {
	if d.Came == approval.Taken {
		entry := audit.Entry{As: audit.Agent, By: d.Ruling.By, Action: audit.Ruled(d.Ruling.Verdict), Outcome: audit.Done}
		entry.On = d.Approval.Tool // no number of a conversation, which is a customer's
		a.audit.Note(context.Background(), a.log, entry)
		return
	}
	there := a.registry.For(bots.PlaceOfEvent(&event.Conversation))
	note := rating.Note{
		Key: event.Conversation.Key, Step: "approval " + d.Step, Text: approval.Answer(there.Bot.Language, d.Came, d.Approval), By: a.client,
	}
	if there.Chatwoot != nil {
		note.By = there.Chatwoot
	}
	a.confirmer.Confirm(note)
}
